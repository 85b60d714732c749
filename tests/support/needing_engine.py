"""Pulumi's own engine in tests: needed where it is asked for, or said to be missing."""

import os

import pytest
from pulumi.automation import OpType

from workshop.pulumi_engine import engine_problem

REQUIRED = bool(os.environ.get("PULUMI_ENGINE_REQUIRED"))
"""Whether a missing engine is a failure, as in CI."""

needs_engine = pytest.mark.skipif(
    bool(engine_problem()) and not REQUIRED, reason=f"no engine: {engine_problem()}"
)
"""Skip with the reason where there is no engine."""


def changes(summary):
    """How many resources an operation touched, without those that stay the same or are only looked at."""
    counts = {str(kind.value if isinstance(kind, OpType) else kind): n for kind, n in summary.items()}
    return {kind: number for kind, number in counts.items() if kind not in ("discard", "read", "same")}
