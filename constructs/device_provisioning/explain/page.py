"""The picture as one page for a browser that holds all it needs."""

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Any

from ..aws_iot import Finding
from .outcomes import DeviceOutcome, Outcomes
from .picture import Arrow, Grant, Node, Picture, Stage, State

_SCRIPTS = ("elements.js", "way.js", "layout.js", "picture.js", "panes.js")
_STATES = {
    State.GRANTED: "granted",
    State.DENIED: "refused",
    State.MISSING: "needed, and granted by nothing",
    State.UNLIMITED: "without limit",
    State.UNSEEN: "not found here",
}


def page(picture: Picture, outcomes: Outcomes | None = None) -> str:
    """The page, which loads nothing, sends nothing and runs nothing but its own scripts."""
    style, scripts = _asset("page.css"), [_asset(name) for name in _SCRIPTS]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src {' '.join(repr(_hash(script)) for script in scripts)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return Template(_asset("page.html")).substitute(
        policy=policy,
        title=html.escape(f"{picture.name}: who may do what"),
        style=style,
        name=html.escape(picture.name),
        place=html.escape(f"{picture.kind}, {picture.file} {picture.place}".rstrip()),
        data=_inside_script(_document(picture, outcomes)),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text("utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _inside_script(document: Any) -> str:
    # No text of a template may end the script element that holds it, or begin a comment in it.
    text = json.dumps(document)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _document(picture: Picture, outcomes: Outcomes | None) -> dict[str, Any]:
    return {
        "name": picture.name,
        "stages": list(Stage),
        "states": _STATES,
        "nodes": [_node(node) for node in picture.nodes],
        "arrows": [_arrow(arrow) for arrow in picture.arrows],
        "findings": [_finding(finding) for finding in picture.findings],
        "devices": _devices(outcomes) if outcomes else None,
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "stage": node.stage,
        "kind": node.kind,
        "title": node.title,
        "details": node.details,
        "unseen": node.unseen,
        "folded": node.folded,
        "fullNames": node.full_names,
        "findings": [_finding(finding) for finding in node.findings],
    }


def _arrow(arrow: Arrow) -> dict[str, Any]:
    return {
        "id": arrow.id,
        "source": arrow.source,
        "target": arrow.target,
        "verbs": arrow.verbs,
        "state": arrow.state,
        "grants": [_grant(grant) for grant in arrow.grants],
    }


def _grant(grant: Grant) -> dict[str, Any]:
    text = None if grant.document is None else json.dumps(grant.document, indent=2, ensure_ascii=False)
    return {"title": grant.title, "path": grant.path, "text": text}


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": finding.path,
        "message": finding.message,
        "hint": finding.hint,
    }


def _devices(outcomes: Outcomes) -> dict[str, Any]:
    tally = outcomes.tally
    return {
        "file": outcomes.file,
        "hook": f"{_sentence(outcomes.unasked)}: it may refuse, or decide parameters."
        if outcomes.unasked
        else "",
        "counts": tally.results.most_common(),
        "reasons": [
            (f"{reason} {path} {problem}", count)
            for (reason, path, problem), count in tally.failures.most_common(_MOST_REASONS)
        ],
        "more": tally.devices - len(outcomes.devices),
        "shown": [_device(device) for device in outcomes.devices],
    }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


_MOST_REASONS = 10


def _device(device: DeviceOutcome) -> dict[str, Any]:
    outcome = device.outcome
    failures = zip(outcome.failures, device.failed_at, strict=True)
    return {
        "line": device.line,
        "parameters": [(str(name), str(value)) for name, value in device.parameters.items()],
        "result": outcome.result,
        "gets": [] if outcome.failures else _gets(outcome.document),
        "failures": [{"text": f"{failure.reason} {failure}", "node": node} for failure, node in failures],
    }


def _gets(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, _in_words(value)) for name, value in document.items() if name != "result" and value]


def _in_words(value: Any) -> str:
    match value:
        case {"policyName": name}:
            return str(name)
        case Mapping():
            return ", ".join(f"{name}={inner}" for name, inner in value.items())
        case str():
            return value
        case _:
            return ", ".join(map(_in_words, value))
