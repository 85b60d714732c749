"""The configuration file of a core device."""

from uuid import uuid4

import pytest
from pydantic import ValidationError

from device_provisioning.aws_iot.claim_policy import claim_policy
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.greengrass import (
    Enrolment,
    IotEndpoints,
    Nucleus,
    NucleusSettings,
    Proxy,
    nucleus_config,
)
from device_provisioning.greengrass.client_ids import NUCLEUS_CLIENT_ID_PATTERNS, RANDOM_UUID
from tests.support.client_ids import connects

ENDPOINTS = IotEndpoints("data.example.com", "credentials.example.com")
PLUGIN = "aws.greengrass.FleetProvisioningByClaim"


def an_enrolment(*sources, client_ids=NUCLEUS_CLIENT_ID_PATTERNS):
    return Enrolment(
        region="eu-west-1",
        template_name="cores",
        role_alias_name="edge",
        thing_name_prefix="gg-",
        certificate_sources=sources or ("create", "create-from-csr"),
        claim_client_id_patterns=client_ids,
    )


def classic(core_name="gg-0042", **settings):
    document = nucleus_config(an_enrolment(), ENDPOINTS, core_name, NucleusSettings(**settings))
    services = document["services"]
    return services["aws.greengrass.Nucleus"], services[PLUGIN]["configuration"]


def lite(**settings):
    settings = NucleusSettings(nucleus=Nucleus.LITE, **settings)
    document = nucleus_config(an_enrolment(), ENDPOINTS, "gg-0042", settings)
    services = document["services"]
    enrolling = services["aws.greengrass.fleet_provisioning"]["configuration"]
    return document["system"], services["aws.greengrass.NucleusLite"]["configuration"], enrolling


def test_the_plugin_gets_every_setting_that_it_requires():
    nucleus, plugin = classic()
    assert nucleus == {"version": "2.14.0"}
    assert plugin == {
        "rootPath": "/greengrass/v2",
        "awsRegion": "eu-west-1",
        "iotDataEndpoint": "data.example.com",
        "iotCredentialEndpoint": "credentials.example.com",
        "iotRoleAlias": "edge",
        "provisioningTemplate": "cores",
        "claimCertificatePath": "/greengrass/v2/claim/claim.pem.crt",
        "claimCertificatePrivateKeyPath": "/greengrass/v2/claim/claim.private.pem.key",
        "rootCaPath": "/greengrass/v2/AmazonRootCA1.pem",
        "templateParameters": {"SerialNumber": "0042"},
        "mqttPort": 8883,
        "deviceId": "claim-gg-0042",
    }


@pytest.mark.parametrize(
    ("client_ids", "device_id"),
    [
        (["factory-*"], "factory-gg-0042"),
        ([RANDOM_UUID, "factory-*"], "factory-gg-0042"),
        (["*"], "claim-gg-0042"),
        ([RANDOM_UUID], None),
    ],
)
def test_the_plugin_connects_by_a_client_id_that_the_claim_allows(client_ids, device_id):
    enrolment = an_enrolment(client_ids=client_ids)
    services = nucleus_config(enrolment, ENDPOINTS, "gg-0042")["services"]
    assert services[PLUGIN]["configuration"].get("deviceId") == device_id


def test_a_core_that_the_claim_lets_connect_by_no_client_id_is_refused():
    with pytest.raises(ValueError, match="no client id is known that the claim may connect with"):
        nucleus_config(an_enrolment(client_ids=["${iot:Certificate.Subject.CommonName}"]), ENDPOINTS, "gg-1")


@pytest.mark.parametrize("client_ids", [["factory"], ["factory-??"], ["a", "b-????"]])
def test_a_client_id_that_all_cores_would_share_is_refused(client_ids):
    with pytest.raises(ValueError, match=r"the same for every core.* deploy the fleet with claim-\*"):
        nucleus_config(an_enrolment(client_ids=client_ids), ENDPOINTS, "gg-0042")


def test_a_client_id_is_no_longer_than_aws_iot_takes():
    longest = "gg-" + "x" * 119
    _, plugin = classic(core_name=longest)
    assert len(plugin["deviceId"]) == 128
    with pytest.raises(ValueError, match="129 characters, and AWS IoT takes 128: give the core a shorter"):
        classic(core_name=f"{longest}x")


def test_lite_is_refused_where_the_claim_allows_no_random_uuid():
    settings = NucleusSettings(nucleus=Nucleus.LITE)
    with pytest.raises(ValueError, match=r"random UUID as its client id, but the claim allows claim-\*"):
        nucleus_config(an_enrolment(client_ids=["claim-*"]), ENDPOINTS, "gg-0042", settings)


@pytest.mark.parametrize("uuid", [uuid4() for _ in range(20)], ids=lambda uuid: "a UUID")
def test_the_shape_of_a_random_uuid_allows_each_and_no_core_is_named_so(uuid):
    document = claim_policy(
        "cores",
        Environment("111122223333", "eu-west-1"),
        client_id_patterns=NUCLEUS_CLIENT_ID_PATTERNS,
        thing_name_patterns=["gg-*"],
    )
    assert connects(document, str(uuid))
    assert connects(document, "claim-gg-0042")
    assert not connects(document, f"gg-{str(uuid)[3:]}")
    assert not connects(document, str(uuid)[:-1])
    assert not connects(document, "gg-0042")


