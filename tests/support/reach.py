"""What ``make quick`` runs: tests that need no engine, no emulator, no synthesis and no build."""

import ast
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SLOW_IMPORTS = (
    "aws_cdk",
    "device_provisioning.cdk",
    "device_provisioning.pulumi",
    "pulumi",
    "stacks",
    "workshop.cdk_cli",
    "workshop.demo",
    "workshop.emulator.Emulator",
    "workshop.pulumi_engine",
)
CHEAP_IMPORTS = frozenset({"aws_cdk", "aws_cdk.Token"})
"""Making a token takes no synthesis."""
SLOW_FIXTURES = frozenset({"built", "emulator", "enforced_fleet", "enforcing_emulator", "open_fleet", "site"})


def is_quick_file(path: Path) -> bool:
    """Whether a test file imports no engine and starts no emulator itself; read without importing it."""
    slow = {name for name in _reached(path) if _is_slow(name)}
    return slow <= CHEAP_IMPORTS


def is_quick_test(item: Any) -> bool:
    """Whether a test is neither marked as slow nor takes a slow fixture, by name or as a parameter."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    named = {*getattr(item, "fixturenames", ()), *(value for value in parameters if isinstance(value, str))}
    return item.get_closest_marker("slow") is None and SLOW_FIXTURES.isdisjoint(named)


def _is_slow(module: str) -> bool:
    return any(module == slow or module.startswith(f"{slow}.") for slow in SLOW_IMPORTS)


def _reached(path: Path) -> set[str]:
    """The modules that a file imports, and those that its helpers import."""
    reached, waiting = set[str](), [path]
    while waiting:
        for name in _imports(waiting.pop()) - reached:
            reached.add(name)
            helper = ROOT / f"{name.replace('.', '/')}.py"
            if name.startswith("tests.") and helper.is_file():
                waiting.append(helper)
    return reached


@cache
def _imports(path: Path) -> frozenset[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)
