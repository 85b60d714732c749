"""What AWS IoT would do for a device, worked out without it."""

from .hook_answer import read_hook_answer
from .outcome import ExistingThing, Failure, FailureReason, Outcome, RefusedError, Result, failed
from .template import CompiledTemplate, compile_template, evaluate

__all__ = [
    "CompiledTemplate",
    "ExistingThing",
    "Failure",
    "FailureReason",
    "Outcome",
    "RefusedError",
    "Result",
    "compile_template",
    "evaluate",
    "failed",
    "read_hook_answer",
]
