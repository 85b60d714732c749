"""Every form of file that holds a template body, as the tools that make it write it."""

import json

import yaml

from tests.support.template_files import template_files

ROLE = "arn:aws:iam::111122223333:role/provisioning"
HOOK = "arn:aws:lambda:eu-west-1:111122223333:function:hook"
TYPES = {"fleet": "FLEET_PROVISIONING", "jitp": "JITP"}
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


def terraform_resource(file, address, **index):
    kind, values = terraform(file)
    return {"address": address, "mode": "managed", "type": kind, "name": "this", "values": values, **index}


def terraform_plan(file):
    return plan_of({"resources": [terraform_resource(file, "aws_iot_provisioning_template.this")]})


def plan_of(root):
    return json.dumps({"format_version": "1.2", "planned_values": {"root_module": root}})


def terraform_module(file):
    address = "module.fleet.aws_iot_provisioning_template.this"
    module = {"address": "module.fleet", "resources": [terraform_resource(file, address)]}
    return plan_of({"child_modules": [module]})


def terraform_loop(file):
    address = 'aws_iot_provisioning_template.this["a"]'
    return plan_of({"resources": [terraform_resource(file, address, index="a")]})


def terraform_shown_state(file):
    root = {"resources": [terraform_resource(file, "aws_iot_provisioning_template.this")]}
    return json.dumps(
        {"format_version": "1.0", "terraform_version": "1.8.3", "values": {"root_module": root}}
    )


def terraform_ca(file):
    config = [{"role_arn": ROLE, "template_body": file.text}]
    values = {"active": True, "allow_auto_registration": True, "certificate_mode": "SNI_ONLY"}
    values |= {"ca_certificate_pem": "-----BEGIN CERTIFICATE-----", "registration_config": config}
    kind = "aws_iot_ca_certificate"
    entry = {"mode": "managed", "type": kind, "name": "this", "values": values}
    return plan_of({"resources": [{"address": f"{kind}.this", **entry}]})


def terraform_program(file):
    kind, values = terraform(file)
    return json.dumps({"resource": {kind: {"this": values}}})


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


def pulumi_native(file):
    kind = "aws-native:iot:ProvisioningTemplate"
    inputs = {"enabled": True, "provisioningRoleArn": ROLE, "templateBody": file.text}
    inputs |= {"templateName": "sensors", "templateType": TYPES[file.kind]}
    state = {"urn": f"urn:pulumi:dev::fleet::{kind}::sensors", "type": kind, "inputs": inputs}
    return json.dumps({"version": 3, "deployment": {"resources": [state]}})


def pulumi_ca(file):
    kind = "aws:iot/caCertificate:CaCertificate"
    inputs = {"active": True, "allowAutoRegistration": True, "certificateMode": "SNI_ONLY"}
    inputs |= {"caCertificatePem": "-----BEGIN CERTIFICATE-----", "registrationConfig": registration(file)}
    state = {"urn": f"urn:pulumi:dev::fleet::{kind}::ca", "type": kind, "inputs": inputs}
    return json.dumps({"version": 3, "deployment": {"resources": [state]}})


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


def version_to_create(file):
    """The input of ``create-provisioning-template-version``."""
    return json.dumps({"templateName": "sensors", "templateBody": file.text, "setAsDefault": True})


def as_yaml(form):
    """The same as ``--output yaml`` prints it, and ``--cli-input-yaml`` takes it."""
    return lambda file: yaml.safe_dump(json.loads(form(file)))


def by_boto3(file):
    return json.dumps({"ResponseMetadata": {"HTTPStatusCode": 200}, **json.loads(described(file))})


def ca_updated(file):
    """The input of ``update-ca-certificate``."""
    settings = {"certificateId": "a" * 64, "newStatus": "ACTIVE", "newAutoRegistrationStatus": "ENABLE"}
    return json.dumps({**settings, "registrationConfig": registration(file)})


