"""The picture on a terminal: a tree, stage by stage."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from ..aws_iot import Finding, Severity
from ..console.text import printable
from .outcomes import DeviceOutcome, Outcomes
from .picture import Arrow, Node, Picture, Stage, State

_SEVERITIES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_STATES = {
    State.GRANTED: ("", ""),
    State.DENIED: ("", "red"),
    State.MISSING: ("missing: ", "bold red"),
    State.UNLIMITED: ("without limit: ", "bold red"),
    State.UNSEEN: ("not found here: ", "dim"),
}
_MOST_DEVICES = 20
_WIDTH_WITHOUT_TERMINAL = 160


def write_tree(picture: Picture, outcomes: Outcomes | None, title: str = "") -> None:
    """Write the picture, and what becomes of devices, to standard output, under a title if there is one."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH_WITHOUT_TERMINAL)
    if title:
        console.print(_line((title, "bold")))
    console.print(tree(picture, outcomes))


def tree(picture: Picture, outcomes: Outcomes | None = None) -> Tree:
    """The picture as a tree."""
    place = f"{picture.file} {picture.place}".rstrip()
    root = Tree(_line((picture.name, "bold"), (f"  {picture.kind}, {place}", "dim")))
    _add_findings(root, picture.findings)
    for stage in Stage:
        nodes = [node for node in picture.nodes if node.stage is stage]
        if nodes:
            branch = root.add(_line((stage, "bold")))
            for node in nodes:
                _add_node(branch, picture, node)
    if outcomes:
        _add_devices(root, outcomes)
    return root


def _line(*parts: tuple[str, str]) -> Text:
    return Text.assemble(*((printable(text), style) for text, style in parts))


def _add_findings(branch: Tree, findings: Iterable[Finding]) -> None:
    for finding in findings:
        code = (f"{finding.severity} {finding.code} ", _SEVERITIES[finding.severity])
        branch.add(_line(code, (f"{finding.message}: {finding.hint}", "")))


def _add_node(branch: Tree, picture: Picture, node: Node) -> None:
    details = f"  {', '.join(node.details)}" if node.details else ""
    title = (node.title, "dim" if node.unseen else "cyan")
    twig = branch.add(_line((f"{node.kind} ", "dim"), title, (details, "")))
    _add_findings(twig, node.findings)
    for reason in node.folded:
        twig.add(_line((reason, "dim")))
    for arrow in picture.into(node):
        twig.add(_arrow(picture, arrow))


def _arrow(picture: Picture, arrow: Arrow) -> Text:
    mark, style = _STATES[arrow.state]
    source = picture.node(arrow.source)
    stage = picture.node(arrow.target).stage
    several = len({entry.source for entry in picture.arrows if picture.node(entry.target).stage is stage}) > 1
    reasons = "; ".join(grant.title for grant in arrow.grants)
    text = f"{mark}{', '.join(arrow.verbs)}"
    return _line((text, style), (f" from {source.title}" if several else "", ""), (f": {reasons}", "dim"))


def _add_devices(root: Tree, outcomes: Outcomes) -> None:
    counts = ", ".join(f"{count:,} {result}" for result, count in outcomes.tally.results.most_common())
    hook = f", {outcomes.unasked}" if outcomes.unasked else ""
    branch = root.add(_line((f"Devices of {outcomes.file}", "bold"), (f"  {counts} (by the body{hook})", "")))
    for device in outcomes.devices[:_MOST_DEVICES]:
        _add_device(branch, device)
    more = outcomes.tally.devices - _MOST_DEVICES
    if more > 0:
        branch.add(_line((f"{more:,} more: device-provisioning simulate shows each", "dim")))


def _add_device(branch: Tree, device: DeviceOutcome) -> None:
    supplied = ", ".join(f"{name}={value}" for name, value in device.parameters.items())
    outcome = device.outcome
    colour = "red" if outcome.failures else "green"
    gets = f" {outcome.thing_name or ''}".rstrip()
    twig = branch.add(
        _line((f"line {device.line}: ", "dim"), (f"{supplied} ", ""), (outcome.result + gets, colour))
    )
    for failure in outcome.failures:
        twig.add(_line((f"{failure.reason} ", "red"), (str(failure), "")))
