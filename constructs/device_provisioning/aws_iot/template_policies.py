"""What a role or user of yours may do with one provisioning template."""

from .statements import Document, allow, policy_document


def create_claim_policy(template_arn: str) -> Document:
    """Allow a trusted user's application to create claims that live five minutes.

    https://docs.aws.amazon.com/iot/latest/developerguide/provision-wo-cert.html

    Example:
        >>> arn = "arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/sensors"
        >>> create_claim_policy(arn)["Statement"][0]["Action"]
        'iot:CreateProvisioningClaim'
    """
    return policy_document([allow("CreateClaim", ["iot:CreateProvisioningClaim"], [template_arn])])


def describe_template_policy(template_arn: str) -> Document:
    """Allow to read the template and its versions."""
    actions = [
        "iot:DescribeProvisioningTemplate",
        "iot:DescribeProvisioningTemplateVersion",
        "iot:ListProvisioningTemplateVersions",
    ]
    return policy_document([allow("DescribeTemplate", actions, [template_arn])])
