"""Files of other tools, read as the CloudFormation templates that they amount to."""

import json

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.files import lint_text
from tests.support.template_files import FOLDER

STACK = json.loads((FOLDER / "stack" / "DP053-holds-named-here.json").read_text("utf-8"))["Resources"]
BODY = STACK["Template"]["Properties"]["TemplateBody"]
TRUST = STACK["Role"]["Properties"]["AssumeRolePolicyDocument"]
ROLE_ARN = "arn:aws:iam::111122223333:role/provisioning"
HOOK_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:hook"
HOOK = [{"target_arn": HOOK_ARN, "payload_version": "2020-04-01"}]
TEMPLATE = {
    "name": "sensors",
    "enabled": True,
    "template_body": BODY,
    "provisioning_role_arn": ROLE_ARN,
    "pre_provisioning_hook": HOOK,
}


def found(document, body_type=BodyType.FLEET):
    text = document if isinstance(document, str) else json.dumps(document)
    return [
        (finding.code, finding.severity.value, finding.path) for _, finding in lint_text(text, body_type, {})
    ]


def reported(document):
    return [(code, path) for code, severity, path in found(document) if severity != "info"]


def resource(kind, label="this", *, index=None, module="", **values):
    ending = "" if index is None else f"[{json.dumps(index)}]"
    address = f"{module}{kind}.{label}{ending}"
    return {"address": address, "mode": "managed", "type": kind, "name": label, "values": values}


def a_plan(*resources, unknown=None, expressions=None, **module):
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": list(resources), **module}},
        "resource_changes": [
            {"address": address, "change": {"actions": ["create"], "before": None, "after_unknown": later}}
            for address, later in (unknown or {}).items()
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {"address": address, "expressions": known}
                    for address, known in (expressions or {}).items()
                ]
            }
        },
    }


TERRAFORM = "aws_iot_provisioning_template"


def test_a_sound_plan_has_no_findings():
    assert reported(a_plan(resource(TERRAFORM, **TEMPLATE))) == []


@pytest.mark.parametrize("index", [None, 0, "north.east"])
def test_a_place_in_a_plan_is_the_address_of_its_resource(index):
    broken = BODY.replace('"AWS::IoT::Thing"', '"AWS::IoT::Device"')
    plan = a_plan(resource(TERRAFORM, index=index, **{**TEMPLATE, "template_body": broken}))
    address = plan["planned_values"]["root_module"]["resources"][0]["address"]
    assert ("DP102", f"{address}/template_body/Resources/thing/Type") in reported(plan)


def test_modules_inside_modules_are_read():
    inner = {"address": "module.a.module.b", "resources": [resource(TERRAFORM, module="module.a.module.b.")]}
    plan = a_plan(child_modules=[{"address": "module.a", "child_modules": [inner]}])
    inner["resources"][0]["values"] = {**TEMPLATE, "enabled": None}
    assert reported(plan) == [("DP041", f"module.a.module.b.{TERRAFORM}.this")]


def test_a_body_that_is_known_after_apply_is_not_checked():
    values = {name: value for name, value in TEMPLATE.items() if name != "template_body"}
    address = f"{TERRAFORM}.this"
    plan = a_plan(resource(TERRAFORM, **values), unknown={address: {"template_body": True}})
    assert reported(plan) == []
    assert ("DP000", "info", f"{address}/template_body") in found(plan)


def test_a_role_is_found_by_what_the_configuration_refers_to():
    values = {name: value for name, value in TEMPLATE.items() if name != "provisioning_role_arn"}
    trust = json.dumps(TRUST).replace("iot.amazonaws.com", "ec2.amazonaws.com")
    role = resource("aws_iam_role", "own", name="own", assume_role_policy=trust)
    reference = {"references": ["aws_iam_role.own.arn", "aws_iam_role.own"]}
    plan = a_plan(
        resource(TERRAFORM, **values),
        role,
        unknown={f"{TERRAFORM}.this": {"provisioning_role_arn": True}},
        expressions={f"{TERRAFORM}.this": {"provisioning_role_arn": reference}},
    )
    assert ("DP030", "aws_iam_role.own") in reported(plan)


def test_a_role_of_a_state_is_found_by_its_arn_with_the_policies_that_are_attached():
    role = resource(
        "aws_iam_role", "own", name="provisioning", arn=ROLE_ARN, assume_role_policy=json.dumps(TRUST)
    )
    managed = "arn:aws:iam::aws:policy/service-role/AWSIoTThingsRegistration"
    attachment = resource("aws_iam_role_policy_attachment", role="provisioning", policy_arn=managed)
    state = {
        "format_version": "1.0",
        "terraform_version": "1.9.0",
        "values": {"root_module": {"resources": [resource(TERRAFORM, **TEMPLATE), role, attachment]}},
    }
    assert reported(state) == [("DP054", "aws_iam_role.own")]


