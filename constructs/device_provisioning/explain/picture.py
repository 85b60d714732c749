"""Who may do what in one fleet, from left to right, as data that the tree and the page draw."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..aws_iot import Finding


class Stage(StrEnum):
    """Where something stands on the way of a device."""

    DEVICE = "Device"
    IDENTITY = "What it connects with at first"
    FIRST_TOPICS = "What it may use at first"
    HOOK = "Who is asked"
    DECISION = "Each way that is decided"
    ROLE = "Who provisions"
    RESULT = "What it gets"
    TOPICS = "What it may use afterwards"


class State(StrEnum):
    """What is known of an arrow.

    ``granted``: a statement that is found allows it. ``denied``: it ends here. ``missing``: it is needed, and
    nothing that is found allows it. ``unlimited``: a statement allows everything. ``unseen``: what decides is
    not found here.
    """

    GRANTED = "granted"
    DENIED = "denied"
    MISSING = "missing"
    UNLIMITED = "unlimited"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Grant:
    """What an arrow rests on: a statement, or a setting.

    Args:
        title: What it is.
        path: Its place as a JSON pointer (RFC 6901); empty if it has none.
        document: All of it.
    """

    title: str
    path: str
    document: Any


@dataclass(frozen=True)
class Node:
    """Something that may do something, or that something may be done with.

    Args:
        id: Unique in the picture.
        stage: Where it stands.
        kind: What it is, such as ``Claim certificate``.
        title: Its name.
        details: More about it.
        paths: The places in the template that are about it.
        unseen: Whether it is not found here.
        findings: What the rules say about it.
        folded: What it stands for together, such as the technical reasons of a denial.
        full_names: The constructs that it is made by, each with its logical id.
    """

    id: str
    stage: Stage
    kind: str
    title: str
    details: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    unseen: bool = False
    findings: tuple[Finding, ...] = ()
    folded: tuple[str, ...] = ()
    full_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """What one node may do with another.

    Args:
        id: Unique in the picture.
        source: The node that may.
        target: The node that it may do it with.
        verbs: What it may do, such as ``publish``.
        state: What is known of it.
        grants: What it rests on, at least one.
    """

    id: str
    source: str
    target: str
    verbs: tuple[str, ...]
    state: State
    grants: tuple[Grant, ...]


@dataclass(frozen=True)
class Picture:
    """One fleet.

    Args:
        name: The name of the template.
        kind: What its devices do, such as ``Fleet provisioning by claim``.
        file: Where it was found.
        place: The place of the template in the file; empty for a body that stands alone.
        nodes: In order of their stages.
        arrows: In the same order.
        findings: What the rules say about the template as a whole.
    """

    name: str
    kind: str
    file: str
    place: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    findings: tuple[Finding, ...]

    def node(self, node_id: str) -> Node:
        """A node by its id."""
        return next(node for node in self.nodes if node.id == node_id)

    def into(self, node: Node) -> tuple[Arrow, ...]:
        """The arrows that end at a node."""
        return tuple(arrow for arrow in self.arrows if arrow.target == node.id)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """What the rules say about anything in it."""
        return (*self.findings, *(finding for node in self.nodes for finding in node.findings))
