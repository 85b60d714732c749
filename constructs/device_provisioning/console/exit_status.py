"""The exit statuses of the command: one list for all verbs."""

FAILED = 1
"""What was asked for was carried out, and something in it failed."""

BAD_INPUT = 2
"""Nothing was done: something given is wrong or can't be read, or AWS can't be reached."""

INTERRUPTED = 130
"""Ctrl-C, or SIGTERM, as shells report the first."""
