"""Finding template bodies, and what surrounds them, in a CloudFormation template."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..aws_iot.rules.body import Located
from ..aws_iot.rules.context import (
    CertificateAuthority,
    Context,
    Definition,
    NamedPolicy,
    Neighbour,
    Stack,
)
from ..aws_iot.rules.policy_rules import document_of, policy_names
from ..aws_iot.template_type import TemplateType
from .claims import claims_of, is_about, policies_of
from .stack_hooks import hook_of
from .stack_roles import role_of
from .stack_values import AUTHORITY, NAME_PROPERTIES, TEMPLATE, StackValues, is_expression, substitutions
from .unknown_names import unknown_names

METADATA = "device-provisioning"
DEPLOYMENT = "Deployment"
"""Where readers of other tools keep, next to a resource's properties, what only that tool knows."""
_ACCOUNT = re.compile(r"arn:[^:]*:iam::(\d{12}):")
_NEIGHBOURS = ("AWS::IoT::ThingGroup", "AWS::IoT::ThingType", "AWS::IoT::BillingGroup")


@dataclass(frozen=True)
class FoundBody:
    """A body and what surrounds it.

    Args:
        body: The text, or the document where CloudFormation would have wanted text.
        template_type: What it is for.
        context: What surrounds it.
        silenced: Rules that its resource's metadata silences, with their reasons.
    """

    body: str | Mapping[str, Any]
    template_type: TemplateType
    context: Context
    silenced: Mapping[str, str]


@dataclass(frozen=True)
class FoundAuthority:
    """A CA.

    Args:
        authority: Its settings.
        silenced: Rules that its metadata silences, with their reasons.
    """

    authority: CertificateAuthority
    silenced: Mapping[str, str]


@dataclass(frozen=True)
class StackContents:
    """Everything that the rules check in a CloudFormation template.

    Args:
        bodies: Bodies of template resources and of CAs.
        authorities: CAs.
        stack: What concerns the whole.
        silenced: Rules that the metadata of the whole silences, with their reasons.
        values: Its resources, and its values as far as they are known.
    """

    bodies: tuple[FoundBody, ...]
    authorities: tuple[FoundAuthority, ...]
    stack: Stack
    silenced: Mapping[str, str]
    values: StackValues


def read_stack(
    document: Mapping[str, Any], *, repeated_keys: Sequence[str] = (), names_are_checked: bool = True
) -> StackContents:
    """Find every body and every CA, with what surrounds them.

    A rule is silenced by the metadata of the resource, or of the whole template for rules about the whole:
    ``Metadata: {device-provisioning: {silenced: {DP016: the reason}}}``.

    Args:
        document: A CloudFormation template with its tags in long form, without conditions and loops.
        repeated_keys: The places of keys that stand twice in one object, of which the document has one.
        names_are_checked: Whether CloudFormation itself fills in names, so that they have to be defined.

    Example:
        >>> template = {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": {"TemplateBody": "{}"}}
        >>> read_stack({"Resources": {"Template": template}}).bodies[0].context.body_path
        '/Resources/Template/Properties/TemplateBody'
    """
    values = StackValues(document)
    names = [
        (f"{place.path}/Properties", values.resolve((place / "Properties" / "TemplateName").value))
        for _, place in values.resources(TEMPLATE)
        if _type(values, place) is TemplateType.FLEET_PROVISIONING
    ]
    unknown = list(unknown_names(values)) if names_are_checked else []
    policies = policies_of(values)
    return StackContents(
        bodies=(*_template_bodies(values, policies), *_authority_bodies(values, policies)),
        authorities=tuple(_authorities(values)),
        stack=Stack(names, list(substitutions(values.root)), unknown, repeated_keys),
        silenced=_silenced(values.root),
        values=values,
    )


def _template_bodies(values: StackValues, policies: Sequence[NamedPolicy]) -> Iterator[FoundBody]:
    fleets = {
        values.name(logical_id)
        for logical_id, place in values.resources(TEMPLATE)
        if _type(values, place) is not TemplateType.JITP
    }
    claims = claims_of(values, policies, _device_policies(values))
    for logical_id, place in values.resources(TEMPLATE):
        settings = values.resolve((place / "Properties").value)
        settings = settings if isinstance(settings, Mapping) else {}
        hook = hook_of(values, logical_id, place / "Properties" / "PreProvisioningHook")
        role = role_of(values, (place / "Properties" / "ProvisioningRoleArn").value)
        path = f"{place.path}/Properties"
        body = _body(values, place / "Properties" / "TemplateBody")
        name = settings.get("TemplateName")
        own_name = values.name(logical_id)
        is_jitp = _type(values, place) is TemplateType.JITP
        context = Context(
            definition=Definition(
                template_name=own_name if isinstance(name, str | None) else name,
                description=settings.get("Description"),
                enabled=settings.get("Enabled"),
                path=path,
                account=_account(settings.get("ProvisioningRoleArn")),
                **(place / DEPLOYMENT).value or {},
            ),
            hook=hook,
            role=role,
            claims=[claim for claim in claims if not is_jitp and is_about(claim, own_name, fleets)],
            policies=policies,
            neighbours=list(_neighbours(values, logical_id)),
            body_path=f"{path}/TemplateBody",
            given_body=body,
            unseen=[
                *([] if role else [(f"{path}/ProvisioningRoleArn", _unseen("the role"))]),
                *(
                    [(hook.path, _unseen("the hook's permission"))]
                    if hook and hook.permissions is None
                    else []
                ),
            ],
        )
        yield FoundBody(_text(body), _type(values, place), context, _silenced(place))


