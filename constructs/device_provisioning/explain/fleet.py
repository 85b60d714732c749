"""A chosen body with what is around it: places, and statements by their places."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..aws_iot import TemplateType
from ..aws_iot.json_pointer import keys_of
from ..aws_iot.rules.body import Located
from ..aws_iot.rules.context import Context, Role
from ..aws_iot.rules.statements import as_list
from ..cloudformation.stack_values import StackValues
from ..fleet.functions import ROTATION_HOOK
from ..simulation.body_choice import ChosenBody
from .picture import Grant

ALONE = "A body alone does not show this: give the CloudFormation template or the cdk.out folder around it"


@dataclass(frozen=True)
class Statement:
    """A statement of a policy document.

    Args:
        document: The statement.
        grant: The same as what an arrow rests on.
    """

    document: Mapping[str, Any]
    grant: Grant

    @property
    def denies(self) -> bool:
        """Whether it takes away rather than gives."""
        return self.document.get("Effect") == "Deny"


class Fleet:
    """One template, its body and all that surrounds it.

    Args:
        chosen: The body.
    """

    def __init__(self, chosen: ChosenBody) -> None:
        self.chosen = chosen
        self.body = chosen.document
        self.template_type: TemplateType = chosen.template_type
        self.context = chosen.found.context if chosen.found else Context()
        self.values = chosen.contents.values if chosen.contents else StackValues({})

    @property
    def stands_alone(self) -> bool:
        """Whether nothing around the body is given."""
        return self.chosen.found is None

    @cached_property
    def name(self) -> str:
        """The name of the template, as far as it is known."""
        if self.context.definition:
            return str(self.context.definition.template_name)
        return self.chosen.resource or "template"

    @cached_property
    def construct_paths(self) -> dict[str, str]:
        """The path of the construct behind each logical id, where the CDK wrote it down; Pulumi has URNs."""
        resources = dict((self.values.root / "Resources").items())
        found = {name: (place / "Metadata" / "aws:cdk:path").value for name, place in resources.items()}
        urns = {name: name for name in resources if name.startswith("urn:pulumi:")}
        return urns | {name: path for name, path in found.items() if isinstance(path, str)}

    @property
    def is_rotation(self) -> bool:
        """Whether its hook is the one with which devices replace their own certificates."""
        function = self.context.hook.function_path if self.context.hook else None
        return bool(function) and self.at(f"{function}/Properties/Handler") == ROTATION_HOOK.handler

    @property
    def place(self) -> str:
        """The place of the template's settings; empty if the body stands alone."""
        return self.context.body_path.removesuffix("/TemplateBody")

    def in_body(self, *keys: str) -> Located:
        """A part of the body, and its place."""
        place = Located(self.context.body_path, self.body)
        for key in keys:
            place = place / key
        return place

    def in_stack(self, path: str) -> Located:
        """A part of the CloudFormation template, by its place."""
        place = self.values.root
        for key in keys_of(path):
            is_index = isinstance(place.value, list | tuple) and key.isdecimal()
            place = place / (int(key) if is_index else key)
        return place

    def at(self, path: str) -> Any:
        """What is at a place of the CloudFormation template, with every expression resolved."""
        return self.values.resolve(self.in_stack(path).value)

    def unseen(self, reason: str) -> Grant:
        """Why an arrow is not known."""
        return Grant(ALONE if self.stands_alone else reason, self.place, None)

    def setting(self, title: str, path: str) -> Grant:
        """A part of the CloudFormation template that an arrow rests on."""
        return Grant(title, path, self.at(path))


def owner(path: str) -> str:
    """The name of the resource that a place is in; of the one in the body for a place in a body."""
    name = path.rpartition("/Resources/")[2].split("/")[0]
    return name.replace("~1", "/").replace("~0", "~")


def statements_of(document: Any, path: str) -> Iterator[Statement]:
    """The statements of a policy document, whatever they say.

    Args:
        document: The document.
        path: Its place.
    """
    given = document.get("Statement") if isinstance(document, Mapping) else None
    for number, entry in enumerate(as_list(given)):
        if isinstance(entry, Mapping):
            place = f"{path}/Statement/{number}" if isinstance(given, list) else f"{path}/Statement"
            name = f"Statement {entry['Sid']}" if entry.get("Sid") else f"Statement {number + 1}"
            yield Statement(entry, Grant(f"{name} of {owner(path)}", place, entry))


def statements_of_role(role: Role) -> Iterator[Statement]:
    """The statements of all policies of a role that are found here."""
    for document, path in zip(role.policies or (), role.policy_paths, strict=True):
        yield from statements_of(document, path)


def grants_of(statements: Iterable[Statement]) -> list[Grant]:
    """What arrows rest on."""
    return [statement.grant for statement in statements]
