"""What an app of the CDK says whatever is adopted."""

HEAD = '''"""A provisioning template as it is in the account: README.md says how to import it."""

import json
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_iot as iot
{imports}
from device_provisioning import cdk as provisioning
from device_provisioning.aws_iot import documents

NAME = {name}
ENVIRONMENT = {environment}
AS_IT_IS = {as_it_is}


def text(file):
    """A file to the letter."""
    return (Path(__file__).parent / file).read_bytes().decode()


def document(file):
    """A policy document."""
    return json.loads(text(file))


def inline_policy(name, policy):
    """A policy of the role's own."""
    return iam.CfnRole.PolicyProperty(policy_name=name, policy_document=policy)


BODY = text("{body}")

app = cdk.App(analytics_reporting=False)
place = cdk.Environment(account=ENVIRONMENT.account, region=ENVIRONMENT.region)
# An import can't bring the parameter of the rule along: it would be a difference.
synthesizer = cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
stack = cdk.Stack(app, {stack}, env=place, synthesizer=synthesizer)
'''
HOOK_TO_COME = """hook = None
if hook:
    permission = lambda_.CfnPermission(
        stack,
        "HookPermission",
        action="lambda:InvokeFunction",
        function_name=hook.function.function_arn,
        principal="iot.amazonaws.com",
        source_account=ENVIRONMENT.account,
        source_arn=ENVIRONMENT.template_arn(NAME),
    )
    template.pre_provisioning_hook = iot.CfnProvisioningTemplate.ProvisioningHookProperty(
        payload_version="2020-04-01", target_arn=hook.function.function_arn
    )
    template.node.add_dependency(permission)
"""
NEXT_STEPS = """    pip install 'device-provisioning[cdk]'
    cdk synth                                    # the rules are checked
    cdk import --resource-mapping mapping.json
    cdk diff                                     # there are no differences

`cdk import` needs an account that is bootstrapped. What is imported is retained when the stack goes.
"""
