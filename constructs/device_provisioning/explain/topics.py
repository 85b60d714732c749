"""What a policy of AWS IoT lets a certificate use: topics, client ids and whatever else it names."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..aws_iot.rules.statements import as_list
from ..aws_iot.touched_resources import name_patterns
from .fleet import Statement
from .names import resource_of
from .picture import Grant, Stage, State
from .sketch import Sketch

_VERBS = {
    "iot:connect": "connect",
    "iot:publish": "publish",
    "iot:receive": "receive",
    "iot:subscribe": "subscribe",
    "iot:retainpublish": "retain",
    "iot:assumerolewithcertificate": "assume",
    "iot:*": "do everything",
    "*": "do everything",
}
_KINDS = {
    "client": "Client id",
    "topic": "Topic",
    "topicfilter": "Topic",
    "rolealias": "Role alias",
    "": "Everything",
}


class Published(NamedTuple):
    """A topic that may be published to.

    Args:
        node: The id of its node.
        topic: The topic, which may hold wildcards.
        grant: The statement that allows it.
    """

    node: str
    topic: str
    grant: Grant


def draw_use(sketch: Sketch, stage: Stage, user: str, statements: Iterable[Statement]) -> list[Published]:
    """Draw what statements let a certificate use, and what they take away.

    Args:
        sketch: Where to draw.
        stage: Where what is used stands.
        user: The node of the certificate or of its policy.
        statements: Of that policy.

    Returns:
        Every topic that may be published to.
    """
    published = []
    for statement in statements:
        verbs = _verbs(statement.document)
        for kind, name in _used(statement.document):
            used = sketch.node(stage, kind, name)
            for verb in verbs:
                shown = f"not {verb}" if statement.denies else verb
                state = _state(statement, verb, name)
                sketch.arrow(user, used, shown, [statement.grant], state)
            is_topic = kind in ("Topic", "Everything")
            if is_topic and not statement.denies and {"publish", "do everything"} & set(verbs):
                published.append(Published(used, name, statement.grant))
    return published


def _state(statement: Statement, verb: str, name: str) -> State:
    if statement.denies:
        return State.DENIED
    is_all = name == "*" and (verb == "do everything" or "NotAction" in statement.document)
    return State.UNLIMITED if is_all else State.GRANTED


def _verbs(statement: Mapping[str, Any]) -> list[str]:
    if "NotAction" in statement:
        return [f"do all but {action}" for action in as_list(statement["NotAction"])]
    actions = [str(action) for action in as_list(statement.get("Action"))]
    return [_VERBS.get(action.lower(), action) for action in actions]


def _used(statement: Mapping[str, Any]) -> list[tuple[str, str]]:
    if "NotResource" in statement:
        named = [resource_of(arn) for arn in _arns(statement["NotResource"])]
        return [("Everything", f"all but {kind} {name}".replace("  ", " ")) for kind, name in named]
    used = (resource_of(arn) for arn in _arns(statement.get("Resource")))
    return [(_KINDS.get(kind, kind), name) for kind, name in used]


def _arns(given: Any) -> list[str]:
    # A document in a body may hold the body's own functions.
    return [pattern for arn in as_list(given) for pattern in name_patterns(arn, {})]