def _account(role_arn: Any) -> str | None:
    found = _ACCOUNT.match(role_arn) if isinstance(role_arn, str) else None
    return found[1] if found else None


def _device_policies(values: StackValues) -> set[str]:
    """The names of the policies that bodies attach to devices."""
    places = [place / "Properties" / "TemplateBody" for _, place in values.resources(TEMPLATE)]
    configs = [place / "Properties" / "RegistrationConfig" for _, place in values.resources(AUTHORITY)]
    bodies = [_body(values, place) for place in [*places, *(config / "TemplateBody" for config in configs)]]
    read = [document_of(Located("", body)) for body in bodies]
    return {name for document in read if isinstance(document, Mapping) for name in policy_names(document)}


def _authority_bodies(values: StackValues, policies: Sequence[NamedPolicy]) -> Iterator[FoundBody]:
    for logical_id, place in values.resources(AUTHORITY):
        config = place / "Properties" / "RegistrationConfig"
        body = _body(values, config / "TemplateBody")
        if body is not None:
            role = role_of(values, (config / "RoleArn").value)
            context = Context(
                role=role,
                neighbours=list(_neighbours(values, logical_id)),
                policies=policies,
                belongs_to_ca=True,
                body_path=f"{config.path}/TemplateBody",
                given_body=body,
                unseen=[] if role else [(f"{config.path}/RoleArn", _unseen("the role"))],
            )
            yield FoundBody(_text(body), TemplateType.JITP, context, _silenced(place))


def _authorities(values: StackValues) -> Iterator[FoundAuthority]:
    types = {
        values.name(logical_id): _type(values, place) for logical_id, place in values.resources(TEMPLATE)
    }
    for _, place in values.resources(AUTHORITY):
        settings = values.resolve((place / "Properties").value)
        settings = settings if isinstance(settings, Mapping) else {}
        config = settings.get("RegistrationConfig")
        config = config if isinstance(config, Mapping) else {}
        authority = CertificateAuthority(
            certificate_mode=settings.get("CertificateMode"),
            has_verification_certificate="VerificationCertificatePem" in settings,
            is_active=settings.get("Status") != "INACTIVE",
            registers_automatically=settings.get("AutoRegistrationStatus", "DISABLE") != "DISABLE",
            template_name=config.get("TemplateName"),
            template_body=config.get("TemplateBody"),
            role_arn=config.get("RoleArn"),
            has_registration_config="RegistrationConfig" in settings,
            template_types=types,
            path=f"{place.path}/Properties",
        )
        yield FoundAuthority(authority, _silenced(place))


def _neighbours(values: StackValues, template_id: str) -> Iterator[Neighbour]:
    for logical_id, place in values.resources(*_NEIGHBOURS):
        parent = values.resolve((place / "Properties" / "ParentGroupName").value)
        yield Neighbour(
            kind=NAME_PROPERTIES[(place / "Type").value].removesuffix("Name"),
            name=values.name(logical_id),
            parent=parent if isinstance(parent, str) else None,
            created_first=values.waits_for(template_id, logical_id),
            path=place.path,
        )


def _type(values: StackValues, place: Located) -> TemplateType:
    given = values.resolve((place / "Properties" / "TemplateType").value)
    return TemplateType.JITP if given == TemplateType.JITP else TemplateType.FLEET_PROVISIONING


def _body(values: StackValues, place: Located) -> Any:
    # An object in place of text holds the body's own functions, which are not CloudFormation's.
    is_object = isinstance(place.value, Mapping) and not is_expression(place.value)
    return place.value if is_object else values.resolve(place.value)


def _text(value: Any) -> str | Mapping[str, Any]:
    return value if isinstance(value, str | Mapping) else json.dumps(value, default=str)


def _silenced(place: Located) -> Mapping[str, str]:
    given = (place / "Metadata" / METADATA / "silenced").value
    if given is not None and not isinstance(given, Mapping):
        raise ValueError(
            f"{place.path}/Metadata/{METADATA}/silenced is not an object: give codes and reasons"
        )
    return given or {}


def _unseen(what: str) -> str:
    return f"{what} is not defined here, so it was not checked"
