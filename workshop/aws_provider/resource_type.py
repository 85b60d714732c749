"""What every resource type of the stand-in has in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

Properties = dict[str, Any]
Client = Callable[[str], Any]


class Gone(Exception):  # noqa: N818  # a state, not an error
    """The resource does not exist any more."""


class ResourceType(ABC):
    """A resource type: its inputs, and the calls that create, read, change and delete it.

    Attributes:
        pulumi_type: Pulumi's name of the type.
        required: Inputs that have to be there.
        optional: Inputs that may be there.
        replacing: Inputs whose change needs a new resource.
        computed: Outputs that are known only once the resource exists.
        longest_name: How long a generated ``name`` may be; none if there is no name to generate.
        documents: Inputs that are JSON: how they are written makes no difference.
    """

    pulumi_type: ClassVar[str]
    required: ClassVar[frozenset[str]]
    optional: ClassVar[frozenset[str]] = frozenset()
    replacing: ClassVar[frozenset[str]]
    computed: ClassVar[tuple[str, ...]] = ("arn",)
    longest_name: ClassVar[int | None] = None
    documents: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it; gives its id and its computed outputs."""

    @abstractmethod
    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """The properties that AWS knows.

        Raises:
            Gone: If it does not exist.
            botocore.exceptions.ClientError: Likewise, with a code that says so.
        """

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Change it; before are the inputs that it had."""
        raise NotImplementedError(f"the stand-in can't change {self.pulumi_type} in place")

    def imported(self, client: Client, id_: str) -> tuple[str, Properties]:
        """What exists already, by the id with which it is imported: its id from then on, and its inputs.

        Raises:
            Gone: If it does not exist.
            botocore.exceptions.ClientError: Likewise, with a code that says so.
        """
        raise NotImplementedError(f"the stand-in can't import {self.pulumi_type}")

    @abstractmethod
    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""


def given(properties: Mapping[str, Any]) -> Properties:
    """The properties that say something."""
    return {name: value for name, value in properties.items() if value}


def tag_list(inputs: Properties) -> list[dict[str, str]]:
    """Tags as AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in inputs.get("tags", {}).items()]


def tags_of(entries: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Tags as Pulumi has them, without those of AWS."""
    return {entry["Key"]: entry["Value"] for entry in entries if not entry["Key"].startswith("aws:")}


def require_unchanged(inputs: Properties, before: Properties, *names: str) -> None:
    """Refuse a change that the stand-in does not make.

    Raises:
        NotImplementedError: With the first input that changes.
    """
    for name in names:
        if inputs.get(name) != before.get(name):
            raise NotImplementedError(f"the stand-in can't change {name}")


class Attachment(ResourceType):
    """A type that has no properties of its own: any change makes another one."""

    computed = ()

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """There is nothing that could change in place."""
