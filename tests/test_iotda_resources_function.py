"""The function behind the resources of IoTDA: CloudFormation's events, a secret, and the API over HTTP."""

import json

import pytest

from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref
from device_provisioning.lambdas.iotda_resources.handler import handler
from tests.support.custom_resources import CloudFormation, answers_server
from tests.support.iotda_authorities import authority, identity_of, verification
from tests.support.iotda_server import (
    ACCESS_KEY,
    INSTANCE,
    PROJECT,
    REGION,
    SECRET_KEY,
    TEMPLATES,
    TOKEN,
    Fault,
    IotdaServer,
)

TEMPLATE, DEVICE_CA = "Custom::IotdaProvisioningTemplate", "Custom::IotdaDeviceCa"
NODE_ID = ref(CertificateField.COMMON_NAME)
BODY = TemplateBody(device=Device(node_id=NODE_ID, product_id="pump")).to_json()
OTHER_BODY = TemplateBody(device=Device(node_id=NODE_ID, product_id="valve")).to_json()


class Instance:
    """An instance of IoTDA, a secret, and CloudFormation."""

    def __init__(self, emulator, answers, api):
        self.api = api
        self.secrets = emulator.client("secretsmanager")
        self.cloudformation = CloudFormation(handler, answers)
        self.made_secrets = []
        self.secret_id = self.secret({"ak": ACCESS_KEY, "sk": SECRET_KEY})

    def secret(self, document):
        text = document if isinstance(document, str) else json.dumps(document)
        name = f"iotda-{self.api.url[-5:]}-{len(self.made_secrets)}"
        self.made_secrets.append(name)
        return self.secrets.create_secret(Name=name, SecretString=text)["ARN"]

    def connection(self, **changed):
        known = {"ProjectId": PROJECT, "Region": REGION, "Endpoint": self.api.url, "InstanceId": INSTANCE}
        return {**known, "SecretId": self.secret_id, **changed}

    def template(self, name="pumps", body=BODY, **more):
        return {**self.connection(), "TemplateName": name, "TemplateBody": body, **more}

    def device_ca(self, pem, **more):
        identity = identity_of(pem)._asdict()
        return {**self.connection(), "Content": pem, "Identity": identity, "ProvisionEnable": "true", **more}

    def create(self, properties, resource_type=TEMPLATE, **more):
        return self.cloudformation.create(properties, ResourceType=resource_type, **more)

    def update(self, properties, before, physical_id, resource_type=TEMPLATE):
        return self.cloudformation.update(properties, before, physical_id, ResourceType=resource_type)

    def delete(self, properties, physical_id, resource_type=TEMPLATE):
        return self.cloudformation.delete(properties, physical_id, ResourceType=resource_type)


