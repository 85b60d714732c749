"""The dynamic providers, in the process that Pulumi's engine runs them in, on the emulator."""

import io
import json
import uuid
import zipfile

import grpc
import pytest
from pulumi.runtime.rpc import UNKNOWN

from device_provisioning.aws_iot import FleetTemplate, Parameter, Policy, Thing, ref
from device_provisioning.pulumi_providers.claim_certificate import ClaimCertificateProvider
from device_provisioning.pulumi_providers.generated_name import GeneratedNameProvider
from device_provisioning.pulumi_providers.listed_devices import ListedDevicesProvider
from device_provisioning.pulumi_providers.provisioned_certificates import ProvisionedCertificatesProvider
from device_provisioning.pulumi_providers.template import TemplateProvider
from tests.support.detaching import once_detached
from tests.support.pulumi_processes import dynamic_provider
from workshop.emulator import ACCOUNT, REGION

HERE = {"account_id": ACCOUNT, "region": REGION}
FLEET = "FLEET_PROVISIONING"


@pytest.fixture
def unique():
    return f"name-{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="module")
def engine(emulator):
    with dynamic_provider(emulator.environment()) as provider:
        yield provider


class TestTemplate:
    @pytest.fixture
    def role_arn(self, emulator, unique):
        trust = {"Effect": "Allow", "Principal": {"Service": "iot.amazonaws.com"}, "Action": "sts:AssumeRole"}
        role = emulator.client("iam").create_role(
            RoleName=unique,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )
        return role["Role"]["Arn"]

    @pytest.fixture
    def hook_arn(self, emulator, unique, role_arn):
        function = emulator.client("lambda").create_function(
            FunctionName=unique,
            Role=role_arn,
            Runtime="python3.14",
            Handler="index.handler",
            Code={"ZipFile": a_function()},
        )
        emulator.client("lambda").add_permission(
            FunctionName=unique,
            StatementId="iot",
            Action="lambda:InvokeFunction",
            Principal="iot.amazonaws.com",
        )
        return function["FunctionArn"]

    @pytest.fixture
    def settings(self, unique, role_arn):
        return {
            "template_name": unique,
            "template_type": FLEET,
            "template_body": a_body("first"),
            "provisioning_role_arn": role_arn,
            "hook_arn": "",
            "description": "",
            "enabled": True,
            "tags": {},
            "silenced_rules": {},
            **HERE,
        }

    def test_findings_are_reported_of_the_resource_and_of_no_property(self, engine, settings):
        _, failures = engine.check(TemplateProvider(), {**settings, "template_body": '{"Resources": {}}'})
        assert {name for name, _ in failures} == {""}

    def test_what_the_rules_refuse_fails_the_preview(self, engine, settings):
        broken = {**settings, "template_body": '{"Resources": {}}', "description": "a\nb"}
        _, failures = engine.check(TemplateProvider(), broken)
        codes = {reason.partition(" ")[0] for _, reason in failures}
        assert {"DP048", "DP102"} <= codes
        assert engine.check(TemplateProvider(), settings)[1] == []

    def test_what_is_not_known_yet_is_not_judged(self, engine, settings):
        unknown = {**settings, "template_body": UNKNOWN, "provisioning_role_arn": UNKNOWN}
        assert engine.check(TemplateProvider(), unknown)[1] == []

    def test_name_and_type_need_a_new_template_and_nothing_else_does(self, engine, settings):
        def difference(**changed):
            return engine.diff(TemplateProvider(), "id", settings, {**settings, **changed})

        assert difference() == (False, [])
        assert difference(enabled=False) == (True, [])
        assert difference(template_body=a_body("second")) == (True, [])
        assert difference(template_name="other") == (True, ["template_name"])
        assert difference(template_type="JITP") == (True, ["template_type"])
        assert difference(region="eu-central-1") == (True, ["region"])

    def test_a_template_lives_from_its_creation_through_ten_bodies_to_its_end(
        self, emulator, engine, settings
    ):
        iot, provider, name = emulator.client("iot"), TemplateProvider(), settings["template_name"]
        id_, state = engine.create(provider, settings)
        assert id_ == name
        for number in range(10):
            news = {**settings, "template_body": a_body(f"body-{number}")}
            state = engine.update(provider, id_, state, news)
            described = iot.describe_provisioning_template(templateName=name)
            assert json.loads(described["templateBody"]) == json.loads(news["template_body"])
            assert len(iot.list_provisioning_template_versions(templateName=name)["versions"]) <= 3
        engine.delete(provider, id_, state)
        engine.delete(provider, id_, state)
        assert engine.read(provider, id_, state)[0] == ""

    def test_a_create_whose_answer_was_lost_finds_its_template(self, engine, settings, hook_arn):
        provider = TemplateProvider()
        with_hook = {**settings, "hook_arn": hook_arn}
        first = engine.create(provider, with_hook)
        again = {**with_hook, "template_body": json.dumps(json.loads(settings["template_body"]), indent=1)}
        assert engine.create(provider, again)[0] == first[0]
        engine.delete(provider, *first)

    @pytest.mark.parametrize(
        "other",
        [{"template_body": "second"}, {"description": "Pumps"}, {"enabled": False}, {"hook_arn": "hook"}],
        ids=lambda other: next(iter(other)),
    )
    def test_a_template_of_somebody_else_is_not_taken_over(self, engine, settings, hook_arn, other):
        provider = TemplateProvider()
        first = engine.create(provider, settings)
        values = {"second": a_body("second"), "hook": hook_arn}
        other = {name: values.get(value, value) for name, value in other.items()}
        with pytest.raises(grpc.RpcError, match="another stack's or was made by hand"):
            engine.create(provider, {**settings, **other})
        engine.delete(provider, *first)

    def test_a_hook_that_is_not_there_any_more_is_removed(self, emulator, engine, settings, hook_arn):
        iot, provider = emulator.client("iot"), TemplateProvider()
        id_, state = engine.create(provider, {**settings, "hook_arn": hook_arn})
        described = iot.describe_provisioning_template(templateName=id_)
        assert described["preProvisioningHook"]["targetArn"] == hook_arn
        engine.update(provider, id_, state, settings)
        assert "preProvisioningHook" not in iot.describe_provisioning_template(templateName=id_)
        engine.delete(provider, id_, state)

    def test_settings_and_tags_change_in_place(self, emulator, engine, settings):
        iot, provider = emulator.client("iot"), TemplateProvider()
        id_, state = engine.create(provider, {**settings, "tags": {"site": "lab", "old": "yes"}})
        news = {**settings, "enabled": False, "description": "Pumps", "tags": {"site": "plant7"}}
        engine.update(provider, id_, state, news)
        described = iot.describe_provisioning_template(templateName=id_)
        assert (described["enabled"], described["description"]) == (False, "Pumps")
        tags = iot.list_tags_for_resource(resourceArn=described["templateArn"])["tags"]
        assert tags == [{"Key": "site", "Value": "plant7"}]
        engine.delete(provider, id_, news)

    def test_an_update_that_fails_leaves_everything_as_it_was(self, emulator, engine, settings, hook_arn):
        iot, provider = emulator.client("iot"), TemplateProvider()
        settings = {**settings, "description": "Pumps", "hook_arn": hook_arn}
        id_, state = engine.create(provider, settings)
        before = iot.describe_provisioning_template(templateName=id_)
        # AWS IoT may not invoke a function that is not there.
        news = {
            "template_body": a_body("second"),
            "enabled": False,
            "description": "",
            "hook_arn": f"{hook_arn}-2",
        }
        with pytest.raises(grpc.RpcError, match="Access denied during lambda validation"):
            engine.update(provider, id_, state, {**settings, **news})
        after = iot.describe_provisioning_template(templateName=id_)
        for described in (before, after):
            del described["lastModifiedDate"], described["ResponseMetadata"]
        assert after == before
        engine.update(provider, id_, state, {**settings, "template_body": a_body("second")})
        described = iot.describe_provisioning_template(templateName=id_)
        assert json.loads(described["templateBody"]) == json.loads(a_body("second"))
        engine.delete(provider, id_, state)

    def test_a_refresh_sees_what_somebody_else_changed(self, emulator, engine, settings):
        provider = TemplateProvider()
        id_, state = engine.create(provider, settings)
        assert engine.read(provider, id_, state) == (id_, state)
        emulator.client("iot").update_provisioning_template(templateName=id_, enabled=False)
        found = engine.read(provider, id_, state)[1]
        assert found == {**state, "enabled": False}
        assert engine.diff(provider, id_, found, settings) == (True, [])
        engine.delete(provider, id_, state)

    def test_a_refresh_sees_tags_that_somebody_changed_and_an_update_puts_them_right(
        self, emulator, engine, settings
    ):
        iot, provider = emulator.client("iot"), TemplateProvider()
        settings = {**settings, "tags": {"site": "lab"}}
        id_, state = engine.create(provider, settings)
        arn = iot.describe_provisioning_template(templateName=id_)["templateArn"]
        assert engine.read(provider, id_, state) == (id_, state)
        iot.tag_resource(resourceArn=arn, tags=[{"Key": "other", "Value": "yes"}])
        found = engine.read(provider, id_, state)[1]
        assert found == {**state, "tags": {"site": "lab", "other": "yes"}}
        engine.update(provider, id_, found, settings)
        tags = iot.list_tags_for_resource(resourceArn=arn)["tags"]
        assert tags == [{"Key": "site", "Value": "lab"}]
        engine.delete(provider, id_, state)


