"""The function that keeps a template as it is declared, in states that CloudFormation may leave behind.

They are brought about by hand: the handler of the emulator's CloudFormation avoids them.
"""

import io
import json
import uuid
import zipfile

import pytest

from device_provisioning.lambdas.custom_resources import declared_template
from workshop.emulator import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/provisioning"


def body(number):
    certificate = {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"}
    resources = {
        "certificate": {"Type": "AWS::IoT::Certificate", "Properties": certificate},
        "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": str(number)}},
    }
    return json.dumps({"Resources": resources})


@pytest.fixture
def iot(emulator):
    return emulator.client("iot")


@pytest.fixture
def name(iot):
    name = f"declared-{uuid.uuid4().hex[:8]}"
    iot.create_provisioning_template(templateName=name, templateBody=body(1), provisioningRoleArn=ROLE)
    return name


@pytest.fixture
def declare(name, emulator, monkeypatch):
    for variable, value in emulator.environment().items():
        monkeypatch.setenv(variable, value)

    def declare(text, kind="Update", **more):
        properties = {"TemplateName": name, "TemplateBody": text, **more}
        event = {"RequestType": kind, "ResourceProperties": properties, "PhysicalResourceId": "id"}
        return declared_template.handle(event, lambda: 60)

    return declare


@pytest.fixture
def hook(name, emulator):
    """A function that AWS IoT may ask for the template, attached to it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return {}")
    functions = emulator.client("lambda")
    arn = functions.create_function(
        FunctionName=name,
        Role=ROLE,
        Runtime="python3.14",
        Handler="index.handler",
        Code={"ZipFile": content.getvalue()},
    )["FunctionArn"]
    functions.add_permission(
        FunctionName=name,
        StatementId="iot",
        Action="lambda:InvokeFunction",
        Principal="iot.amazonaws.com",
        SourceArn=f"arn:aws:iot:{REGION}:{ACCOUNT}:provisioningtemplate/{name}",
    )
    attached = {"payloadVersion": "2020-04-01", "targetArn": arn}
    emulator.client("iot").update_provisioning_template(templateName=name, preProvisioningHook=attached)
    return arn


def add(iot, name, *numbers):
    for number in numbers:
        made = iot.create_provisioning_template_version(
            templateName=name, templateBody=body(number), setAsDefault=False
        )
    return made["versionId"]


def version_ids(iot, name):
    versions = iot.list_provisioning_template_versions(templateName=name)["versions"]
    return sorted(version["versionId"] for version in versions)


def described(iot, name):
    return iot.describe_provisioning_template(templateName=name)


def test_a_version_that_never_became_the_default_becomes_it(declare, iot, name):
    made = add(iot, name, 2)
    declare(body(2))
    assert described(iot, name)["defaultVersionId"] == made


def test_a_body_that_never_became_a_version_is_made_although_five_are_there(declare, iot, name):
    add(iot, name, 2, 3, 4, 5)
    declare(body(6))
    assert described(iot, name)["templateBody"] == body(6)
    assert version_ids(iot, name) == [4, 5, 6]


def test_copies_go_before_bodies_that_are_one_of_a_kind(declare, iot, name):
    add(iot, name, 2, 3, 3, 3)
    declare(body(3))
    assert version_ids(iot, name) == [1, 2, 3]
    assert described(iot, name)["defaultVersionId"] == 3


def test_a_body_with_other_blanks_and_order_is_the_same_body(declare, iot, name):
    declare(json.dumps(json.loads(body(1)), indent=1))
    assert version_ids(iot, name) == [1]


def test_a_hook_that_was_left_is_removed(declare, iot, name, hook):
    declare(body(1))
    assert "preProvisioningHook" not in described(iot, name)


def test_a_hook_that_was_not_set_is_set(declare, iot, name, hook):
    iot.update_provisioning_template(templateName=name, removePreProvisioningHook=True)
    declare(body(1), PreProvisioningHook={"PayloadVersion": "2020-04-01", "TargetArn": hook})
    assert described(iot, name)["preProvisioningHook"]["targetArn"] == hook


def test_what_is_as_declared_is_not_touched(declare, iot, name, hook):
    before = described(iot, name)["lastModifiedDate"]
    declare(body(1), PreProvisioningHook={"PayloadVersion": "2020-04-01", "TargetArn": hook})
    assert described(iot, name)["lastModifiedDate"] == before


def test_the_end_of_the_resource_leaves_the_template_to_its_own(declare, iot, name):
    add(iot, name, 2, 3, 4)
    assert declare(body(9), kind="Delete").physical_id == "id"
    assert version_ids(iot, name) == [1, 2, 3, 4]


def test_another_name_is_another_resource(declare, name):
    assert declare(body(1)).physical_id == f"declared-state-of-{name}"
