"""The tables of docs/emulator.md, made of where the emulator and this library differ."""

from collections import defaultdict

from device_provisioning.aws_iot.rules import RULES

from .emulator_differences import (
    CREATED_THOUGH_WRONG,
    NOT_ANSWERED,
    REFUSED_THOUGH_RIGHT,
    REGISTERED_DIFFERENTLY,
)
from .markdown_tables import rows


def _title(code: str) -> str:
    return f"{code}: {RULES[code].title}".replace("_", "\\_")


def created_table() -> str:
    """The rules that the emulator does not have when a template is created, or has more strictly."""
    differing = {**CREATED_THOUGH_WRONG, **REFUSED_THOUGH_RIGHT}
    return rows(["rule", "why the emulator differs"], [[_title(c), why] for c, why in differing.items()])


def registered_table() -> str:
    """Why a device gets something else from the emulator, or no answer, and by which rules' bodies."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for name, why in {**REGISTERED_DIFFERENTLY, **NOT_ANSWERED}.items():
        codes[why].add(name.partition("/")[2].partition("-")[0])
    found = [[why, ", ".join(sorted(of))] for why, of in sorted(codes.items())]
    return rows(["what the emulator does", "with a body that breaks, or just holds, the rule"], found)


TABLES = {"created": created_table, "registered": registered_table}
