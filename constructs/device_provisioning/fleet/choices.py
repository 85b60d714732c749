"""Settings that exclude each other: what constructs and components of either engine refuse."""

from collections.abc import Mapping
from typing import Any

from ..aws_iot.claim_source import claim_source_problems
from ..aws_iot.limits import HOOK_TIMEOUT_SECONDS
from ..aws_iot.template_type import TemplateType
from ..aws_iot.unresolved import is_unresolved

_EVERY_TEMPLATE = ('"*"', "topic/*", "topic/$aws/*", "provisioning-templates/*")


def require_one_hook_decider(device_allow_list: Any, function: Any) -> None:
    """Refuse a hook that has no decider or two.

    Raises:
        ValueError: If both or none are given.
    """
    if (device_allow_list is None) == (function is None):
        raise ValueError(
            "give exactly one of device_allow_list (the function of this library decides by the list)"
            f" and function (yours decides); given: {'both' if function else 'none'}"
        )


def require_settings_of_own_function(
    settings: Mapping[str, Any], defaults: Mapping[str, Any], timeout_seconds: float | None
) -> None:
    """Refuse settings of this library's function together with another function, and one that is too slow.

    Args:
        settings: What is set.
        defaults: What would be set by default.
        timeout_seconds: The timeout of the function; none if it is Lambda's own or not known.

    Raises:
        ValueError: With every setting without effect, and if the timeout is over five seconds.
    """
    problems = []
    if given := [name for name, value in settings.items() if value != defaults[name]]:
        problems.append(
            f"{', '.join(given)} would have no effect, because function is given: set them on your function"
            " or leave them out"
        )
    if timeout_seconds and timeout_seconds > HOOK_TIMEOUT_SECONDS:
        problems.append(
            f"the hook's function has a timeout of {timeout_seconds:g} seconds: AWS IoT denies after"
            f" {HOOK_TIMEOUT_SECONDS} seconds, so give at most that"
        )
    if problems:
        raise ValueError("\n".join(problems))


def require_settings_that_apply(hook: Any, **settings: Any) -> None:
    """Refuse settings of the created hook together with a hook of your own.

    Raises:
        ValueError: With every setting without effect.
    """
    given = [name for name, value in settings.items() if value]
    if hook and given:
        raise ValueError(
            f"{', '.join(given)} would have no effect, because hook is given: give them to your hook or"
            " leave hook out"
        )


def require_executions(reserved_concurrent_executions: Any) -> None:
    """Refuse a hook that nobody could call: every device would be denied.

    Raises:
        ValueError: If fewer than one execution is reserved.
    """
    given = reserved_concurrent_executions
    if given is not None and not is_unresolved(given) and given < 1:
        raise ValueError(
            f"reserved_concurrent_executions is {given}: give at least 1, or disable the template by enabled"
        )


def require_hook_of_settings(hook: Any, **settings: Any) -> None:
    """Refuse settings about what a hook decides where there is none.

    Raises:
        ValueError: With every setting without effect.
    """
    given = [name for name, value in settings.items() if value]
    if given and hook is None:
        raise ValueError(
            f"{', '.join(given)} would have no effect, because no hook is given: give one or leave"
            f" {', '.join(given)} out"
        )


def require_rotation_of_fleet(rotation_template_name: Any, **own: Any) -> None:
    """Refuse a rotation together with what hides the prefix of its things or the list that it asks.

    Raises:
        ValueError: If both are given.
    """
    given = [name for name, value in own.items() if value is not None]
    if given and rotation_template_name is not None:
        raise ValueError(
            f"rotation_template_name can't be combined with {' and '.join(given)}: leave it out and define a"
            " CertificateRotation with the thing_name_prefix and the device_allow_list of the devices"
        )


