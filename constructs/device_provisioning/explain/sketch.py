"""A picture while it is drawn: what is named twice is one node, what goes the same way twice one arrow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ..aws_iot import Finding
from .fleet import owner
from .names import ConstructNames, legible
from .picture import Arrow, Grant, Node, Picture, Stage, State

Entry = TypeVar("Entry")


@dataclass
class Sketch:
    """Nodes and arrows in the order in which they are drawn.

    Args:
        names: What the resources of the template are called.
    """

    names: ConstructNames = field(default_factory=lambda: ConstructNames({}))
    nodes: dict[tuple[Stage, str, str], Node] = field(default_factory=dict)
    arrows: dict[tuple[str, str, State], Arrow] = field(default_factory=dict)

    def node(
        self,
        stage: Stage,
        kind: str,
        title: str,
        *,
        details: Iterable[str] = (),
        paths: Sequence[str] = (),
        unseen: bool = False,
        folded: Sequence[str] = (),
    ) -> str:
        """Draw a node, unless it is there; its id."""
        key = (stage, kind, title)
        known = self.nodes.get(key)
        node_id = known.id if known else f"n{len(self.nodes)}"
        named = self.names.legible
        before = known or Node(node_id, stage, named(kind), named(title), unseen=unseen, folded=tuple(folded))
        self.nodes[key] = replace(
            before,
            details=_united(before.details, map(named, details)),
            paths=_united(before.paths, paths),
        )
        return node_id

    def arrow(
        self, source: str, target: str, verb: str, grants: Sequence[Grant], state: State = State.GRANTED
    ) -> None:
        """Draw an arrow, or add to the one that is there and of which the same is known."""
        key = (source, target, state)
        known = self.arrows.get(key)
        before = known or Arrow(f"a{len(self.arrows)}", source, target, (), state, ())
        self.arrows[key] = replace(
            before,
            verbs=_united(before.verbs, [verb]),
            grants=_united(before.grants, map(self._shown, grants)),
        )

    def picture(self, name: str, kind: str, file: str, place: str, findings: Iterable[Finding]) -> Picture:
        """The picture, with every finding at the node whose place it is in."""
        stages = list(Stage)
        nodes = sorted(self.nodes.values(), key=lambda node: stages.index(node.stage))
        marks: dict[str | None, list[Finding]] = {}
        for finding in dict.fromkeys(findings):
            marks.setdefault(node_at(nodes, finding.path), []).append(finding)
        marked = tuple(
            replace(node, findings=tuple(marks.get(node.id, ())), full_names=self._full_names(node))
            for node in nodes
        )
        order = {node.id: number for number, node in enumerate(marked)}
        arrows = sorted(self.arrows.values(), key=lambda arrow: (order[arrow.source], order[arrow.target]))
        shown = self.names.legible(name)
        return Picture(shown, kind, file, place, marked, tuple(arrows), tuple(marks.get(None, ())))

    def _shown(self, grant: Grant) -> Grant:
        return Grant(self.names.legible(grant.title), grant.path, _legible_document(grant.document))

    def _full_names(self, node: Node) -> tuple[str, ...]:
        names = (self.names.full(owner(path)) for path in node.paths)
        return tuple(dict.fromkeys(name for name in names if name))


def node_at(nodes: Iterable[Node], path: str) -> str | None:
    """The id of the node that a place is about; ``None`` for a place that is about none of them."""
    fitting = [
        (len(place), node.id) for node in nodes for place in node.paths if f"{path}/".startswith(f"{place}/")
    ]
    return max(fitting, key=lambda entry: entry[0])[1] if fitting else None


def _legible_document(value: Any) -> Any:
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, Mapping):
        return {legible(str(key)): _legible_document(inner) for key, inner in value.items()}
    return [_legible_document(inner) for inner in value] if isinstance(value, list | tuple) else value


def _united(before: Sequence[Entry], more: Iterable[Entry]) -> tuple[Entry, ...]:
    united = list(before)
    for entry in more:
        if entry not in united:
            united.append(entry)
    return tuple(united)
