"""Devices taken out of a fleet, and let in again."""
