"""The dynamic providers for IoTDA, in the process that the engine runs them in, against the API over HTTP."""

import json

import grpc
import pytest
from pulumi.runtime.rpc import UNKNOWN

from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref
from device_provisioning.pulumi_providers.iotda_device_ca import IotdaDeviceCaProvider
from device_provisioning.pulumi_providers.iotda_provisioning_template import IotdaProvisioningTemplateProvider
from tests.support.iotda_authorities import authority, verification
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
from tests.support.pulumi_processes import dynamic_provider

TEMPLATE, DEVICE_CA = IotdaProvisioningTemplateProvider(), IotdaDeviceCaProvider()
ENVIRONMENT = {"HUAWEICLOUD_SDK_AK": ACCESS_KEY, "HUAWEICLOUD_SDK_SK": SECRET_KEY}


def a_body(product):
    return TemplateBody(
        device=Device(node_id=ref(CertificateField.COMMON_NAME), product_id=product)
    ).to_json()


@pytest.fixture(scope="module")
def engine():
    with dynamic_provider(ENVIRONMENT) as provider:
        yield provider


@pytest.fixture
def api():
    with IotdaServer() as running:
        yield running


@pytest.fixture
def here(api):
    return {"project_id": PROJECT, "region": REGION, "endpoint": api.url, "instance_id": INSTANCE}


@pytest.fixture
def template(here):
    return {
        "template_name": "pumps",
        "template_body": a_body("pump"),
        "description": "",
        "silenced_rules": {},
        **here,
    }


@pytest.fixture
def factory(here):
    key, pem = authority("Factory")
    settings = {
        "certificate": pem,
        "verification_certificate": "",
        "template_id": "",
        "provision_enable": False,
        "app_id": "",
        "silenced_rules": {},
        **here,
    }
    return key, settings


def test_a_template_is_created_read_changed_in_place_and_deleted(engine, api, template):
    id_, state = engine.create(TEMPLATE, template)
    assert list(api.templates) == [id_]
    assert engine.read(TEMPLATE, id_, state) == (id_, state)
    news = {**template, "template_body": a_body("valve"), "description": "valves"}
    engine.update(TEMPLATE, id_, state, news)
    assert api.templates[id_]["description"] == "valves"
    assert api.templates[id_]["template_body"] == json.loads(a_body("valve"))
    engine.delete(TEMPLATE, id_, news)
    engine.delete(TEMPLATE, id_, news)
    assert not api.templates
    assert engine.read(TEMPLATE, id_, news)[0] == ""


def test_name_and_instance_need_a_new_template_and_nothing_else_does(engine, template):
    def difference(**changed):
        return engine.diff(TEMPLATE, "id", template, {**template, **changed})

    assert difference() == (False, [])
    assert difference(description="x") == (True, [])
    assert difference(template_body=a_body("valve")) == (True, [])
    assert difference(template_name="valves") == (True, ["template_name"])
    assert difference(project_id="other") == (True, ["project_id"])
    assert difference(endpoint="https://other") == (True, ["endpoint"])


def test_a_create_whose_answer_was_lost_makes_one_template(engine, api, template):
    api.faults = [Fault("POST", TEMPLATES, carried_out=True)]
    id_, _ = engine.create(TEMPLATE, template)
    assert list(api.templates) == [id_]


def test_an_eleventh_template_is_refused_and_not_sent(engine, api, template):
    for number in range(10):
        api.add_template(f"template{number}")
    with pytest.raises(grpc.RpcError, match="takes no more than 10"):
        engine.create(TEMPLATE, template)
    assert not api.calls("POST")


def test_a_generated_name_stays_as_long_as_the_template(engine, template):
    asked = {**template, "template_name": "", "proposed_name": "pumps-1"}
    first, _ = engine.check(TEMPLATE, asked)
    assert first["template_name"] == "pumps-1"
    renamed, _ = engine.check(TEMPLATE, {**asked, "proposed_name": "pumps-2"}, first)
    assert renamed == first


def test_what_the_rules_refuse_fails_the_preview(engine, template):
    broken = {**template, "template_name": "a b", "template_body": '{"resources": {}}', "proposed_name": ""}
    _, failures = engine.check(TEMPLATE, broken)
    assert {reason.partition(" ")[0] for _, reason in failures} == {"DP202", "DP209"}
    unknown = {**broken, "template_body": UNKNOWN}
    assert engine.check(TEMPLATE, unknown)[1] == []


