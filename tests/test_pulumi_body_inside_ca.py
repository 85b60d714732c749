"""A template body inside a CA: its provider on the emulator, and a program on Pulumi's own engine."""

import json

import pytest

from device_provisioning.aws_iot.jitp_body import jitp_body
from device_provisioning.pulumi import JustInTimeProvisioning
from device_provisioning.pulumi_providers.authority_template import AuthorityTemplateProvider
from tests.support.certificates import an_authority, pem_of
from tests.support.needing_engine import needs_engine
from tests.support.pulumi_processes import dynamic_provider
from workshop.emulator import ACCOUNT, REGION
from workshop.pulumi_engine import FLEET, stack_of

ROLE = f"arn:aws:iam::{ACCOUNT}:role/pumps"


@pytest.fixture
def iot(emulator):
    return emulator.client("iot")


@pytest.fixture
def pem():
    return pem_of(an_authority("Inside").certificate).decode()


def authority(iot, pem):
    """What AWS IoT says of a CA; nothing if it is not there."""
    for listed in iot.list_ca_certificates()["certificates"]:
        described = iot.describe_ca_certificate(certificateId=listed["certificateId"])
        if described["certificateDescription"]["certificatePem"] == pem:
            return described
    return {}


def status(described):
    description = described["certificateDescription"]
    return description["status"], description["autoRegistrationStatus"]


@pytest.fixture(scope="module")
def engine(emulator):
    with dynamic_provider(emulator.environment()) as provider:
        yield provider


class TestProvider:
    @pytest.fixture
    def settings(self, iot, pem):
        registered = iot.register_ca_certificate(
            caCertificate=pem, certificateMode="SNI_ONLY", setAsActive=True
        )
        return {
            "ca_certificate_id": registered["certificateId"],
            "ca_settings": "{}",
            "template_name": "",
            "template_body": jitp_body(policy_name="pump").to_json(),
            "role_arn": ROLE,
            "enabled": True,
            "silenced_rules": {},
            "account_id": ACCOUNT,
            "region": REGION,
        }

    def test_a_ca_gets_its_body_changes_it_and_registers_nobody_in_the_end(self, iot, pem, engine, settings):
        provider = AuthorityTemplateProvider()
        assert status(authority(iot, pem)) == ("ACTIVE", "DISABLE")
        id_, state = engine.create(provider, settings)
        assert status(authority(iot, pem)) == ("ACTIVE", "ENABLE")
        config = {"templateBody": settings["template_body"], "roleArn": ROLE}
        assert authority(iot, pem)["registrationConfig"] == config
        assert engine.read(provider, id_, state) == (id_, state)
        news = {**settings, "template_body": jitp_body(policy_name="other").to_json(), "enabled": False}
        state = engine.update(provider, id_, state, news)
        assert authority(iot, pem)["registrationConfig"]["templateBody"] == news["template_body"]
        assert status(authority(iot, pem)) == ("ACTIVE", "DISABLE")
        engine.update(provider, id_, state, settings)
        engine.delete(provider, id_, settings)
        assert status(authority(iot, pem)) == ("ACTIVE", "DISABLE")

    def test_from_a_body_to_a_template_and_back_is_an_update_and_only_what_is_its_own_is_taken_away(
        self, iot, pem, engine, settings
    ):
        provider = AuthorityTemplateProvider()
        by_name = {**settings, "template_name": "pumps", "template_body": "", "role_arn": ""}
        assert engine.check(provider, by_name)[1] == []
        id_, state = engine.create(provider, settings)
        assert engine.diff(provider, id_, settings, by_name) == (True, [])
        state = engine.update(provider, id_, state, by_name)
        assert authority(iot, pem)["registrationConfig"]["templateName"] == "pumps"
        assert engine.read(provider, id_, state) == (id_, state)
        # A body that is not there any more is nobody's to take away.
        engine.delete(provider, id_, settings)
        assert status(authority(iot, pem)) == ("ACTIVE", "ENABLE")
        engine.update(provider, id_, state, settings)
        engine.delete(provider, id_, state)
        assert status(authority(iot, pem)) == ("ACTIVE", "ENABLE")
        engine.delete(provider, id_, settings)
        assert status(authority(iot, pem)) == ("ACTIVE", "DISABLE")

    def test_a_refresh_sees_what_somebody_else_changed_and_that_the_ca_is_gone(
        self, iot, pem, engine, settings
    ):
        provider, ca_id = AuthorityTemplateProvider(), settings["ca_certificate_id"]
        id_, state = engine.create(provider, settings)
        iot.update_ca_certificate(certificateId=ca_id, newAutoRegistrationStatus="DISABLE")
        found = engine.read(provider, id_, state)[1]
        assert found == {**state, "enabled": False}
        assert engine.diff(provider, id_, found, settings) == (True, [])
        iot.update_ca_certificate(certificateId=ca_id, newStatus="INACTIVE")
        iot.delete_ca_certificate(certificateId=ca_id)
        assert engine.read(provider, id_, state)[0] == ""
        engine.delete(provider, id_, state)

    def test_what_the_rules_refuse_fails_the_preview_and_another_ca_is_another_resource(
        self, engine, settings
    ):
        provider = AuthorityTemplateProvider()
        _, failures = engine.check(provider, {**settings, "template_body": '{"Mappings": {}}'})
        assert any("DP009" in reason for _, reason in failures)
        assert engine.check(provider, settings)[1] == []
        other = {**settings, "ca_certificate_id": "0" * 64}
        assert engine.diff(provider, "id", settings, other) == (True, ["ca_certificate_id"])


@pytest.mark.exhaustive
@needs_engine
@pytest.mark.timeout(900)
def test_a_program_keeps_the_body_inside_its_ca_and_the_role_trusts_this_ca_alone(
    emulator, iot, pem, tmp_path
):
    settings = {}

    def program():
        JustInTimeProvisioning("inside", {"ca_certificate_pem": pem, "body_inside_ca": True, **settings})

    stack = stack_of(FLEET, emulator, tmp_path, program=program)
    stack.up()
    described = authority(iot, pem)
    assert status(described) == ("ACTIVE", "ENABLE")
    role_name = described["registrationConfig"]["roleArn"].rpartition("/")[2]
    role = emulator.client("iam").get_role(RoleName=role_name)["Role"]
    condition = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    arn = described["certificateDescription"]["certificateArn"]
    assert condition["ArnLike"] == {"aws:SourceArn": arn}
    settings |= {"active": False, "thing_groups": ["pumps"]}
    stack.up(refresh=True)
    described = authority(iot, pem)
    assert status(described) == ("INACTIVE", "ENABLE")
    assert (
        "pumps"
        in json.loads(described["registrationConfig"]["templateBody"])["Resources"]["thing"]["Properties"][
            "ThingGroups"
        ]
    )
    assert stack.preview(expect_no_changes=True, refresh=True)
    settings |= {"body_inside_ca": False, "active": True}
    stack.up()
    described = authority(iot, pem)
    assert status(described) == ("ACTIVE", "ENABLE")
    assert described["registrationConfig"]["templateName"]
    settings["body_inside_ca"] = True
    stack.up()
    assert "pumps" in authority(iot, pem)["registrationConfig"]["templateBody"]
    assert status(authority(iot, pem)) == ("ACTIVE", "ENABLE")
    stack.destroy()
    assert authority(iot, pem) == {}
