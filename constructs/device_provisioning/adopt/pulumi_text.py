"""What a program of Pulumi says whatever is adopted."""

HEAD = '''"""A provisioning template as it is in the account: README.md says how to import it."""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from device_provisioning import pulumi as provisioning
from device_provisioning.aws_iot import documents

# Everything is taken over by the first update; say False from then on.
IMPORTING = True

NAME = {name}
ROLE_NAME = {role_name}
ENVIRONMENT = {environment}


def text(file):
    """A file to the letter."""
    return (Path(__file__).parent / file).read_bytes().decode()


def as_text(document):
    """A policy document as Pulumi takes it."""
    return json.dumps(document)


def adopted(id_, *, protect=False, depends_on=()):
    """The options of what exists already; what is protected is never deleted by accident."""
    return pulumi.ResourceOptions(
        import_=id_ if IMPORTING else None, protect=protect, depends_on=list(depends_on)
    )


def managed_policy(arn):
    """A managed policy that is attached to the role."""
    name = f"role-{{arn.rpartition('/')[2]}}"
    options = adopted(f"{{ROLE_NAME}}/{{arn}}")
    return aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=arn, opts=options)


def inline_policy(name, policy, options=None):
    """A policy of the role's own."""
    return aws.iam.RolePolicy(f"role-{{name}}", name=name, role=role.name, policy=policy, opts=options)


BODY = text("{body}")
'''
HOOK_TO_COME = """hook = None
hook_settings, waits_for = None, []
if hook:
    permission = aws.lambda_.Permission(
        "hook-permission",
        action="lambda:InvokeFunction",
        function=hook.function.name,
        principal="iot.amazonaws.com",
        source_account=ENVIRONMENT.account,
        source_arn=ENVIRONMENT.template_arn(NAME),
    )
    hook_settings = {"payload_version": "2020-04-01", "target_arn": hook.function_arn}
    waits_for = [permission]
"""
NEXT_STEPS = """    pip install 'device-provisioning[pulumi]'
    pulumi stack init adopted
    pulumi config set aws:region {region}
    pulumi up           # imports; the rules are checked
    pulumi preview      # nothing changes

Then say `IMPORTING = False` in `__main__.py`: everything is imported, and nothing changes by it either.
Pulumi refuses to delete what is protected.
"""
