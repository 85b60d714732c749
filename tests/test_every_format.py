"""The same bodies, sound and broken, in every form of file that holds one: each is judged as it is alone."""

import json

import pytest
import yaml

from device_provisioning.lint.files import lint_text
from tests.support.template_files import template_files

ROLE = "arn:aws:iam::111122223333:role/provisioning"
HOOK = "arn:aws:lambda:eu-west-1:111122223333:function:hook"
TYPES = {"fleet": "FLEET_PROVISIONING", "jitp": "JITP"}
# What is around the body here: no hook, or a hook of the framework that has no source and ends too late.
AROUND = {"DP052", "DP033", "DP034"}
BODIES = [
    file
    for file in template_files("fleet", "jitp")
    # Its text can't stand in a place for objects, or an object can't hold it.
    if not file.broken_rules & {"DP003", "DP057"} and "ThingType" not in file.text
]


def properties(file):
    return {
        "TemplateName": "sensors",
        "TemplateType": TYPES[file.kind],
        "Enabled": True,
        "ProvisioningRoleArn": ROLE,
        "TemplateBody": file.text,
    }


def stack(file, **settings):
    resource = {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": {**properties(file), **settings}}
    return {"Resources": {"Template": resource}}


def terraform(file):
    values = {
        "name": "sensors",
        "type": TYPES[file.kind],
        "enabled": True,
        "provisioning_role_arn": ROLE,
        "template_body": file.text,
        "pre_provisioning_hook": [],
    }
    return "aws_iot_provisioning_template", values


def terraform_plan(file):
    kind, values = terraform(file)
    resource = {"address": f"{kind}.this", "mode": "managed", "type": kind, "name": "this", "values": values}
    return json.dumps({"format_version": "1.2", "planned_values": {"root_module": {"resources": [resource]}}})


def terraform_state(file):
    kind, values = terraform(file)
    entry = {"mode": "managed", "type": kind, "name": "this", "instances": [{"attributes": values}]}
    return json.dumps({"version": 4, "serial": 1, "terraform_version": "1.9.0", "resources": [entry]})


def pulumi_inputs(file):
    return {
        "name": "sensors",
        "type": TYPES[file.kind],
        "enabled": True,
        "provisioningRoleArn": ROLE,
        "templateBody": file.text,
    }


def pulumi_state(file):
    kind = "aws:iot/provisioningTemplate:ProvisioningTemplate"
    return {"urn": f"urn:pulumi:dev::fleet::{kind}::sensors", "type": kind, "inputs": pulumi_inputs(file)}


def pulumi_preview(file):
    state = pulumi_state(file)
    return json.dumps({"steps": [{"op": "create", "urn": state["urn"], "newState": state}]})


def pulumi_yaml(file):
    # Pulumi's own ${…} is written $${…} where AWS IoT is to see it.
    body = json.loads(file.text.replace("${", "$${"))
    inputs = {**pulumi_inputs(file), "templateBody": {"fn::toJSON": body}}
    resources = {"sensors": {"type": "aws:iot:ProvisioningTemplate", "properties": inputs}}
    return yaml.safe_dump({"name": "fleet", "runtime": "yaml", "resources": resources})


def serverless_resources(file):
    return yaml.safe_dump({"service": "s", "provider": {"name": "aws"}, "resources": stack(file)})


def serverless_event(file):
    settings = {"templateBody": json.loads(file.text), "provisioningRoleArn": ROLE, "templateName": "sensors"}
    functions = {"hook": {"handler": "hook.handler", "events": [{"iotFleetProvisioning": settings}]}}
    return yaml.safe_dump({"service": "s", "provider": {"name": "aws"}, "functions": functions})


def described(file):
    return json.dumps(
        {
            "templateArn": "arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/sensors",
            "templateName": "sensors",
            "defaultVersionId": 1,
            "templateBody": file.text,
            "enabled": True,
            "provisioningRoleArn": ROLE,
            "type": TYPES[file.kind],
        }
    )


def a_version(file):
    return json.dumps({"versionId": 1, "templateBody": file.text, "isDefaultVersion": True})


def requested(file):
    """The input of ``create-provisioning-template``."""
    return json.dumps(
        {
            "templateName": "sensors",
            "templateBody": file.text,
            "enabled": True,
            "provisioningRoleArn": ROLE,
            "type": TYPES[file.kind],
            "preProvisioningHook": {"targetArn": HOOK} if file.kind == "fleet" else None,
        }
    )


def registration(file):
    return {"templateBody": file.text, "roleArn": ROLE}


def ca_registered(file):
    """The input of ``register-ca-certificate``."""
    settings = {"certificateMode": "SNI_ONLY", "setAsActive": True, "allowAutoRegistration": True}
    ca = {"caCertificate": "-----BEGIN CERTIFICATE-----", **settings}
    return json.dumps({**ca, "registrationConfig": registration(file)})


def ca_described(file):
    description = {"certificateMode": "SNI_ONLY", "status": "ACTIVE", "autoRegistrationStatus": "ENABLE"}
    return json.dumps({"certificateDescription": description, "registrationConfig": registration(file)})


def sam(file):
    globals_ = {"Function": {"Timeout": 5, "Runtime": "python3.13"}}
    return yaml.safe_dump({"Transform": "AWS::Serverless-2016-10-31", "Globals": globals_, **stack(file)})


def cdk_output(file):
    document = stack(file)
    document["Resources"]["Template"]["Metadata"] = {"aws:cdk:path": "Fleet/Template"}
    document["Resources"]["CDKMetadata"] = {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2"}}
    return json.dumps(document)


FORMATS = {
    "alone": lambda file: file.text,
    "CloudFormation in JSON": lambda file: json.dumps(stack(file)),
    "CloudFormation in YAML": lambda file: yaml.safe_dump(stack(file)),
    "CloudFormation, both branches": lambda file: json.dumps(
        stack(file, TemplateBody={"Fn::If": ["Large", file.text, file.text]})
    ),
    "CloudFormation, a loop": lambda file: json.dumps(
        {"Resources": {"Fn::ForEach::All": ["N", ["a"], {"T${N}": stack(file)["Resources"]["Template"]}]}}
    ),
    "SAM with Globals": sam,
    "CDK output": cdk_output,
    "Terraform, a plan": terraform_plan,
    "Terraform, a state": terraform_state,
    "Pulumi, a preview": pulumi_preview,
    "Pulumi, a state": lambda file: json.dumps(
        {"version": 3, "deployment": {"resources": [pulumi_state(file)]}}
    ),
    "Pulumi in YAML": pulumi_yaml,
    "Serverless, resources": serverless_resources,
    "Serverless, an event": serverless_event,
    "AWS, a template": described,
    "AWS, a version": a_version,
    "AWS, a request": requested,
    "AWS, a CA's configuration": lambda file: json.dumps(registration(file)),
    "AWS, a CA to register": ca_registered,
    "AWS, a CA described": ca_described,
    "anything, as text": lambda file: json.dumps({"spec": {"body": file.text}}),
}
KINDS = {
    "Serverless, an event": {"fleet"},
    "AWS, a CA's configuration": {"jitp"},
    "AWS, a CA to register": {"jitp"},
    "AWS, a CA described": {"jitp"},
}

# With a hook whose code is not known, it may be the hook that gives a policy its name.
UNKNOWN_WITH_A_HOOK = {"Serverless, an event": {"DP060"}, "AWS, a request": {"DP060"}}


def codes(text, file):
    found = lint_text(text, file.body_type, {})
    assert found is not None
    return {finding.code for _, finding in found if finding.severity != "info"}


@pytest.mark.parametrize("name", FORMATS)
def test_a_body_is_judged_the_same_in_every_form_of_file(name):
    wrong = {}
    for file in BODIES:
        if file.kind in KINDS.get(name, TYPES):
            found = codes(FORMATS[name](file), file) - AROUND
            if found != file.broken_rules - UNKNOWN_WITH_A_HOOK.get(name, set()):
                wrong[str(file)] = found
    assert wrong == {}


@pytest.mark.parametrize("name", ["JSON", "YAML", "Terraform", "Pulumi", "Serverless", "AWS", "SAM", "CDK"])
def test_there_are_enough_sound_and_broken_files_of_every_tool(name):
    files = [
        file for each in FORMATS if name in each for file in BODIES if file.kind in KINDS.get(each, TYPES)
    ]
    broken = [file for file in files if file.broken_rules]
    assert len(broken) >= 60
    assert len(files) - len(broken) >= 60