@pytest.fixture
def instance(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    with answers_server() as answers, IotdaServer() as api:
        made = Instance(emulator, answers, api)
        yield made
    for name in made.made_secrets:
        made.secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def test_a_template_is_created_changed_in_place_and_deleted(instance):
    before = instance.template(Description="first")
    made = instance.create(before)
    assert made["Status"] == "SUCCESS", made
    after = instance.template(body=OTHER_BODY, Description="second")
    changed = instance.update(after, before, made["PhysicalResourceId"])
    assert (changed["Status"], changed["PhysicalResourceId"]) == ("SUCCESS", made["PhysicalResourceId"])
    [template] = instance.api.templates.values()
    assert (template["description"], template["template_body"]) == ("second", json.loads(OTHER_BODY))
    assert instance.delete(after, made["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert not instance.api.templates


def test_a_new_name_makes_a_new_template_and_leaves_the_old_one_to_the_delete_that_follows(instance):
    before, after = instance.template(), instance.template(name="pumps2")
    made = instance.create(before)
    renamed = instance.update(after, before, made["PhysicalResourceId"])
    assert renamed["PhysicalResourceId"] != made["PhysicalResourceId"]
    assert {each["template_name"] for each in instance.api.templates.values()} == {"pumps", "pumps2"}
    instance.delete(before, made["PhysicalResourceId"])
    assert list(instance.api.templates) == [renamed["PhysicalResourceId"]]


def test_a_template_moves_to_another_instance_as_a_new_one(instance):
    made = instance.create(instance.template())
    with IotdaServer(ids=1) as other:
        after = instance.template(Endpoint=other.url)
        moved = instance.update(after, instance.template(), made["PhysicalResourceId"])
        assert list(other.templates) == [moved["PhysicalResourceId"]]
    assert list(instance.api.templates) == [made["PhysicalResourceId"]]


def test_an_event_that_is_delivered_twice_makes_one_template(instance):
    first, second = (instance.create(instance.template(), request_id="same") for _ in range(2))
    assert first["PhysicalResourceId"] == second["PhysicalResourceId"]
    assert len(instance.api.templates) == 1


def test_a_create_whose_answer_was_lost_makes_one_template(instance):
    instance.api.faults = [Fault("POST", TEMPLATES, carried_out=True)]
    made = instance.create(instance.template())
    assert list(instance.api.templates) == [made["PhysicalResourceId"]]


def test_a_refusal_is_reported_with_huaweis_code_and_what_to_do(instance):
    instance.api.faults = [Fault("POST", TEMPLATES, 403)]
    answer = instance.create(instance.template())
    assert answer["Status"] == "FAILED"
    assert "refused with 403 IOTDA.403, request id request-" in answer["Reason"]
    assert "grant the user" in answer["Reason"]


def test_the_delete_after_a_create_that_failed_leaves_a_template_of_the_same_name_alone(instance):
    other = instance.api.add_template("pumps")
    answer = instance.create(instance.template())
    assert "there is a template 'pumps' with another body" in answer["Reason"]
    assert instance.delete(instance.template(), answer["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert list(instance.api.templates) == [other["template_id"]]


def test_a_template_that_somebody_deleted_is_made_anew_by_the_next_change(instance):
    before = instance.template()
    made = instance.create(before)
    instance.api.templates.clear()
    changed = instance.update(instance.template(body=OTHER_BODY), before, made["PhysicalResourceId"])
    assert list(instance.api.templates) == [changed["PhysicalResourceId"]]
    assert instance.delete(before, made["PhysicalResourceId"])["Status"] == "SUCCESS"


def test_deleting_what_is_gone_succeeds(instance):
    for resource_type in (TEMPLATE, DEVICE_CA):
        answer = instance.delete(instance.template(), "5c90fa7d3c4e4405e8525079", resource_type)
        assert answer["Status"] == "SUCCESS"


def test_a_device_ca_waits_for_its_verification_and_is_bound_then(instance):
    template = instance.create(instance.template())["PhysicalResourceId"]
    key, pem = authority("Factory")
    before = instance.device_ca(pem, TemplateId=template)
    made = instance.create(before, DEVICE_CA)
    [uploaded] = instance.api.authorities.values()
    assert made["Data"] == {"VerifyCode": uploaded["verify_code"], "Verified": "false"}
    assert (uploaded["template_id"], uploaded["provision_enable"]) == (None, False)
    after = {**before, "VerificationCertificate": verification(key, pem, uploaded["verify_code"])}
    verified = instance.update(after, before, made["PhysicalResourceId"], DEVICE_CA)
    assert verified["PhysicalResourceId"] == made["PhysicalResourceId"]
    assert verified["Data"]["Verified"] == "true"
    assert (uploaded["template_id"], uploaded["provision_enable"]) == (template, True)


@pytest.fixture
def bound(instance):
    """A verified CA that a template is bound to: its properties and its id."""
    template = instance.create(instance.template())["PhysicalResourceId"]
    key, pem = authority("Factory")
    properties = instance.device_ca(pem, TemplateId=template)
    made = instance.create(properties, DEVICE_CA)
    proof = verification(key, pem, made["Data"]["VerifyCode"])
    after = {**properties, "VerificationCertificate": proof}
    instance.update(after, properties, made["PhysicalResourceId"], DEVICE_CA)
    return after, made["PhysicalResourceId"]


def test_a_device_ca_that_is_settled_already_is_left_alone(instance, bound):
    properties, certificate_id = bound
    changes = len(instance.api.calls("PUT")), len(instance.api.calls("POST"))
    instance.update(properties, properties, certificate_id, DEVICE_CA)
    assert (len(instance.api.calls("PUT")), len(instance.api.calls("POST"))) == changes


@pytest.mark.parametrize("change", ["unbound", "not enabled", "another template"])
def test_the_binding_of_a_device_ca_changes_in_place(instance, bound, change):
    properties, certificate_id = bound
    expected, after = (properties["TemplateId"], True), dict(properties)
    if change == "unbound":
        expected = (None, False)
        del after["TemplateId"]
    elif change == "not enabled":
        expected = (properties["TemplateId"], False)
        after["ProvisionEnable"] = "false"
    else:
        after["TemplateId"] = instance.api.add_template("valves")["template_id"]
        expected = (after["TemplateId"], True)
    answer = instance.update(after, properties, certificate_id, DEVICE_CA)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", certificate_id)
    [kept] = instance.api.authorities.values()
    assert (kept["template_id"], kept["provision_enable"]) == expected


def test_another_certificate_is_uploaded_anew(instance, bound):
    properties, certificate_id = bound
    _, pem = authority("Factory two")
    after = {**instance.device_ca(pem), "TemplateId": properties["TemplateId"]}
    answer = instance.update(after, properties, certificate_id, DEVICE_CA)
    assert answer["Status"] == "SUCCESS"
    assert set(instance.api.authorities) == {certificate_id, answer["PhysicalResourceId"]}


def test_a_device_ca_that_somebody_deleted_is_uploaded_anew_by_the_next_change(instance, bound):
    properties, certificate_id = bound
    instance.api.authorities.clear()
    after = {**properties, "ProvisionEnable": "false"}
    del after["VerificationCertificate"]
    answer = instance.update(after, properties, certificate_id, DEVICE_CA)
    assert list(instance.api.authorities) == [answer["PhysicalResourceId"]]


def test_a_template_is_deleted_although_a_device_ca_is_bound_to_it(instance, bound):
    properties, certificate_id = bound
    answer = instance.delete(instance.template(), properties["TemplateId"])
    assert answer["Status"] == "SUCCESS"
    assert instance.api.authorities[certificate_id]["template_id"] is None


def test_a_bound_device_ca_is_deleted(instance, bound):
    properties, certificate_id = bound
    assert instance.delete(properties, certificate_id, DEVICE_CA)["Status"] == "SUCCESS"
    assert not instance.api.authorities


def test_a_token_is_read_from_the_secret_too(instance):
    properties = {**instance.template(), "SecretId": instance.secret({"token": TOKEN})}
    assert instance.create(properties)["Status"] == "SUCCESS"
    assert instance.api.received[-1].headers["X-Auth-Token"] == TOKEN


@pytest.mark.parametrize("content", ["hush", '{"ak": "hush"}', '["hush"]', '{"ak": "hush", "sk": 7}'])
def test_a_secret_of_another_form_is_reported_and_not_repeated(instance, content, capsys):
    answer = instance.create({**instance.template(), "SecretId": instance.secret(content)})
    assert answer["Status"] == "FAILED"
    assert "the credentials have another form" in answer["Reason"]
    assert "hush" not in answer["Reason"] + capsys.readouterr().out


def test_a_secret_that_is_not_there_is_reported(instance):
    answer = instance.create({**instance.template(), "SecretId": "nowhere"})
    assert "the secret nowhere can't be read: ResourceNotFoundException" in answer["Reason"]


def test_credentials_are_in_no_answer_and_no_log_line(instance, capsys):
    instance.api.faults = [Fault("POST", TEMPLATES, 400)]
    answer = instance.create(instance.template())
    assert answer["Status"] == "FAILED"
    assert SECRET_KEY not in json.dumps(answer) + capsys.readouterr().out