def test_a_refresh_sees_what_somebody_else_changed(engine, api, template):
    id_, state = engine.create(TEMPLATE, template)
    api.templates[id_]["description"] = "by-hand"
    api.templates[id_]["template_body"]["resources"]["device"]["product_id"] = "valve"
    _, found = engine.read(TEMPLATE, id_, state)
    assert found["description"] == "by-hand"
    assert json.loads(found["template_body"]) == json.loads(a_body("valve"))
    assert engine.diff(TEMPLATE, id_, found, template) == (True, [])


def test_a_device_ca_waits_for_its_verification_and_is_bound_unbound_and_deleted(
    engine, api, template, factory
):
    template_id, _ = engine.create(TEMPLATE, template)
    key, settings = factory
    wanted = {**settings, "template_id": template_id, "provision_enable": True}
    id_, state = engine.create(DEVICE_CA, wanted)
    assert state["verified"] is False
    assert engine.read(DEVICE_CA, id_, state) == (id_, state)
    proof = verification(key, settings["certificate"], state["verify_code"])
    news = {**wanted, "verification_certificate": proof}
    assert engine.diff(DEVICE_CA, id_, state, news) == (True, [])
    state = engine.update(DEVICE_CA, id_, state, news)
    assert state["verified"] is True
    assert engine.read(DEVICE_CA, id_, state) == (id_, state)
    assert (api.authorities[id_]["template_id"], api.authorities[id_]["provision_enable"]) == (
        template_id,
        True,
    )
    state = engine.update(DEVICE_CA, id_, state, {**news, "template_id": "", "provision_enable": False})
    assert (api.authorities[id_]["template_id"], api.authorities[id_]["provision_enable"]) == (None, False)
    engine.update(DEVICE_CA, id_, state, news)
    engine.delete(DEVICE_CA, id_, news)
    engine.delete(DEVICE_CA, id_, news)
    assert not api.authorities
    assert engine.read(DEVICE_CA, id_, news)[0] == ""


def test_a_device_ca_whose_verification_fails_is_not_left_behind(engine, api, factory):
    _, settings = factory
    other_key, other = authority("Another factory")
    proof = verification(other_key, other, "of another CA")
    with pytest.raises(grpc.RpcError):
        engine.create(DEVICE_CA, {**settings, "verification_certificate": proof})
    assert not api.authorities


def test_another_certificate_needs_another_upload(engine, factory):
    _, settings = factory
    state = {**settings, "verify_code": "code", "verified": True}
    assert engine.diff(DEVICE_CA, "id", state, settings) == (False, [])
    assert engine.diff(DEVICE_CA, "id", state, {**settings, "certificate": "x"}) == (True, ["certificate"])
    assert engine.diff(DEVICE_CA, "id", state, {**settings, "template_id": "x"}) == (True, [])


@pytest.mark.parametrize(
    ("change", "text"),
    [({"certificate": "no pem"}, "not a certificate in PEM"), ({"provision_enable": True}, "DP216")],
)
def test_a_device_ca_that_cannot_be_fails_the_preview(engine, factory, change, text):
    _, settings = factory
    [(_, reason)] = engine.check(DEVICE_CA, {**settings, **change})[1]
    assert text in reason


def test_the_configuration_of_the_stack_wins_over_the_environment(api, template):
    wrong = {**ENVIRONMENT, "HUAWEICLOUD_SDK_SK": "wrong"}
    with dynamic_provider(wrong, {"huaweicloud:token": TOKEN}) as engine:
        id_, state = engine.create(TEMPLATE, template)
    assert list(api.templates) == [id_]
    assert not any(secret in json.dumps(state) for secret in ("wrong", TOKEN))


def test_without_credentials_it_says_how_to_give_them(template):
    nothing = dict.fromkeys(ENVIRONMENT, "")
    with (
        dynamic_provider(nothing) as engine,
        pytest.raises(grpc.RpcError, match="pulumi config set --secret huaweicloud:accessKey"),
    ):
        engine.create(TEMPLATE, template)
