"""Checking whole CloudFormation templates."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..aws_iot.finding import Finding
from ..aws_iot.rules.checks import check, check_certificate_authority, check_stack
from .stack_reader import StackContents, read_stack
from .variants import variants_of


def check_cloudformation_template(
    document: Mapping[str, Any], *, repeated_keys: Sequence[str] = (), names_are_checked: bool = True
) -> list[Finding]:
    """Check every body and every CA of a CloudFormation template, with what surrounds them.

    Each branch of a condition is checked; what is found in several of them is reported once.

    Args:
        document: The template with its tags in long form.
        repeated_keys: The places of keys that stand twice in one object; none by default.
        names_are_checked: Whether names that the template does not define are errors; they are by default.

    Returns:
        Every problem; an empty list when there is none or nothing to check.

    Raises:
        ValueError: If its metadata silences a rule that does not exist, or for no reason.

    Example:
        >>> template = {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": {"TemplateBody": "{"}}
        >>> findings = check_cloudformation_template({"Resources": {"Template": template}})
        >>> (findings[0].code, findings[0].path)
        ('DP003', '/Resources/Template/Properties/TemplateBody')
    """
    found: dict[Finding, None] = {}
    for variant in variants_of(document):
        contents = read_stack(
            variant.document, repeated_keys=repeated_keys, names_are_checked=names_are_checked
        )
        for finding in _findings(contents):
            found[finding.moved(variant.origin)] = None
    return list(found)


def _findings(contents: StackContents) -> Iterator[Finding]:
    for entry in contents.bodies:
        yield from check(entry.body, entry.template_type, context=entry.context, silenced=entry.silenced)
    for authority in contents.authorities:
        yield from check_certificate_authority(authority.authority, silenced=authority.silenced)
    yield from check_stack(contents.stack, silenced=contents.silenced)
