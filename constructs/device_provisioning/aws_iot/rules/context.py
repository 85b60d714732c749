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
        body: What is given as the body, which has to be a string.
        path: The place of the settings.
    """

    template_name: Any = None
    description: Any = None
    enabled: Any = None
    body: Any = ""
    path: str = ""


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
    """

    principal: Any = "iot.amazonaws.com"
    action: Any = "lambda:InvokeFunction"
    source_arn: Any = None
    source_account: Any = None
    created_first: bool = True
    path: str = "/PreProvisioningHook"


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
    """

    target_arn: Any = None
    payload_version: Any = None
    conditional: bool = False
    timeout_seconds: Any = None
    permissions: Sequence[InvokePermission] | None = None
    path: str = "/PreProvisioningHook"
    function_path: str | None = None


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
class Claim:
    """The AWS IoT policy of a claim certificate.

    Args:
        document: The policy document.
        uses_csr: Whether devices send a CSR; not known by default.
        path: The place of the document.
    """

    document: Mapping[str, Any]
    uses_csr: bool | None = None
    path: str = "/ClaimPolicy"


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
        claims: The policies of its claim certificates.
        neighbours: Groups and types that are defined next to it.
        belongs_to_ca: Whether the body is a CA's registration configuration rather than a template resource.
        body_path: The place of the body, put in front of the paths of findings in it.
        unseen: What could not be looked at: the place and what was therefore not checked.
    """

    definition: Definition | None = None
    hook: Hook | None = None
    role: Role | None = None
    claims: Sequence[Claim] = ()
    neighbours: Sequence[Neighbour] = ()
    belongs_to_ca: bool = False
    body_path: str = ""
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
    """

    template_names: Sequence[tuple[str, Any]] = ()
    substitutions: Sequence[tuple[str, str]] = ()
