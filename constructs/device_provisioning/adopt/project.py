"""The project that is written, and the list that is printed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from ..console.new_files import write_all_new
from ..console.output_files import PUBLIC
from ..console.text import printable
from .cdk_program import cdk_program
from .existing import ExistingFleet
from .hardening import Hardening, hardenings
from .program import Program
from .pulumi_program import pulumi_program

PROGRAMS: Mapping[str, Callable[[ExistingFleet], Program]] = {"cdk": cdk_program, "pulumi": pulumi_program}
README = "README.md"


def write_project(fleet: ExistingFleet, engine: str, out: Path) -> list[str]:
    """Write a program that describes what exists, and report what the safe defaults would change.

    Args:
        fleet: What exists.
        engine: ``cdk`` or ``pulumi``.
        out: The folder; nothing in it is written over.

    Returns:
        Lines for people to read.

    Raises:
        UnreadableError: If a file is there already or can't be written, or if the engine would change a text.
    """
    program = PROGRAMS[engine](fleet)
    changes = list(_list(hardenings(fleet, program), program.main))
    remarks = [printable(remark) for remark in fleet.remarks]
    files = {**program.files, README: _readme(fleet, program, remarks, changes)}
    write_all_new({out / name: text.encode() for name, text in files.items()}, PUBLIC)
    return [
        f"{out}: {fleet.name} as it is in the account; {README} says how to import it",
        *(f"- {remark}" for remark in remarks),
        "",
        *changes,
    ]


def _list(found: Sequence[Hardening], main: str) -> Iterator[str]:
    if not found:
        yield "The safe defaults would change nothing."
        return
    yield "What the safe defaults would change, the most dangerous first: change a line, deploy, look, go on."
    for number, hardening in enumerate(found, 1):
        yield ""
        yield f"{number}. {printable(hardening.danger)}"
        yield f"   First: {printable(hardening.first)}."
        yield f"   {main}, line {hardening.line}:" if hardening.old else "   On the command line:"
        yield ""
        if hardening.old:
            yield f"       - {hardening.old.strip()}"
        if hardening.new:
            yield f"       {'+ ' if hardening.old else ''}{hardening.new.strip()}"


def _readme(fleet: ExistingFleet, program: Program, remarks: Sequence[str], changes: Sequence[str]) -> str:
    lines = [
        f"# {fleet.name}, as it is in the account",
        "",
        f"`{program.main}` describes the provisioning template, its role and its policies as they are."
        " Importing changes nothing:",
        "",
        *program.next_steps,
        "",
        *(f"- {remark}" for remark in remarks),
        "",
        "## Hardening",
        "",
        *changes,
        "",
        "Once a finding of the rules is gone, take the line away that acknowledges or silences it.",
    ]
    return "".join(f"{line}\n" for line in lines)