def test_a_csr_brings_its_key_along():
    _, plugin = classic(csr_path="/k/core.csr", csr_private_key_path="/k/core.key")
    assert (plugin["csrPath"], plugin["csrPrivateKeyPath"]) == ("/k/core.csr", "/k/core.key")


def test_port_443_is_for_the_enrolment_and_for_all_that_follows():
    nucleus, plugin = classic(port_443=True)
    assert plugin["mqttPort"] == 443
    assert nucleus["configuration"] == {"mqtt": {"port": 443}, "greengrassDataPlanePort": 443}


def test_a_proxy_is_for_the_enrolment_and_for_all_that_follows():
    proxy = Proxy(url="http://proxy:3128", username="core", password="hush")
    nucleus, plugin = classic(proxy=proxy)
    assert (plugin["proxyUrl"], plugin["proxyUserName"], plugin["proxyPassword"]) == (
        "http://proxy:3128",
        "core",
        "hush",
    )
    assert nucleus["configuration"]["networkProxy"]["proxy"] == {
        "url": "http://proxy:3128",
        "username": "core",
        "password": "hush",
    }


def test_the_password_of_a_proxy_is_in_no_error_and_no_representation():
    settings = {"url": "ftp://proxy", "username": "core", "password": "hush"}
    with pytest.raises(ValidationError) as error:
        Proxy(**settings)
    assert "hush" not in str(error.value)
    assert "hush" not in repr(Proxy(**{**settings, "url": "http://proxy"}))


@pytest.mark.parametrize("url", ["proxy:3128", "ftp://proxy", "http://", "http://user:word@proxy"])
def test_another_address_of_a_proxy_is_refused(url):
    with pytest.raises(ValidationError, match="the proxy's url"):
        Proxy(url=url)


def test_lite_starts_without_an_identity_and_enrols_by_the_claim():
    system, nucleus, enrolling = lite()
    assert system == {
        "privateKeyPath": "",
        "certificateFilePath": "",
        "rootCaPath": "",
        "thingName": "",
        "rootPath": "/var/lib/greengrass",
    }
    assert (nucleus["iotDataEndpoint"], nucleus["iotCredEndpoint"]) == ("", "")
    assert enrolling == {
        "iotDataEndpoint": "data.example.com",
        "iotCredEndpoint": "credentials.example.com",
        "rootCaPath": "/var/lib/greengrass/AmazonRootCA1.pem",
        "claimCertPath": "/var/lib/greengrass/claim/claim.pem.crt",
        "claimKeyPath": "/var/lib/greengrass/claim/claim.private.pem.key",
        "csrCommonName": "gg-0042",
        "templateName": "cores",
        "templateParams": {"SerialNumber": "0042"},
    }


def test_lite_keeps_its_keys_in_a_tpm_and_uses_a_proxy():
    _, nucleus, enrolling = lite(
        claim_key_path="handle:0x81000000", key_path="handle:0x81000001", proxy=Proxy(url="http://proxy:3128")
    )
    assert (enrolling["claimKeyPath"], enrolling["keyPath"]) == ("handle:0x81000000", "handle:0x81000001")
    assert nucleus["networkProxy"] == {"proxy": {"url": "http://proxy:3128"}}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"csr_path": "a"}, "are a pair"),
        ({"key_path": "a"}, "key_path is for nucleus lite"),
        ({"claim_key_path": "handle:0x81000000"}, "claim_key_path is a TPM handle"),
        ({"nucleus": "lite", "csr_path": "a", "csr_private_key_path": "b"}, "lite makes its own CSR"),
        ({"nucleus": "lite", "port_443": True}, "no other MQTT port is documented for lite"),
        (
            {"nucleus": "lite", "proxy": {"url": "http://p", "username": "core"}},
            "for lite only a url is documented",
        ),
    ],
)
def test_what_a_nucleus_does_not_know_is_refused(settings, message):
    with pytest.raises(ValidationError, match=message):
        NucleusSettings(**settings)


def test_all_that_a_nucleus_does_not_know_is_told_together():
    with pytest.raises(ValidationError, match=r"(?s)are a pair.*key_path is for nucleus lite"):
        NucleusSettings(csr_path="a", key_path="b")


@pytest.mark.parametrize("name", ["gg-", "sensor-1", "0042"])
def test_a_core_of_another_fleet_is_refused(name):
    with pytest.raises(ValueError, match="is not of this fleet"):
        nucleus_config(an_enrolment(), ENDPOINTS, name)


@pytest.mark.parametrize(
    ("allowed", "settings"),
    [("create", {"nucleus": "lite"}), ("create-from-csr", {})],
)
def test_a_claim_that_does_not_allow_how_the_core_gets_its_certificate_is_reported(allowed, settings):
    with pytest.raises(ValueError, match=f"but the claim allows {allowed}"):
        nucleus_config(an_enrolment(allowed), ENDPOINTS, "gg-0042", NucleusSettings(**settings))