def ca_of_a_stack(file):
    settings = {"CertificateMode": "SNI_ONLY", "Status": "ACTIVE", "AutoRegistrationStatus": "ENABLE"}
    config = {"TemplateBody": file.text, "RoleArn": ROLE}
    ca = {"CACertificatePem": "-----BEGIN CERTIFICATE-----", **settings, "RegistrationConfig": config}
    return json.dumps({"Resources": {"Authority": {"Type": "AWS::IoT::CACertificate", "Properties": ca}}})


def stack_as_deployed(file):
    """What ``aws cloudformation get-template`` prints."""
    return json.dumps({"TemplateBody": stack(file), "StagesAvailable": ["Original", "Processed"]})


def cloud_control(file):
    """What ``aws cloudcontrol get-resource`` prints."""
    described = {"Identifier": "sensors", "Properties": json.dumps(properties(file))}
    return json.dumps({"TypeName": "AWS::IoT::ProvisioningTemplate", "ResourceDescription": described})


def sam(file):
    globals_ = {"Function": {"Timeout": 5, "Runtime": "python3.13"}}
    return yaml.safe_dump({"Transform": "AWS::Serverless-2016-10-31", "Globals": globals_, **stack(file)})


def made_of_parts(file):
    """CloudFormation resolves what is inside ``Fn::ToJsonString``, so only a part without ``Ref`` fits."""
    body = json.loads(file.text)
    parameters = {"Fn::ToJsonString": body.pop("Parameters", {})}
    rest = json.dumps(body).removeprefix("{")
    text = {"Fn::Join": ["", ['{"Parameters": ', parameters, ", ", rest]]}
    return json.dumps({"Transform": "AWS::LanguageExtensions", **stack(file, TemplateBody=text)})


def opentofu_plan(file):
    """What ``tofu show -json`` prints: the same, with the version of OpenTofu in the place of Terraform's."""
    return json.dumps({**json.loads(terraform_plan(file)), "terraform_version": "1.10.5", "errored": False})


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
    "CloudFormation, made of parts": made_of_parts,
    "SAM with Globals": sam,
    "CDK output": cdk_output,
    "Terraform, a plan": terraform_plan,
    "CloudFormation, a CA": ca_of_a_stack,
    "CloudFormation, as deployed": stack_as_deployed,
    "Terraform, a module": terraform_module,
    "Terraform, OpenTofu's plan": opentofu_plan,
    "Terraform, a loop": terraform_loop,
    "Terraform, a CA": terraform_ca,
    "Terraform, a program in JSON": terraform_program,
    "Terraform, a state": terraform_state,
    "Terraform, a state as shown": terraform_shown_state,
    "Pulumi, AWS Cloud Control": pulumi_native,
    "Pulumi, a CA": pulumi_ca,
    "Pulumi, a preview": pulumi_preview,
    "Pulumi, a state": lambda file: json.dumps(
        {"version": 3, "deployment": {"resources": [pulumi_state(file)]}}
    ),
    "Pulumi in YAML": pulumi_yaml,
    "Serverless, resources": serverless_resources,
    "Serverless, an event": serverless_event,
    "AWS, a template": described,
    "AWS, a version": a_version,
    "AWS, a version to create": version_to_create,
    "AWS, a request": requested,
    "AWS, a request in YAML": as_yaml(requested),
    "AWS, a template in YAML": as_yaml(described),
    "AWS, an answer to boto3": by_boto3,
    "AWS, Cloud Control": cloud_control,
    "AWS, a CA to update": ca_updated,
    "AWS, a CA's configuration": lambda file: json.dumps(registration(file)),
    "AWS, a CA to register": ca_registered,
    "AWS, a CA described": ca_described,
    "anything, as text": lambda file: json.dumps({"spec": {"body": file.text}}),
}
KINDS = {name: {"jitp"} for name in FORMATS if ", a CA" in name} | {"Serverless, an event": {"fleet"}}
"""The types of the bodies that a form can hold; every type where it says nothing."""


def files_of(name):
    """The bodies that a form can hold."""
    return [file for file in BODIES if file.kind in KINDS.get(name, TYPES)]


def some_of(files, name, number):
    """About so many of the bodies: other ones for each form, so that together they are many more."""
    step = max(1, len(files) // number)
    return files[list(FORMATS).index(name) % step :: step]
