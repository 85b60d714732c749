"""Texts of files, parsed once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..aws_iot.template_text import repeated_keys
from ..cloudformation.cloudformation_text import (
    parse_yaml,
    repeated_yaml_keys,
    require_flat,
    require_reasonable,
)
from ..console.sources import is_plan, require_size


@dataclass(frozen=True)
class Parsed:
    """A text, parsed.

    Args:
        text: The text.
        value: What it says; ``None`` where it is JSON that is not well-formed.
        is_json: Whether it is JSON, or meant to be.
        repeated_keys: The places of keys that stand twice in one object.
    """

    text: str
    value: Any
    is_json: bool
    repeated_keys: Sequence[str] = ()

    @property
    def is_broken_json(self) -> bool:
        """Whether it is meant to be JSON and is not well-formed."""
        return self.is_json and self.value is None


def parse(text: str) -> Parsed:
    """Read JSON or YAML.

    Args:
        text: The text of a file.

    Raises:
        UnreadableError: If it is neither, or larger or deeper than any template.
    """
    of_plan = is_plan(text)
    require_size(len(text), of_plan=of_plan)
    try:
        value = json.loads(text)
    except RecursionError:
        return Parsed(text, None, is_json=True)
    except ValueError:
        if text.lstrip().startswith(("{", "[", '"')):
            return Parsed(text, None, is_json=True)
        value = parse_yaml(text)
        require_reasonable(value)
        return Parsed(text, value, is_json=False, repeated_keys=repeated_yaml_keys(text))
    require_flat(value)
    return Parsed(text, value, is_json=True, repeated_keys=() if of_plan else repeated_keys(text))