def test_the_file_of_a_state_is_read():
    instances = [{"index_key": "a", "attributes": {**TEMPLATE, "enabled": None}}]
    entry = {"mode": "managed", "type": TERRAFORM, "name": "this", "instances": instances}
    state = {"version": 4, "serial": 1, "terraform_version": "1.9.0", "resources": [entry]}
    assert reported(state) == [("DP041", f'{TERRAFORM}.this["a"]')]


def test_a_policy_in_a_plan_that_the_body_names_is_judged():
    wide = {"Statement": [{"Effect": "Allow", "Action": "iot:*", "Resource": "*"}]}
    policy = resource("aws_iot_policy", "device", name="sensor-runtime", policy=json.dumps(wide))
    assert reported(a_plan(resource(TERRAFORM, **TEMPLATE), policy)) == [
        ("DP016", "aws_iot_policy.device/policy")
    ]


def a_preview(*states):
    steps = [{"op": "create", "urn": state["urn"], "newState": state} for state in states]
    return {"config": {}, "steps": steps}


def pulumi_template(**changed):
    inputs = {
        "name": "sensors",
        "enabled": True,
        "templateBody": BODY,
        "provisioningRoleArn": ROLE_ARN,
        "preProvisioningHook": {"targetArn": HOOK_ARN, "payloadVersion": "2020-04-01"},
        "__defaults": [],
        **changed,
    }
    kind = "aws:iot/provisioningTemplate:ProvisioningTemplate"
    return {"urn": f"urn:pulumi:dev::fleet::{kind}::sensors", "type": kind, "inputs": inputs}


def test_a_preview_of_pulumi_is_read():
    assert reported(a_preview(pulumi_template())) == []
    broken = BODY.replace('"AWS::IoT::Thing"', '"AWS::IoT::Device"')
    preview = a_preview(pulumi_template(templateBody=broken))
    assert ("DP102", "sensors/templateBody/Resources/thing/Type") in reported(preview)


def test_a_hook_of_a_state_is_found_by_its_arn():
    function = {
        "urn": "urn:pulumi:dev::f::aws:lambda/function:Function::hook",
        "type": "aws:lambda/function:Function",
        "inputs": {"timeout": 30},
        "outputs": {"arn": HOOK_ARN},
    }
    state = {"version": 3, "deployment": {"resources": [function, pulumi_template()]}}
    assert {"DP033", "DP034"} <= {code for code, _, _ in found(state)}


def test_what_a_preview_does_not_know_is_not_checked():
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert reported(a_preview(pulumi_template(templateBody=unknown, provisioningRoleArn=unknown))) == []


def test_what_pulumi_deletes_is_left_alone():
    preview = a_preview(pulumi_template(templateBody="{"))
    preview["steps"][0]["op"] = "delete"
    assert CliRunner().invoke(app, ["lint", "-"], input=json.dumps(preview)).exit_code == 2


SERVICE = """
service: bulbs
provider: {name: aws}
functions:
  hook-one:
    handler: hook.handler
    events:
      - iotFleetProvisioning:
          templateName: bulbs-${sls:stage}
          provisioningRoleArn: arn:aws:iam::111122223333:role/provisioning
          templateBody: BODY
"""


def test_what_an_event_of_the_serverless_framework_makes_is_checked():
    place = "/functions/hook-one/events/0/iotFleetProvisioning"
    assert reported(SERVICE.replace("BODY", BODY)) == [("DP033", place), ("DP034", place)]
    wrong = BODY.replace('"AWS::IoT::Thing"', '"AWS::IoT::Device"')
    found_codes = reported(SERVICE.replace("BODY", wrong))
    assert ("DP102", f"{place}/templateBody/Resources/thing/Type") in found_codes


VERSION = {"versionId": 2, "creationDate": "2024-01-01", "templateBody": BODY, "isDefaultVersion": True}
JITP = (FOLDER / "jitp" / "valid-common-name.json").read_text("utf-8")
DESCRIBED_CA = {
    "certificateDescription": {
        "status": "ACTIVE",
        "autoRegistrationStatus": "ENABLE",
        "certificateMode": "DEFAULT",
    },
    "registrationConfig": {"templateBody": JITP, "roleArn": ROLE_ARN},
}
REGISTERED_CA = {
    "caCertificate": "pem",
    "verificationCertificate": "pem",
    "setAsActive": True,
    "allowAutoRegistration": True,
    "registrationConfig": {"templateBody": JITP, "roleArn": ROLE_ARN},
}
TASK = {
    "templateBody": (FOLDER / "bulk" / "valid-signing-request.json").read_text("utf-8"),
    "inputFileBucket": "b",
    "inputFileKey": "k",
    "roleArn": ROLE_ARN,
}


@pytest.mark.parametrize("document", [VERSION, DESCRIBED_CA, REGISTERED_CA, TASK, BODY, json.dumps(BODY)])
def test_what_the_command_of_aws_prints_and_takes_is_read(document):
    assert reported(document) == []


def test_a_body_that_names_a_file_is_to_be_checked_there():
    text = json.dumps({"templateBody": "file://body.json", "templateName": "sensors"})
    ((_, finding),) = lint_text(text, BodyType.FLEET, {})
    assert (finding.code, finding.hint) == ("DP003", "check that file")


