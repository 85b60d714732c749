"""The provisioning role: who may assume it, and what it is allowed."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..aws_iot import Role
from ..aws_iot.rules.role_rules import MANAGED_POLICY, permits
from ..aws_iot.rules.statements import allows, is_readable
from .fleet import Fleet, grants_of, owner, statements_of, statements_of_role
from .leads import Lead
from .picture import Grant, Stage, State
from .sketch import Sketch

_KIND = "Provisioning role"


def draw_role(sketch: Sketch, fleet: Fleet, leads: Sequence[Lead]) -> str:
    """Draw the provisioning role; the id of its node."""
    role, path = fleet.context.role, _setting(fleet)
    if role:
        node = sketch.node(Stage.ROLE, _KIND, owner(role.path), paths=[role.path, path])
        grants, state = _trust(fleet, role)
    else:
        title = str(fleet.at(path) or "not found here") if path else "not found here"
        node = sketch.node(Stage.ROLE, _KIND, title, paths=[path] if path else [], unseen=True)
        grants, state = [fleet.unseen("The role is defined elsewhere")], State.UNSEEN
    for lead in leads:
        worse = lead.state if state is State.GRANTED else state
        sketch.arrow(lead.node, node, "assumes", [*lead.grants, *grants], worse)
    return node


def _setting(fleet: Fleet) -> str:
    if fleet.stands_alone:
        return ""
    return f"{fleet.place}/{'RoleArn' if fleet.context.belongs_to_ca else 'ProvisioningRoleArn'}"


def _trust(fleet: Fleet, role: Role) -> tuple[list[Grant], State]:
    path = f"{role.path}/AssumeRolePolicyDocument"
    statements = statements_of(role.trust, path)
    assuming = grants_of(entry for entry in statements if allows(entry.document, "sts:AssumeRole"))
    if assuming:
        return assuming, State.GRANTED
    return [fleet.setting("No statement lets anybody assume the role", path)], State.MISSING


def allowing(
    fleet: Fleet, actions: tuple[str, ...], resource: str, asked: Grant
) -> tuple[Sequence[Grant], State]:
    """What lets the role do something for a device, and what is known of that.

    Args:
        fleet: The fleet.
        actions: One of these has to be allowed.
        resource: On this.
        asked: The part of the body that asks for it.
    """
    role, what = fleet.context.role, f"{' or '.join(actions)} on {resource}"
    if not role:
        return [fleet.unseen(f"The role, which needs {what}, is defined elsewhere"), asked], State.UNSEEN
    statements = [entry for entry in statements_of_role(role) if permits(entry.document, actions, resource)]
    if any(not entry.denies for entry in statements):
        return [*grants_of(statements), asked], State.GRANTED
    if role.managed_policy_arns:
        known = any(MANAGED_POLICY in str(arn) for arn in role.managed_policy_arns)
        title = (
            f"{MANAGED_POLICY} allows" if known else "It is not known here whether a managed policy allows"
        )
        path, arns = f"{role.path}/ManagedPolicyArns", list(role.managed_policy_arns)
        return [Grant(f"{title} {what}", path, arns), asked], State.GRANTED if known else State.UNSEEN
    policies: list[Mapping[str, Any]] = list(role.policies or ())
    if not is_readable(policies):
        return [Grant(f"It is not said directly who allows {what}", role.path, policies), asked], State.UNSEEN
    return [Grant(f"No statement of the role allows {what}", role.path, policies), asked], State.MISSING