def require_policy_of_rotation(template_name: Any, policy_document: Any) -> None:
    """Refuse a device policy that lets no device use a rotation.

    Args:
        template_name: The template of the rotation.
        policy_document: The policy, as JSON; neither is checked where an engine knows it later.

    Raises:
        ValueError: If the policy does not name the template.
    """
    if is_unresolved(template_name) or not isinstance(policy_document, str):
        return
    named = f"provisioning-templates/{template_name}/provision"
    if not any(allowed in policy_document for allowed in (named, *_EVERY_TEMPLATE)):
        raise ValueError(
            f"device_policy does not name the template {template_name}, so that no device could replace its"
            f" certificate: give its DevicePolicy rotation_template_name {template_name!r}"
        )


def require_one_claim_source(
    certificate_signing_request: Any, certificate_arn: Any, **settings_of_secret: Any
) -> None:
    """Refuse two origins of a claim certificate, one that is not valid, and settings of a missing secret.

    Args:
        certificate_signing_request: The CSR that is given, if any.
        certificate_arn: The certificate that is given, if any.
        **settings_of_secret: What only a certificate in a secret can have.

    Raises:
        ValueError: If settings contradict each other, or what is given is not a CSR or an ARN.
    """
    if certificate_signing_request and certificate_arn:
        raise ValueError(
            "both certificate_signing_request and certificate_arn are given: give one of them, or none and a"
            " certificate is made"
        )
    given = " and ".join(name for name, value in settings_of_secret.items() if value is not None)
    if given and (certificate_signing_request or certificate_arn):
        raise ValueError(
            f"{given} is for the secret of a created certificate, but you gave your own and it has no"
            f" secret: leave {given} out"
        )
    if problems := list(claim_source_problems(certificate_signing_request, certificate_arn)):
        raise ValueError("\n".join(problems))


def require_no_template_of_its_own(**settings: Any) -> None:
    """Refuse settings of a template where the body is inside the CA.

    Raises:
        ValueError: With every setting that there is no place for.
    """
    given = ", ".join(name for name, value in settings.items() if value is not None)
    if given:
        raise ValueError(
            f"{given} would have no effect, because body_inside_ca is set, and a body inside a CA has neither"
            " name nor description: leave one of them out"
        )


def require_own_table(table: Any, encryption_key: Any, removal_policy: Any) -> None:
    """Refuse settings of a created table together with a table of your own.

    Raises:
        ValueError: If settings contradict each other.
    """
    if table and (encryption_key or removal_policy):
        raise ValueError(
            "encryption_key and removal_policy are for the table that is created, but table is given: set"
            " them on your table or leave table out"
        )


def require_template_choices(
    template_type: TemplateType | None,
    body_type: TemplateType,
    body_kind: str,
    role: Any,
    use_managed_registration_policy: bool,
) -> None:
    """Refuse a type that is not the body's, and settings of a role that is not created.

    Raises:
        ValueError: With every contradiction.
    """
    problems = []
    if template_type and template_type != body_type:
        problems.append(
            f"template_type is {template_type} but the body is a {body_kind}: leave template_type"
            " out or give a body of that type"
        )
    if role and use_managed_registration_policy:
        problems.append(
            "use_managed_registration_policy is for the role that is created, but role is given: attach the"
            " managed policy to your role or leave role out"
        )
    if problems:
        raise ValueError("\n".join(problems))


def require_prefix_that_narrows(
    thing_name_prefix: Any, role: Any, use_managed_registration_policy: bool = False
) -> None:
    """Refuse a prefix of thing names that would narrow no role.

    Raises:
        ValueError: If a prefix is given together with a role, or with the managed policy.
    """
    if thing_name_prefix is None:
        return
    if role:
        raise ValueError(
            "thing_name_prefix narrows the role that is created, but role is given: narrow your role, or"
            " leave one of them out"
        )
    if use_managed_registration_policy:
        raise ValueError(
            "thing_name_prefix narrows the role that is created, but use_managed_registration_policy lets it"
            " touch all things: leave one of them out"
        )
