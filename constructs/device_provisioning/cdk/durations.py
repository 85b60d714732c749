"""Durations, each of which is asked for once: to make one is a question to another process."""

from functools import cache

from aws_cdk import Duration


@cache
def seconds(number: int) -> Duration:
    """So many seconds."""
    return Duration.seconds(number)