def a_function():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return {'allowProvisioning': True}")
    return content.getvalue()


def a_body(group):
    return FleetTemplate(
        parameters={"SerialNumber": Parameter()},
        thing=Thing(thing_name=ref("SerialNumber"), thing_groups=[group]),
        policies=[Policy(policy_name="sensor")],
    ).to_json()


class TestGeneratedName:
    def test_the_first_name_is_kept_when_the_component_is_renamed(self, engine):
        first, _ = engine.check(GeneratedNameProvider(), {"proposed": "sensors-1", "template_type": FLEET})
        assert first == {"result": "sensors-1", "template_type": FLEET}
        renamed, _ = engine.check(
            GeneratedNameProvider(), {"proposed": "pumps-2", "template_type": FLEET}, olds=first
        )
        assert renamed == first
        assert engine.diff(GeneratedNameProvider(), "sensors-1", first, renamed) == (False, [])

    def test_another_type_gets_another_name(self, engine):
        first = {"result": "sensors-1", "template_type": FLEET}
        other, _ = engine.check(
            GeneratedNameProvider(), {"proposed": "sensors-2-JITP", "template_type": "JITP"}, olds=first
        )
        assert other["result"] == "sensors-2-JITP"
        assert engine.diff(GeneratedNameProvider(), "sensors-1", first, other) == (True, ["template_type"])


