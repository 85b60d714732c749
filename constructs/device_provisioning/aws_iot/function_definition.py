"""How the library's own Lambda functions run, the same with either engine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FunctionDefinition:
    """A function of ``lambdas``.

    Args:
        handler: Folder, module and function, such as ``certificate_rotation.hook.handler``.
        description: What it does.
        timeout_seconds: How long it may run.
        memory_mib: Its memory in MiB; 256 by default.
    """

    handler: str
    description: str
    timeout_seconds: int
    memory_mib: int = 256
