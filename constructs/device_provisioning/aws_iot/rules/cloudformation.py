"""Checking whole CloudFormation templates."""

from collections.abc import Mapping
from typing import Any

from ..finding import Finding
from .checks import check, check_certificate_authority, check_stack
from .stack_reader import read_stack


def check_cloudformation_template(document: Mapping[str, Any]) -> list[Finding]:
    """Check every body and every CA of a CloudFormation template, with what surrounds them.

    Args:
        document: The template with its tags in long form.

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
    contents = read_stack(document)
    findings: list[Finding] = []
    for found in contents.bodies:
        findings += check(found.body, found.template_type, context=found.context, silenced=found.silenced)
    for authority in contents.authorities:
        findings += check_certificate_authority(authority.authority, silenced=authority.silenced)
    return findings + check_stack(contents.stack, silenced=contents.silenced)
