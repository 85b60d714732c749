"""What the safe defaults would change, the most dangerous first, each with the line that does it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..aws_iot.claim_client_ids import CLAIM_CLIENT_ID_PATTERNS
from ..aws_iot.claim_policy import CertificateSource, PayloadFormat, claim_policy
from ..aws_iot.limits import HOOK_TIMEOUT_SECONDS
from ..aws_iot.provisioning_role import provisioning_role_policy, provisioning_role_trust
from ..aws_iot.rules.statements import allowed, allows, as_list
from ..aws_iot.topic_statements import THING_NAME
from .coverage import is_about, is_within, publishes_to
from .existing import ExistingFleet, ExistingPermission, ExistingPolicy
from .program import Program, literal, named_policies, numbered

SAFE_CLIENT_IDS = list(CLAIM_CLIENT_ID_PATTERNS)

_TOPICS = "give the topics that your devices use as topic_prefix, shadow, jobs or statements"


@dataclass(frozen=True)
class Hardening:
    """One thing that a safe default would change.

    Args:
        danger: What is dangerous today.
        first: What to see to before it is changed; empty if devices don't notice.
        line: The number of the line in the program as it was written; 0 for a command.
        old: The line as it is; empty for a command.
        new: The line in its place, or the command; empty if the line goes.
    """

    danger: str
    first: str
    line: int
    old: str
    new: str


@dataclass(frozen=True)
class _Default:
    """A safe default: the slot, what is dangerous, what to see to first, and what goes into the slot."""

    slot: str
    danger: str
    first: str
    expression: str


def hardenings(fleet: ExistingFleet, program: Program) -> list[Hardening]:
    """What the safe defaults would change in a program, the most dangerous first.

    Lines are meant to be replaced in this order: two can be about the same line.

    Args:
        fleet: What exists.
        program: The program that describes it.
    """
    now = {name: slot.old for name, slot in program.slots.items()}
    source = program.files[program.main].splitlines()
    found = []
    for default in _defaults(fleet, program):
        slot = program.slots[default.slot]
        new = slot.new(default.expression)
        line = source.index(slot.old) + 1
        found.append(Hardening(default.danger, default.first, line, now[default.slot], new))
        now[default.slot] = new
    return [*found, *_commands(fleet)]


def _defaults(fleet: ExistingFleet, program: Program) -> Iterator[_Default]:
    parts: Sequence[Callable[[ExistingFleet], Iterator[_Default]]] = (
        _wide_claims,
        _wide_devices,
        _no_hook,
        _trust,
        _permissions,
        _role,
        _claim_clients,
    )
    for part in parts:
        yield from (default for default in part(fleet) if default.slot in program.slots)
        if part is _role and _is_wide_role(fleet):
            yield from _surplus(program.slots)


def _wide_claims(fleet: ExistingFleet) -> Iterator[_Default]:
    for name, policy in _claims(fleet):
        clients = _clients(policy)
        if not is_within(policy.document, _safe_claim(fleet, policy, clients)):
            yield _Default(
                name,
                f"by the policy {policy.name}, whoever has a claim certificate may do more than enrol",
                _also(policy, "nothing but enrolment in this template may use this policy")
                or "nothing but enrolment may use this policy",
                _claim_expression(policy, clients),
            )


def _claim_clients(fleet: ExistingFleet) -> Iterator[_Default]:
    for name, policy in _claims(fleet):
        if _clients(policy) != SAFE_CLIENT_IDS:
            yield _Default(
                name,
                f"by the client ids of the policy {policy.name}, whoever has a claim certificate can take"
                " over the connection of a device",
                _also(policy, f"all their devices need client ids that begin with {SAFE_CLIENT_IDS[0][:-1]}")
                or f"let devices enrol with client ids that begin with {SAFE_CLIENT_IDS[0][:-1]}",
                _claim_expression(policy, SAFE_CLIENT_IDS),
            )


def _wide_devices(fleet: ExistingFleet) -> Iterator[_Default]:
    for name, policy in named_policies(fleet):
        if policy in fleet.device_policies and not is_about(policy.document, THING_NAME):
            yield _Default(
                name,
                f"by the policy {policy.name}, a device can act as another one",
                _also(policy, "their devices are limited at once as well: " + _TOPICS)
                or f"every certificate with this policy is limited at once: {_TOPICS}",
                "documents.device_policy(ENVIRONMENT)",
            )


def _no_hook(fleet: ExistingFleet) -> Iterator[_Default]:
    parameter = _serial_number_parameter(fleet)
    if parameter:
        yield _Default(
            "hook",
            "every device that has a claim can register, as whatever it says it is: there is no hook",
            f"put the devices on the list, by their {parameter} (`device-provisioning devices import`)",
            parameter,
        )


def _trust(fleet: ExistingFleet) -> Iterator[_Default]:
    role = fleet.role
    safe = provisioning_role_trust(fleet.name, fleet.environment)
    shared = provisioning_role_trust("*", fleet.environment)
    if role.trust not in (safe, shared if role.other_templates else safe):
        name = '"*"' if role.other_templates else "NAME"
        yield _Default(
            "trust",
            "AWS IoT may use the role for more than this template, or for another account",
            _sharing(fleet, "each of these templates keeps it") or "nothing else may use the role",
            f"documents.provisioning_role_trust({name}, ENVIRONMENT)",
        )


def _permissions(fleet: ExistingFleet) -> Iterator[_Default]:
    environment, hook = fleet.environment, fleet.hook
    for number, permission in enumerate(hook.permissions if hook else ()):
        is_narrow = permission.source_arn == environment.template_arn(fleet.name)
        if not (is_narrow and permission.source_account == environment.account):
            yield _Default(
                numbered("permission", number),
                f"the statement {permission.statement_id} lets more than this template invoke the hook",
                _first_of(permission),
                '{"source_account": ENVIRONMENT.account, "source_arn": ENVIRONMENT.template_arn(NAME)}',
            )


def _role(fleet: ExistingFleet) -> Iterator[_Default]:
    if _is_wide_role(fleet):
        yield _Default(
            "permissions",
            "the role may do more than the body needs",
            _sharing(fleet, "their bodies may need more: give each of them a role of its own")
            or "the body says all that it needs; a hook that decides names decides within them",
            "documents.provisioning_role_policy(json.loads(BODY), ENVIRONMENT)",
        )


def _is_wide_role(fleet: ExistingFleet) -> bool:
    role = fleet.role
    if not (role.managed_policy_arns or role.inline_policies):
        return False
    safe = provisioning_role_policy(fleet.body_document, fleet.environment)
    return bool(role.managed_policy_arns) or not all(
        is_within(document, safe) for document in role.inline_policies.values()
    )


def _surplus(slots: Mapping[str, object]) -> Iterator[_Default]:
    for name in slots:
        if name.startswith("surplus"):
            yield _Default(
                name,
                "the role has a further policy that the body does not need",
                "replace the policy before it",
                "",
            )


def _commands(fleet: ExistingFleet) -> Iterator[Hardening]:
    hook = fleet.hook
    if hook and hook.timeout_seconds > HOOK_TIMEOUT_SECONDS:
        yield Hardening(
            f"the hook may take {hook.timeout_seconds} seconds, and AWS IoT waits 5: what fails is hidden",
            "whoever deploys the function has to set the same",
            0,
            "",
            f"aws lambda update-function-configuration --function-name {hook.function_name}"
            f" --timeout {HOOK_TIMEOUT_SECONDS}",
        )


def _first_of(permission: ExistingPermission) -> str:
    wide = {"principal": permission.principal != "iot.amazonaws.com", "action": "*" in permission.action}
    named = " and ".join(f"its {name}" for name, is_wide in wide.items() if is_wide)
    narrow = f"; narrow {named} by hand, to iot.amazonaws.com and lambda:InvokeFunction" if named else ""
    return f"other templates with this hook need a permission of their own{narrow}"


def _also(policy: ExistingPolicy, what: str) -> str:
    others = policy.other_templates
    return f"the policy serves {', '.join(others)} too, and {what}" if others else ""


def _sharing(fleet: ExistingFleet, what: str) -> str:
    others = fleet.role.other_templates
    return f"the role is used by {', '.join(others)} too, and {what}" if others else ""


def _claims(fleet: ExistingFleet) -> list[tuple[str, ExistingPolicy]]:
    return [(name, policy) for name, policy in named_policies(fleet) if policy in fleet.claim_policies]


def _clients(policy: ExistingPolicy) -> list[str]:
    """The client ids that a policy allows, as patterns."""
    named = dict.fromkeys(
        str(resource).split(":", 5)[-1]
        for statement in allowed(policy.document)
        if allows(statement, "iot:Connect")
        for resource in as_list(statement.get("Resource"))
    )
    patterns = [name for name in named if name.startswith("client/") or "*" in name.partition("/")[0]]
    are_narrow = patterns and all("/" in name for name in patterns)
    return [name.removeprefix("client/") for name in patterns] if are_narrow else ["*"]


def _sources(policy: ExistingPolicy) -> list[CertificateSource]:
    return [
        source
        for source in CertificateSource
        if any(publishes_to(policy.document, f"$aws/certificates/{source}/{f}") for f in PayloadFormat)
    ] or [CertificateSource.CREATE]


def _formats(policy: ExistingPolicy) -> list[PayloadFormat]:
    return [
        payload
        for payload in PayloadFormat
        if any(publishes_to(policy.document, f"$aws/certificates/{s}/{payload}") for s in CertificateSource)
    ] or [PayloadFormat.JSON]


def _safe_claim(fleet: ExistingFleet, policy: ExistingPolicy, clients: list[str]) -> dict[str, object]:
    return claim_policy(
        fleet.name,
        fleet.environment,
        certificate_sources=_sources(policy),
        payload_formats=_formats(policy),
        client_id_patterns=clients,
    )


def _claim_expression(policy: ExistingPolicy, clients: list[str]) -> str:
    sources, formats = _sources(policy), _formats(policy)
    settings = [
        *([] if sources == [CertificateSource.CREATE] else [_chosen("certificate_sources", sources)]),
        *([] if formats == [PayloadFormat.JSON] else [_chosen("payload_formats", formats)]),
        *([] if clients == SAFE_CLIENT_IDS else [f"client_id_patterns=[{', '.join(map(literal, clients))}]"]),
    ]
    return f"documents.claim_policy({', '.join(['NAME', 'ENVIRONMENT', *settings])})"


def _chosen(setting: str, members: Sequence[CertificateSource] | Sequence[PayloadFormat]) -> str:
    names = [f"documents.{type(member).__name__}.{member.name}" for member in members]
    return f"{setting}=[{', '.join(names)}]"


def _serial_number_parameter(fleet: ExistingFleet) -> str | None:
    declared = [name for name in fleet.body_document.get("Parameters", {}) if not name.startswith("AWS::")]
    return "SerialNumber" if "SerialNumber" in declared else next(iter(declared), None)
