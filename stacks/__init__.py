"""Stacks that are ready to deploy."""
