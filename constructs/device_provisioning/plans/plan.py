"""What a file amounts to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..aws_iot.template_type import TemplateType
from ..cloudformation.variants import moved

KNOWN_LATER: dict[str, Any] = {"Fn::KnownLater": []}
"""The value of what only the deployment knows."""


@dataclass(frozen=True)
class LooseBody:
    """A body that no resource holds.

    Args:
        body: Its text, or the document that it is.
        pointer: Its place in the file.
        template_type: What it is for, as far as the file says so.
        wants_text: Whether text is wanted in its place.
        belongs_to_ca: Whether it is the registration configuration of a CA.
    """

    body: Any
    pointer: str = ""
    template_type: TemplateType | None = None
    wants_text: bool = False
    belongs_to_ca: bool = False


@dataclass(frozen=True)
class Plan:
    """What a file amounts to.

    Args:
        document: A CloudFormation template; ``None`` if the file holds no resources.
        places: Where parts of the document are in the file, as JSON pointers; all is where it is by default.
        addresses: What a tool calls places of the file; their pointers by default.
        bodies: Bodies that no resource holds.
        repeated_keys: Places in the file of keys that stand twice in one object.
        names_are_checked: Whether CloudFormation itself fills in names.
        is_yaml_body: Whether the file is a body that is written in YAML.
        made_by: What wrote the file, which nobody edits; empty for what people write.
    """

    document: Mapping[str, Any] | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    bodies: Sequence[LooseBody] = ()
    repeated_keys: Sequence[str] = ()
    names_are_checked: bool = False
    is_yaml_body: bool = False
    made_by: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to check."""
        return self.document is None and not self.bodies

    def pointer(self, path: str) -> str:
        """The place in the file of a place in the document."""
        return moved(path, self.places)

    def address(self, pointer: str) -> str:
        """What the tool calls a place of the file."""
        return moved(pointer, self.addresses)
