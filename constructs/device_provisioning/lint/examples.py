"""What breaks a rule and what keeps it, as parts of sound files: ``examples.yaml`` beside the rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ..aws_iot import rules as rules_of_aws_iot
from ..iotda import rules as rules_of_iotda
from .body_type import BodyType

_TYPES = {"jitp": BodyType.JITP, "iotda": BodyType.IOTDA, "request": BodyType.IOTDA}
AROUND = {
    "fleet": "a body for fleets",
    "jitp": "a body for JITP",
    "stack": "a CloudFormation template",
    "ca": "a CloudFormation template with a CA",
    "plan": "a plan of Terraform, as `terraform show -json` prints it",
    "iotda": "a body for IoTDA",
    "request": "a request to IoTDA",
}
"""What the files are that the examples are parts of."""
_IN_YAML = ("stack", "ca")
_WIDTH = 100


@dataclass(frozen=True)
class Example:
    """What breaks a rule, or what keeps it.

    Args:
        language: ``json``, ``yaml`` or ``python``.
        shown: The part that matters.
        whole: The whole file, or the program.
        around: What the file is otherwise: ``fleet``, ``stack`` and so on; ``text`` or ``program``.
        code: The rule.
    """

    language: str
    shown: str
    whole: str
    around: str
    code: str

    @property
    def body_type(self) -> BodyType:
        """The type of a standalone body file."""
        is_iotda = self.code.startswith("DP2")
        return _TYPES.get(self.around, BodyType.IOTDA if is_iotda else BodyType.FLEET)


@cache
def examples_of(code: str) -> tuple[Example, Example]:
    """What breaks a rule, and what keeps it.

    Args:
        code: The rule's code.
    """
    given = _given()["rules"][code]
    return _example(code, given["in"], given["wrong"]), _example(code, given["in"], given["right"])


def sound_files() -> Mapping[str, str]:
    """The files that the examples are parts of, by name."""
    return {name: _text(name, document) for name, document in _given()["around"].items()}


def language_of(around: str) -> str:
    """The language of a file that examples are parts of.

    Args:
        around: Its name.
    """
    return "yaml" if around in _IN_YAML else "json"


def _example(code: str, around: str, part: Any) -> Example:
    if isinstance(part, str):
        language = "python" if around == "program" else "json" if part.startswith("{") else "yaml"
        return Example(language, part, part, around, code)
    whole = _merged(_given()["around"][around], part)
    return Example(
        language_of(around), _text(around, _shown(part, whole)), _text(around, whole), around, code
    )


@cache
def _given() -> Mapping[str, Mapping[str, Any]]:
    files = [
        yaml.safe_load(Path(str(package.__file__)).with_name("examples.yaml").read_text("utf-8"))
        for package in (rules_of_aws_iot, rules_of_iotda)
    ]
    return {key: {name: value for file in files for name, value in file[key].items()} for key in files[0]}


def _merged(value: Any, part: Any) -> Any:
    """A value with a part of it replaced, as in RFC 7396; numbers name elements of lists."""
    if not isinstance(part, Mapping):
        return part
    if isinstance(value, list):
        return [_merged(inner, part[n]) if n in part else inner for n, inner in enumerate(value)]
    kept = dict(value) if isinstance(value, Mapping) else {}
    kept |= {key: _merged(kept.get(key), inner) for key, inner in part.items()}
    return {key: inner for key, inner in kept.items() if part.get(key, key) is not None}


def _shown(part: Any, whole: Any) -> Any:
    if not isinstance(part, Mapping) or all(inner is None for inner in part.values()):
        return whole
    if isinstance(whole, list):
        return [_shown(inner, whole[number]) for number, inner in part.items()]
    return {key: _shown(inner, whole[key]) for key, inner in part.items() if key in whole}


def _text(around: str, value: Any) -> str:
    if language_of(around) == "yaml":
        return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=_WIDTH)
    return f"{_json(value, 0)}\n"


def _json(value: Any, indentation: int) -> str:
    """JSON in as few lines as its width allows."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indentation <= _WIDTH or not isinstance(value, dict | list):
        return line
    blanks = " " * (indentation + 2)
    inner = (
        [f"{json.dumps(key)}: {_json(each, indentation + 2)}" for key, each in value.items()]
        if isinstance(value, dict)
        else [_json(each, indentation + 2) for each in value]
    )
    first, last = "{}" if isinstance(value, dict) else "[]"
    lines = f",\n{blanks}".join(inner)
    return f"{first}\n{blanks}{lines}\n{' ' * indentation}{last}"


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, and nothing by reference."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Write everything out."""
        return True


def _represented(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_block = "\n" in text and text.endswith("\n")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if is_block else None)


_Dumper.add_representer(str, _represented)