def test_a_ca_that_is_not_active_is_reported_at_its_request():
    assert reported({**REGISTERED_CA, "setAsActive": False}) == [("DP045", "")]


@pytest.mark.parametrize(
    "holder", [{"spec": [{"body": BODY}]}, {"a": json.dumps({"b": BODY})}, [json.loads(BODY)]]
)
def test_a_body_anywhere_is_found(holder):
    text = json.dumps(holder).replace("AWS::IoT::Thing", "AWS::IoT::Device")
    assert [code for code, _ in reported(text)] == ["DP059", "DP102"]


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        (json.dumps({"a": json.dumps({"b": BODY})}).replace("IoT::Thing", "IoT::Device"), "AWS::IoT::Device"),
        (
            json.dumps(STACK["Template"]["Properties"]["TemplateBody"]).replace("::Thing", "::Gizmo"),
            "AWS::IoT::Gizmo",
        ),
    ],
)
def test_the_column_inside_a_text_is_known(text, needle):
    (position,) = [
        position for position, finding in lint_text(text, BodyType.FLEET, {}) if finding.code == "DP102"
    ]
    assert position.line == 1
    before = text[: text.index(needle)]
    assert 0 < len(before) - position.column < 20, "the key before the value is the place"


def test_broken_json_in_a_block_of_yaml_is_reported_at_its_line():
    text = (
        "Resources:\n  T:\n    Type: AWS::IoT::ProvisioningTemplate\n    Properties:\n      TemplateBody: |\n"
        '        {"Resources":\n          {"a" 1}}\n'
    )
    (position,) = [
        position for position, finding in lint_text(text, BodyType.FLEET, {}) if finding.code == "DP003"
    ]
    assert tuple(position) == (7, 16)


@pytest.mark.parametrize("beginning", [b"a: b\n", b'{"format_version": "1.2", "planned_values": {'])
def test_a_file_larger_than_any_template_or_plan_is_not_even_read(tmp_path, beginning):
    file = tmp_path / "large"
    with file.open("wb") as content:
        content.write(beginning)
        content.truncate(20_000_000_000)  # of which the disk holds nothing
    result = CliRunner().invoke(app, ["lint", str(file)])
    assert result.exit_code == 2
    assert "has 20,000,000,000 characters, and no template has more than" in result.stderr


def test_a_file_larger_than_any_template_is_refused_by_its_size(tmp_path):
    file = tmp_path / "large.yaml"
    file.write_text("a: b\n" * 2_800_000)
    result = CliRunner().invoke(app, ["lint", str(file)])
    assert result.exit_code == 2
    assert "has 14,000,000 characters, and no template has more than 10,000,000" in result.stderr


@pytest.mark.parametrize(
    "beginning", ['{"Resources": {"a": "', "Resources:\n  a: ", '{"Resources": {"a": "é']
)
@pytest.mark.parametrize("is_piped", [False, True])
def test_of_a_file_that_is_too_large_nothing_is_parsed(tmp_path, monkeypatch, beginning, is_piped):
    file = tmp_path / "large"
    file.write_text(beginning + "b" * 14_000_000)
    parsed = []
    for parser in ("json.loads", "yaml.load", "yaml.compose"):
        monkeypatch.setattr(parser, lambda text, *_, **__: parsed.append(len(text)))
    piped = {"input": file.read_bytes()} if is_piped else {}
    result = CliRunner().invoke(app, ["lint", "-" if is_piped else str(file)], **piped)
    assert (result.exit_code, parsed) == (2, [])
    assert "and no template has more than 10,000,000" in result.stderr


TWICE = {
    "a program of Pulumi": (
        "name: fleet\nruntime: yaml\nresources:\n  sensors:\n    type: aws:iot:ProvisioningTemplate\n"
        "    properties:\n      enabled: false\n      enabled: true\n      templateBody: '{}'\n",
        "/resources/sensors/properties/enabled",
        8,
    ),
    "a service of the Serverless Framework": (
        "service: fleet\nprovider: {name: aws}\nresources:\n  Resources:\n    Template:\n"
        "      Type: AWS::IoT::ProvisioningTemplate\n      Properties:\n        Enabled: false\n"
        "        Enabled: true\n        TemplateBody: '{}'\n",
        "/resources/Resources/Template/Properties/Enabled",
        9,
    ),
    "what AWS takes": (
        '{"templateName": "a",\n "templateBody": "{}", "enabled": false,\n "enabled": true}\n',
        "/enabled",
        3,
    ),
}


@pytest.mark.parametrize("name", TWICE)
def test_a_key_that_stands_twice_is_reported_in_every_form_that_people_write(name):
    text, path, line = TWICE[name]
    found = lint_text(text, BodyType.FLEET, {})
    (twice,) = [(position.line, finding.path) for position, finding in found if finding.code == "DP058"]
    assert twice == (line, path)
