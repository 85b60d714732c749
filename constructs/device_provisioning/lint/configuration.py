"""What a project says about linting: ``[tool.device-provisioning.lint]``, or a file of its own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from os.path import relpath
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..aws_iot import Finding, Severity
from ..aws_iot.rules.registry import require_silencing
from ..console.sources import UnreadableError
from .every_rule import EVERY_RULE

OWN_FILE, PYPROJECT = "device-provisioning.toml", "pyproject.toml"
_TABLE = ("tool", "device-provisioning", "lint")


class Judgement(BaseModel):
    """What is said of rules.

    Args:
        silenced: Rules that are left out, each with the reason.
        severities: Rules that matter more or less than usual.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    silenced: Mapping[str, str] = {}
    severities: Mapping[str, Severity] = {}

    @model_validator(mode="after")
    def _known(self) -> "Judgement":
        require_silencing(self.silenced, EVERY_RULE)
        if unknown := sorted(self.severities.keys() - EVERY_RULE.keys()):
            raise ValueError(f"there is no rule {', '.join(unknown)}: give codes of docs/rules.md")
        return self


class Override(Judgement):
    """What is said of rules for some files.

    Args:
        paths: Patterns of files, from the folder of the configuration; ``*`` is any text, also with slashes.
        silenced: Rules that are left out, each with the reason.
        severities: Rules that matter more or less than usual.
    """

    paths: list[str] = Field(min_length=1)


class Configuration(Judgement):
    """What a project says about linting.

    Args:
        paths: What is checked when nothing is given, as patterns from the folder of the configuration.
        baseline: The file of findings that are known.
        silenced: Rules that are left out, each with the reason.
        severities: Rules that matter more or less than usual.
        overrides: What is said of some files alone; the last that says something counts.
    """

    paths: list[str] = []
    baseline: str | None = None
    overrides: list[Override] = []


@dataclass(frozen=True)
class Project:
    """A configuration and where it stands.

    Args:
        configuration: What it says; nothing by default.
        folder: The folder that its paths are from; the current one by default.
    """

    configuration: Configuration = field(default_factory=Configuration)
    folder: Path = field(default_factory=Path)

    def judged(self, finding: Finding, file: str) -> Finding | None:
        """A finding as the project sees it; ``None`` if it is silenced.

        Args:
            finding: The finding.
            file: The file that it is in.
        """
        severity = finding.severity
        for said in (self.configuration, *self._overrides(file)):
            if finding.code in said.silenced:
                return None
            severity = said.severities.get(finding.code, severity)
        return replace(finding, severity=severity)

    def files(self) -> list[str]:
        """What is checked when nothing is given.

        Raises:
            UnreadableError: If a pattern finds nothing, or can't be one.
        """
        return [file for pattern in self.configuration.paths for file in self._found(pattern)]

    @property
    def baseline(self) -> str | None:
        """The file of findings that are known."""
        name = self.configuration.baseline
        return None if name is None else str(self.folder / name)

    def _found(self, pattern: str) -> list[str]:
        try:
            found = sorted(str(path) for path in self.folder.glob(pattern))
        except (ValueError, NotImplementedError) as error:
            raise UnreadableError(f"the path {pattern!r} of the configuration: {error}") from None
        if not found:
            raise UnreadableError(f"the path {pattern!r} of the configuration finds nothing in {self.folder}")
        return found

    def _overrides(self, file: str) -> list[Override]:
        if not self.configuration.overrides:
            return []
        name = Path(relpath(file, self.folder)).as_posix()
        return [
            each
            for each in self.configuration.overrides
            if any(fnmatchcase(name, pattern) for pattern in each.paths)
        ]


def find_project(named: str | None = None, start: Path | None = None) -> Project:
    """The project of a folder: the nearest file at it or above it that says something about linting.

    Args:
        named: A file to read in its place.
        start: The folder; the current one by default.

    Raises:
        UnreadableError: If a file can't be read, or says what has no meaning.
    """
    if named is not None:
        return _project(Path(named)) or Project(folder=Path(named).parent)
    try:
        here = (start or Path()).absolute()
        for folder in (here, *here.parents):
            for name in (OWN_FILE, PYPROJECT):
                if (folder / name).is_file() and (project := _project(folder / name)):
                    return project
    except OSError as error:
        place = error.filename or "the current folder"
        reason = error.strerror or error
        raise UnreadableError(f"{place}: cannot be read: {reason}: give --config FILE") from None
    return Project()


def configuration_schema() -> dict[str, Any]:
    """The JSON Schema of a configuration."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Configuration.model_json_schema(),
    }


def _project(file: Path) -> Project | None:
    try:
        given: Any = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise UnreadableError(f"{file}: cannot be read: {error.strerror or error}") from None
    except (RecursionError, ValueError) as error:
        raise UnreadableError(f"{file}: is not TOML: {error}") from None
    for key in _TABLE if file.name == PYPROJECT else _TABLE[-1:]:
        given = given.get(key) if isinstance(given, dict) else None
    if given is None:
        return None
    try:
        return Project(Configuration.model_validate(given), file.parent)
    except ValidationError as error:
        problems = [f"{file}: {_place(problem)}: {problem['msg']}" for problem in error.errors()]
        raise UnreadableError("\n".join(problems)) from None


def _place(problem: Any) -> str:
    return ".".join(["lint", *(str(key) for key in problem["loc"])])
