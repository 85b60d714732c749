"""Provisioning templates as they are deployed, and their versions."""
