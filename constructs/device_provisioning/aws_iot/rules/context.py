"""What surrounds a template body, as far as it is known: rules that need what is missing stay silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..template_type import TemplateType


@dataclass(frozen=True)
class Definition:
    """The settings of the template resource; ``None`` where one is left out.

    Args:
        template_name: Its name.
        description: Its description.
        enabled: Whether devices may register.
        path: The place of the settings.
        account: The account that the template is in, as far as its settings show it.
        enabled_by_default: What is sent for ``enabled`` left out; not known by default.
        newest_version: The newest version that there is; not known by default.
        body_changes: Whether the deployment makes a version of it.
        has_settings: Whether these are all settings; one version of a template comes without them.
    """

    template_name: Any = None
    description: Any = None
    enabled: Any = None
    path: str = ""
    account: str | None = None
    enabled_by_default: bool | None = None
    newest_version: int | None = None
    body_changes: bool = False
    has_settings: bool = True


@dataclass(frozen=True)
class InvokePermission:
    """A statement that lets somebody invoke the hook.

    Args:
        principal: Who may; ``iot.amazonaws.com`` is meant.
        action: What; ``lambda:InvokeFunction`` is meant.
        source_arn: For which template.
        source_account: For which account.
        created_first: Whether it exists before the template is created.
        path: Its place.
        qualifier: The alias or version that it is for; the function itself by default.
    """

    principal: Any = "iot.amazonaws.com"
    action: Any = "lambda:InvokeFunction"
    source_arn: Any = None
    source_account: Any = None
    created_first: bool = True
    path: str = "/PreProvisioningHook"
    qualifier: str | None = None


@dataclass(frozen=True)
class Hook:
    """The pre-provisioning hook of the template.

    Args:
        target_arn: The function's ARN.
        payload_version: The version of its event; AWS IoT's own by default.
        conditional: Whether a condition decides if there is a hook.
        timeout_seconds: The function's timeout; not known by default.
        permissions: Who may invoke the function; not known by default.
        path: The place of the hook's settings.
        function_path: The place of its function; not known by default.
        serial_number_parameter: The parameter in which the hook of this library reads the serial number; not
            known by default.
        serial_number_pattern: What it lets through as one; not known by default.
        qualifier: The alias or version that is invoked; the function itself by default.
        listed_parameters: The parameters that the hook of this library takes from the list; not known by
            default.
        wants_proof: Whether it is the hook of this library and devices have to prove themselves.
    """

    target_arn: Any = None
    payload_version: Any = None
    conditional: bool = False
    timeout_seconds: Any = None
    permissions: Sequence[InvokePermission] | None = None
    path: str = "/PreProvisioningHook"
    function_path: str | None = None
    serial_number_parameter: Any = None
    serial_number_pattern: Any = None
    qualifier: str | None = None
    listed_parameters: Sequence[str] | None = None
    wants_proof: bool = False


@dataclass(frozen=True)
class Role:
    """The provisioning role.

    Args:
        trust: Its trust document; not known by default.
        policies: Its policy documents; not known by default.
        managed_policy_arns: The managed policies that it has.
        path: The place of the role.
        policy_paths: The places of its policy documents, in the same order; not known by default.
    """

    trust: Mapping[str, Any] | None = None
    policies: Sequence[Any] | None = None
    managed_policy_arns: Sequence[Any] = ()
    path: str = "/ProvisioningRoleArn"
    policy_paths: Sequence[str] = ()


@dataclass(frozen=True)
class NamedPolicy:
    """An AWS IoT policy that is defined next to the template.

    Args:
        name: Its name.
        document: The policy document.
        path: The place of the document.
    """

    name: Any
    document: Mapping[str, Any]
    path: str


@dataclass(frozen=True)
class Claim:
    """What a claim certificate may do: all of its AWS IoT policies together.

    Args:
        document: The statements of its policies in one document.
        uses_csr: Whether devices send a CSR; not known by default.
        path: The place of the document.
        policies: The policies one by one; not known by default.
    """

    document: Mapping[str, Any]
    uses_csr: bool | None = None
    path: str = "/ClaimPolicy"
    policies: Sequence[NamedPolicy] = ()


@dataclass(frozen=True)
class Neighbour:
    """A thing group, thing type or billing group that is defined next to the template.

    Args:
        kind: ``ThingGroup``, ``ThingType`` or ``BillingGroup``.
        name: Its name.
        parent: The thing group above; none by default.
        created_first: Whether it exists before the template is created.
        path: Its place.
    """

    kind: str
    name: Any
    parent: Any = None
    created_first: bool = True
    path: str = ""


@dataclass(frozen=True)
class Context:
    """All that surrounds one body.

    Args:
        definition: The template resource; none when the body stands alone or belongs to a CA.
        hook: Its hook; none by default.
        role: Its role; not known by default.
        claims: What its claim certificates may do.
        policies: The AWS IoT policies that are defined next to it; not known by default.
        neighbours: Groups and types that are defined next to it.
        belongs_to_ca: Whether the body is a CA's registration configuration rather than a template resource.
        body_path: The place of the body, put in front of the paths of findings in it.
        given_body: What is given as the body where text is wanted.
        unseen: What could not be checked: the place and what was therefore not checked.
    """

    definition: Definition | None = None
    hook: Hook | None = None
    role: Role | None = None
    claims: Sequence[Claim] = ()
    policies: Sequence[NamedPolicy] | None = None
    neighbours: Sequence[Neighbour] = ()
    belongs_to_ca: bool = False
    body_path: str = ""
    given_body: Any = ""
    unseen: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class CertificateAuthority:
    """A CA whose devices are provisioned just in time; ``None`` where a setting is left out.

    Args:
        certificate_mode: ``DEFAULT`` or ``SNI_ONLY``; AWS IoT's default is the former.
        has_verification_certificate: Whether a verification certificate is given.
        is_active: Whether the CA is active.
        registers_automatically: Whether unknown device certificates are registered.
        template_name: The named template.
        template_body: The body given in place of a name.
        role_arn: The role given with the body.
        has_registration_config: Whether a template or a body is meant to be used at all.
        template_types: The types of the named templates that are known.
        path: The place of the CA's settings.
    """

    certificate_mode: Any = None
    has_verification_certificate: bool = False
    is_active: Any = True
    registers_automatically: Any = True
    template_name: Any = None
    template_body: Any = None
    role_arn: Any = None
    has_registration_config: bool = True
    template_types: Mapping[str, TemplateType] = field(default_factory=dict)
    path: str = ""


@dataclass(frozen=True)
class Stack:
    """What is deployed together.

    Args:
        template_names: The place of every fleet template and its explicit name; ``None`` without one.
        substitutions: The place of every ``Fn::Sub`` and its text.
        unknown_names: The place of every name that CloudFormation can't fill in, the function that asks for
            it, and the name.
        repeated_keys: The place of every key that stands twice in one object.
    """

    template_names: Sequence[tuple[str, Any]] = ()
    substitutions: Sequence[tuple[str, str]] = ()
    unknown_names: Sequence[tuple[str, str, str]] = ()
    repeated_keys: Sequence[str] = ()
