"""Checking files: what each is, and what the rules find in it."""
