"""A template and a device CA, deployed to the emulator: its Lambda is executed and asks the API over HTTP."""

import json

import pytest
from aws_cdk import App, CfnOutput, Stack
from aws_cdk import aws_secretsmanager as secretsmanager

from device_provisioning.cdk import IotdaDeviceCa, IotdaInstance, IotdaProvisioningTemplate
from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref
from tests.support.iotda_authorities import authority, verification
from tests.support.iotda_server import (
    ACCESS_KEY,
    INSTANCE,
    PROJECT,
    REGION,
    SECRET_KEY,
    TEMPLATES,
    Fault,
    IotdaServer,
)
from tests.support.rights import KEEP_IOTDA, Broken, Roles
from tests.support.synthesis import IRELAND
from workshop.cloud_assembly import deploy, destroy

STACK = "Pumps"
KEY, PEM = authority("Factory")


@pytest.fixture
def api():
    with IotdaServer() as running:
        yield running


@pytest.fixture
def secret_arn(enforcing_emulator):
    secrets = enforcing_emulator.client("secretsmanager")
    text = json.dumps({"ak": ACCESS_KEY, "sk": SECRET_KEY})
    arn = secrets.create_secret(Name="iotda-pumps", SecretString=text)["ARN"]
    yield arn
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


@pytest.fixture
def deployed(enforcing_emulator, api, secret_arn, tmp_path):
    def again(**settings):
        folder = synthesise(tmp_path, api.url, secret_arn, **settings)
        return deploy(enforcing_emulator, folder, STACK)

    return again


def synthesise(folder, endpoint, secret_arn, *, name="pumps", product="pump", description=None, proof=None):
    app = App(outdir=str(folder))
    stack = Stack(app, STACK, env=IRELAND)
    instance = IotdaInstance(
        stack,
        "Iotda",
        project_id=PROJECT,
        region=REGION,
        endpoint=endpoint,
        instance_id=INSTANCE,
        credentials=secretsmanager.Secret.from_secret_complete_arn(stack, "Credentials", secret_arn),
    )
    device = Device(node_id=ref(CertificateField.COMMON_NAME), product_id=product)
    template = IotdaProvisioningTemplate(
        stack,
        "Template",
        instance=instance,
        body=TemplateBody(device=device),
        template_name=name,
        description=description,
    )
    ca = IotdaDeviceCa(
        stack, "Ca", instance=instance, certificate=PEM, verification_certificate=proof, template=template
    )
    CfnOutput(stack, "TemplateId", value=template.template_id)
    CfnOutput(stack, "VerifyCode", value=ca.verify_code)
    CfnOutput(stack, "Verified", value=ca.verified)
    app.synth()
    return folder


def test_a_template_is_created_bound_changed_renamed_unbound_and_deleted(enforcing_emulator, api, deployed):
    api.faults = [Fault("POST", TEMPLATES, carried_out=True), Fault("GET", TEMPLATES, 503)]
    first = deployed()
    assert list(api.templates) == [first["TemplateId"]]
    assert first["Verified"] == "false"

    proof = verification(KEY, PEM, first["VerifyCode"])
    second = deployed(proof=proof, product="valve", description="second")
    [ca] = api.authorities.values()
    assert second["Verified"] == "true"
    assert (ca["template_id"], ca["provision_enable"]) == (first["TemplateId"], True)
    [template] = api.templates.values()
    assert template["template_id"] == first["TemplateId"]
    assert template["description"] == "second"
    assert template["template_body"]["resources"]["device"]["product_id"] == "valve"

    third = deployed(proof=proof, product="valve", description="second", name="valves")
    assert list(api.templates) == [third["TemplateId"]]
    assert third["TemplateId"] != first["TemplateId"]
    assert ca["template_id"] == third["TemplateId"]

    destroy(enforcing_emulator, STACK)
    assert not api.templates
    assert not api.authorities


def test_without_the_right_to_read_the_credentials_nothing_is_done(
    enforcing_emulator, api, deployed, tmp_path
):
    deployed()
    template = json.loads((tmp_path / f"{STACK}.template.json").read_text())
    (resource,) = [r for r in template["Resources"].values() if r["Type"].endswith("ProvisioningTemplate")]
    another = {**resource["Properties"], "TemplateName": "another"}
    roles, more = Roles(enforcing_emulator, STACK), {"ResourceType": resource["Type"]}
    refused = pytest.raises(Broken, match="can't be read: AccessDenied")
    with roles.without(KEEP_IOTDA, "secretsmanager:GetSecretValue"), refused:
        roles.custom_resource(KEEP_IOTDA, "Create", another, **more)
    assert len(api.templates) == 1
    made = roles.custom_resource(KEEP_IOTDA, "Create", another, **more)
    assert len(api.templates) == 2
    roles.custom_resource(
        KEEP_IOTDA, "Delete", another, PhysicalResourceId=made["PhysicalResourceId"], **more
    )
    destroy(enforcing_emulator, STACK)
