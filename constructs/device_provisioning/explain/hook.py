"""The middle of the picture: the hook, and each way it can decide."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..aws_iot import Hook, TemplateType
from ..aws_iot.rules.statements import allows
from ..cloudformation.library_hooks import hook_environment
from ..cloudformation.stack_roles import role_of
from .decisions import Way, ways_of
from .fleet import Fleet, Statement, grants_of, owner, statements_of_role
from .leads import Lead
from .picture import Grant, Stage, State
from .sketch import Sketch


def draw_hook(sketch: Sketch, fleet: Fleet, leads: Sequence[Lead]) -> list[Lead]:
    """Draw who is asked about a device, and what the answers can be."""
    hook = fleet.context.hook
    if not hook:
        return _draw_nobody(sketch, fleet, leads)
    asked = _draw_function(sketch, fleet, hook)
    for lead in leads:
        _draw_question(sketch, fleet, hook, lead, asked)
    return _draw_decisions(sketch, fleet, hook, asked)


def _draw_function(sketch: Sketch, fleet: Fleet, hook: Hook) -> str:
    paths = [hook.path, *(entry.path for entry in hook.permissions or ())]
    kind, path = "Pre-provisioning hook", hook.function_path
    if not path:
        return sketch.node(Stage.HOOK, kind, str(hook.target_arn), paths=paths, unseen=True)
    known = [(name, fleet.at(f"{path}/Properties/{name}")) for name in ("Handler", "Timeout")]
    details = [f"{name} {value}" for name, value in known if value is not None]
    details += _decided_by_settings(fleet, path)
    return sketch.node(Stage.HOOK, kind, owner(path), details=details, paths=[*paths, path])


def _decided_by_settings(fleet: Fleet, path: str) -> Iterator[str]:
    """What the hook of this library decides by its settings, in words."""
    variables = hook_environment(fleet.chosen.stack or {}, path) or {}
    pattern, listed = variables.get("SERIAL_NUMBER_PATTERN"), variables.get("LISTED_PARAMETERS", "[]")
    if pattern:
        yield f"serial numbers match {pattern}"
    if names := _listed(listed):
        yield f"only the list gives {', '.join(names)}"


def _listed(given: Any) -> list[str]:
    try:
        names = json.loads(given) if isinstance(given, str) else given
    except (ValueError, RecursionError):
        return []  # what the engine fills in, or what the hook refuses to start with
    return [str(name) for name in names] if isinstance(names, list) else []


def _draw_question(sketch: Sketch, fleet: Fleet, hook: Hook, lead: Lead, asked: str) -> None:
    permissions = [
        fleet.setting(f"{owner(entry.path)} lets AWS IoT invoke it", entry.path)
        for entry in hook.permissions or ()
    ]
    reasons, state = permissions, lead.state
    if hook.permissions is None:
        reasons = [fleet.setting("Who may invoke the function is not defined here", hook.path)]
        state = State.UNSEEN
    elif not permissions:
        reasons = [fleet.setting("Nothing lets AWS IoT invoke the function", hook.path)]
        state = State.MISSING
    sketch.arrow(lead.node, asked, "asks", [*lead.grants, *reasons], state)


def _draw_decisions(sketch: Sketch, fleet: Fleet, hook: Hook, asked: str) -> list[Lead]:
    path = f"{hook.function_path}/Properties" if hook.function_path else hook.path
    title = f"The function {owner(path)}" if hook.function_path else "The function is defined elsewhere"
    code = fleet.setting(title, path)
    given = fleet.at(f"{path}/Environment/Variables")
    variables = given if isinstance(given, Mapping) else {}
    role = role_of(fleet.values, fleet.in_stack(f"{path}/Role").value)
    statements = list(statements_of_role(role)) if role else []
    leads = []
    ways = ways_of(fleet.at(f"{path}/Handler"), variables)
    technical = [way.reason for way in ways if way.technical]
    for way in ways:
        if way.technical:
            decision = sketch.node(Stage.DECISION, "Denied", _counted(technical), folded=technical)
        else:
            decision = sketch.node(Stage.DECISION, "Allowed" if way.allowed else "Denied", way.reason)
        grants = [*_settings_of(way, f"{path}/Environment/Variables", variables), *_used(way, statements)]
        state = State.GRANTED if way.allowed else State.DENIED
        sketch.arrow(asked, decision, "allows" if way.allowed else "denies", grants or [code], state)
        leads += [Lead(decision, ())] if way.allowed else []
    return leads


def _counted(reasons: Sequence[str]) -> str:
    return f"{len(reasons)} technical reason{'' if len(reasons) == 1 else 's'}"


def _settings_of(way: Way, path: str, variables: Mapping[str, Any]) -> Iterator[Grant]:
    for name in way.settings:
        if name in variables:
            yield Grant(f"The setting {name} of the function", f"{path}/{name}", {name: variables[name]})


def _used(way: Way, statements: Sequence[Statement]) -> list[Grant]:
    return grants_of(
        entry for entry in statements if any(allows(entry.document, action) for action in way.actions)
    )


def _draw_nobody(sketch: Sketch, fleet: Fleet, leads: Sequence[Lead]) -> list[Lead]:
    if fleet.stands_alone or fleet.template_type is not TemplateType.FLEET_PROVISIONING:
        return list(leads)
    nobody = sketch.node(Stage.HOOK, "No hook", "nobody is asked")
    without = fleet.setting("The template has no PreProvisioningHook", fleet.place)
    for lead in leads:
        sketch.arrow(lead.node, nobody, "registers", [*lead.grants, without], lead.state)
    return [Lead(nobody, ())]