class TestClaimCertificate:
    @pytest.fixture
    def settings(self, emulator, unique):
        return {"secret_arn": emulator.client("secretsmanager").create_secret(Name=unique)["ARN"], **HERE}

    def test_the_key_is_in_the_secret_and_nowhere_in_the_state(self, emulator, engine, settings):
        provider = ClaimCertificateProvider()
        id_, state = engine.create(provider, settings)
        secret = emulator.client("secretsmanager").get_secret_value(SecretId=settings["secret_arn"])
        stored = json.loads(secret["SecretString"])
        assert stored["certificateId"] == id_
        assert "PRIVATE KEY" in stored["privateKey"]
        assert state == {**settings, "certificate_arn": stored["certificateArn"], "status": "ACTIVE"}
        engine.delete(provider, id_, state)

    def test_an_attempt_after_a_crash_goes_on_with_what_was_stored(self, emulator, engine, settings):
        provider = ClaimCertificateProvider()
        first = engine.create(provider, settings)
        assert engine.create(provider, settings) == first
        engine.delete(provider, *first)

    def test_a_deleted_certificate_is_gone_and_a_refresh_says_so(self, emulator, engine, settings):
        provider = ClaimCertificateProvider()
        id_, state = engine.create(provider, settings)
        assert engine.read(provider, id_, state) == (id_, state)
        engine.delete(provider, id_, state)
        engine.delete(provider, id_, state)
        assert engine.read(provider, id_, state)[0] == ""

    def test_a_refresh_shows_a_claim_that_somebody_deactivated_and_no_update_undoes_it(
        self, emulator, engine, settings
    ):
        provider = ClaimCertificateProvider()
        id_, state = engine.create(provider, settings)
        emulator.client("iot").update_certificate(certificateId=id_, newStatus="INACTIVE")
        found = engine.read(provider, id_, state)[1]
        assert found == {**state, "status": "INACTIVE"}
        assert engine.diff(provider, id_, found, settings) == (False, [])
        engine.delete(provider, id_, state)

    def test_a_refresh_finds_the_certificate_of_a_rotation_and_a_delete_takes_it(
        self, emulator, engine, settings
    ):
        provider, iot = ClaimCertificateProvider(), emulator.client("iot")
        id_, state = engine.create(provider, settings)
        rotated = iot.create_keys_and_certificate(setAsActive=True)
        stored = {name: rotated[name] for name in ("certificateId", "certificateArn")}
        emulator.client("secretsmanager").put_secret_value(
            SecretId=settings["secret_arn"], SecretString=json.dumps(stored)
        )
        iot.update_certificate(certificateId=id_, newStatus="INACTIVE")
        iot.delete_certificate(certificateId=id_)
        refreshed = {**state, "certificate_arn": rotated["certificateArn"]}
        assert engine.read(provider, id_, state) == (id_, refreshed)
        engine.delete(provider, id_, state)
        with pytest.raises(iot.exceptions.ResourceNotFoundException):
            iot.describe_certificate(certificateId=rotated["certificateId"])

    def test_a_certificate_that_somebody_deleted_is_made_anew(self, emulator, engine, settings):
        provider, iot = ClaimCertificateProvider(), emulator.client("iot")
        id_, _ = engine.create(provider, settings)
        iot.update_certificate(certificateId=id_, newStatus="INACTIVE")
        iot.delete_certificate(certificateId=id_)
        again, state = engine.create(provider, settings)
        assert again != id_
        engine.delete(provider, again, state)

    def test_a_secret_that_is_marked_for_deletion_holds_nobody_up(self, emulator, engine, settings):
        provider = ClaimCertificateProvider()
        id_, state = engine.create(provider, settings)
        emulator.client("secretsmanager").delete_secret(SecretId=settings["secret_arn"])
        assert engine.read(provider, id_, state) == (id_, state)
        engine.delete(provider, id_, state)
        assert engine.read(provider, id_, state)[0] == ""

    def test_another_secret_needs_another_certificate(self, engine, settings):
        news = {**settings, "secret_arn": "other"}
        assert engine.diff(ClaimCertificateProvider(), "id", settings, news) == (True, ["secret_arn"])


class TestListedDevices:
    @pytest.fixture
    def table(self, emulator, unique):
        emulator.client("dynamodb").create_table(
            TableName=unique,
            KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        return unique

    def listed(self, emulator, table):
        items = emulator.client("dynamodb").scan(TableName=table)["Items"]
        return {item["serial_number"]["S"]: set(item) - {"serial_number"} for item in items}

    def test_records_follow_the_code_and_used_up_ones_are_blocked(self, emulator, engine, table):
        provider = ListedDevicesProvider()

        def settings(*serial_numbers):
            devices = [{"serial_number": number} for number in serial_numbers]
            return {"table_name": table, "devices": json.dumps(devices), **HERE}

        id_, state = engine.create(provider, settings("A", "B", "C"))
        # DynamoDB makes no record of an update that sets nothing.
        assert self.listed(emulator, table) == {number: {"blocked"} for number in "ABC"}
        emulator.client("dynamodb").update_item(
            TableName=table,
            Key={"serial_number": {"S": "B"}},
            UpdateExpression="SET certificate_id = :id",
            ExpressionAttributeValues={":id": {"S": "c"}},
        )
        state = engine.update(provider, id_, state, settings("A"))
        assert self.listed(emulator, table) == {"A": {"blocked"}, "B": {"blocked", "certificate_id"}}
        engine.delete(provider, id_, state)
        assert set(self.listed(emulator, table)) == {"B"}

    @staticmethod
    def declared(table, *devices):
        return {"table_name": table, "devices": json.dumps(devices, separators=(",", ":")), **HERE}

    def test_a_refresh_sees_that_somebody_unblocked_or_deleted_a_device_and_an_update_puts_it_right(
        self, emulator, engine, table
    ):
        provider, dynamodb = ListedDevicesProvider(), emulator.client("dynamodb")
        blocked, site = (
            {"serial_number": "A", "blocked": True},
            {"serial_number": "B", "expires_at": 2000000000},
        )
        settings = self.declared(table, blocked, site, {"serial_number": "C"})
        id_, state = engine.create(provider, settings)
        assert engine.read(provider, id_, state) == (id_, state)
        for number, expression in (("A", "SET blocked = :no"), ("C", "SET note = :no, blocked = :no")):
            dynamodb.update_item(
                TableName=table,
                Key={"serial_number": {"S": number}},
                UpdateExpression=expression,
                ExpressionAttributeValues={":no": {"BOOL": False}},
            )
        dynamodb.delete_item(TableName=table, Key={"serial_number": {"S": "B"}})
        found = engine.read(provider, id_, state)[1]
        assert json.loads(found["devices"]) == [{**blocked, "blocked": False}, {"serial_number": "C"}]
        assert engine.diff(provider, id_, found, settings) == (True, [])
        state = engine.update(provider, id_, found, settings)
        assert engine.read(provider, id_, state) == (id_, state)
        engine.delete(provider, id_, state)

    def test_what_operators_and_the_hook_write_is_no_drift_and_survives(self, emulator, engine, table):
        provider, dynamodb = ListedDevicesProvider(), emulator.client("dynamodb")
        settings = self.declared(table, {"serial_number": "A"})
        id_, state = engine.create(provider, settings)
        dynamodb.update_item(
            TableName=table,
            Key={"serial_number": {"S": "A"}},
            UpdateExpression="SET blocked = :yes, provisioning_count = :one",
            ExpressionAttributeValues={":yes": {"BOOL": True}, ":one": {"N": "1"}},
        )
        dynamodb.put_item(TableName=table, Item={"serial_number": {"S": "OWN"}})
        assert engine.read(provider, id_, state) == (id_, state)
        engine.update(
            provider, id_, state, self.declared(table, {"serial_number": "A", "expires_at": 2000000000})
        )
        record = dynamodb.get_item(TableName=table, Key={"serial_number": {"S": "A"}})["Item"]
        assert (record["blocked"], record["provisioning_count"]) == ({"BOOL": True}, {"N": "1"})
        assert "OWN" in self.listed(emulator, table)

    def test_a_table_that_is_gone_takes_its_records_along(self, emulator, engine, table):
        provider = ListedDevicesProvider()
        id_, state = engine.create(provider, self.declared(table, {"serial_number": "A"}))
        emulator.client("dynamodb").delete_table(TableName=table)
        assert engine.read(provider, id_, state)[0] == ""

    def test_another_table_gets_records_of_its_own(self, engine, table):
        settings = {"table_name": table, "devices": "[]", **HERE}
        news = {**settings, "table_name": "other"}
        assert engine.diff(ListedDevicesProvider(), "id", settings, news) == (True, ["table_name"])


class TestProvisionedCertificates:
    def test_certificates_that_hold_the_policy_are_revoked_when_it_goes(self, emulator, engine, unique):
        iot, provider = emulator.client("iot"), ProvisionedCertificatesProvider()
        iot.create_policy(policyName=unique, policyDocument='{"Version": "2012-10-17", "Statement": []}')
        holder, other = (iot.create_keys_and_certificate(setAsActive=True) for _ in range(2))
        iot.attach_policy(policyName=unique, target=holder["certificateArn"])
        id_, state = engine.create(provider, {"policy_name": unique, **HERE})
        engine.delete(provider, id_, state)
        left = [c["certificateId"] for c in iot.list_certificates(pageSize=250)["certificates"]]
        assert holder["certificateId"] not in left
        assert other["certificateId"] in left
        once_detached(iot.delete_policy, policyName=unique)


def test_a_resource_of_another_account_is_left_alone(engine):
    elsewhere = {"policy_name": "sensor", "account_id": "999999999999", "region": REGION}
    with pytest.raises(grpc.RpcError, match="the AWS provider is of account 999999999999"):
        engine.delete(ProvisionedCertificatesProvider(), "id", elsewhere)
