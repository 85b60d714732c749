"""What the dynamic providers leave behind when AWS refuses a call, or does not answer."""

import json
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from device_provisioning.lambdas.custom_resources.claim_certificate import active_certificate
from device_provisioning.lambdas.custom_resources.cloudformation import Failed
from device_provisioning.pulumi_providers.core_deployment import CoreDeploymentProvider
from device_provisioning.pulumi_providers.listed_devices import ListedDevicesProvider
from device_provisioning.pulumi_providers.panorama_device import PanoramaDeviceProvider
from device_provisioning.pulumi_providers.template_api import TemplateApi
from tests.test_pulumi_provider_process import providers

REFUSED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "busy"}}, "Call")
SILENT = ReadTimeoutError(endpoint_url="https://example.com")


def test_every_provider_reads_so_that_a_refresh_sees_what_somebody_changed():
    assert [
        kind.__name__ for kind in set(providers()) if not _reads(kind) and kind.__subclasses__() == []
    ] == []


def _reads(kind):
    return "read" in vars(kind)


class Templates:
    """AWS IoT with one template; the named calls fail from now on, or once."""

    def __init__(self):
        self.template = {
            "templateArn": "arn",
            "templateBody": "{}",
            "enabled": True,
            "description": "",
            "provisioningRoleArn": "role",
            "defaultVersionId": 1,
        }
        self.tags, self.failing, self.once = {"site": "lab"}, {}, {}

    def describe_provisioning_template(self, **_):
        return dict(self.template)

    def get_paginator(self, operation):
        pages = {
            "list_tags_for_resource": [
                {"tags": [{"Key": key, "Value": value} for key, value in self.tags.items()]}
            ],
            "list_provisioning_template_versions": [{"versions": [{"versionId": 1}]}],
        }
        return type("Paginator", (), {"paginate": lambda _, **arguments: pages[operation]})()

    def describe_provisioning_template_version(self, **_):
        return {"templateBody": self.template["templateBody"]}

    def create_provisioning_template_version(self, templateBody, **_):  # noqa: N803
        self._fail("create_provisioning_template_version")
        self.template["templateBody"] = templateBody
        return {"versionId": 1}

    def update_provisioning_template(self, **changes):
        self._fail("update_provisioning_template")
        self.template |= {name: value for name, value in changes.items() if name != "templateName"}

    def tag_resource(self, tags, **_):
        self._fail("tag_resource")
        self.tags |= {tag["Key"]: tag["Value"] for tag in tags}

    def untag_resource(self, tagKeys, **_):  # noqa: N803
        for key in tagKeys:
            del self.tags[key]

    def _fail(self, operation):
        if error := self.once.pop(operation, None) or self.failing.get(operation):
            raise error


WANTED = {
    "template_name": "sensors",
    "template_type": "FLEET_PROVISIONING",
    "template_body": "{}",
    "enabled": False,
    "description": "new",
    "provisioning_role_arn": "role",
    "hook_arn": "",
    "tags": {"site": "plant7", "new": "yes"},
}


@pytest.mark.parametrize("error", [REFUSED, SILENT], ids=["refused", "silent"])
@pytest.mark.parametrize("operation", ["create_provisioning_template_version", "tag_resource"])
def test_a_template_whose_update_fails_is_as_it_was_tags_included(operation, error):
    iot = Templates()
    before = dict(iot.template), dict(iot.tags)
    iot.once[operation] = error
    with pytest.raises(type(error)):
        TemplateApi(iot, {**WANTED, "template_body": '{"new": true}'}).update()
    assert (iot.template["enabled"], iot.template["description"]) == (True, "")
    assert json.loads(iot.template["templateBody"]) == json.loads(before[0]["templateBody"])
    assert iot.tags == before[1]


def test_a_template_that_can_not_be_taken_back_says_so_and_what_to_do():
    iot = Templates()
    iot.failing["update_provisioning_template"] = SILENT
    with pytest.raises(RuntimeError, match=r"could not be undone.*template status sensors.*--refresh"):
        TemplateApi(iot, WANTED).update()


class Records:
    """DynamoDB with one table; writes of the named device fail, or every call."""

    def __init__(self, **records):
        self.records, self.refused, self.error = records, None, REFUSED

    def get_item(self, Key, **_):  # noqa: N803
        item = self.records.get(Key["serial_number"]["S"])
        return {"Item": dict(item)} if item is not None else {}

    def update_item(self, Key, UpdateExpression="", ExpressionAttributeValues=None, **_):  # noqa: N803
        number = Key["serial_number"]["S"]
        if number == self.refused:
            raise self.error
        record = self.records.setdefault(number, {})
        _, _, removes = UpdateExpression.partition("REMOVE ")
        for value, typed in (ExpressionAttributeValues or {}).items():
            record[value.strip(":")] = typed
        for name in filter(None, removes.split(", ")):
            record.pop(name, None)

    def delete_item(self, Key, **_):  # noqa: N803
        self.records.pop(Key["serial_number"]["S"], None)


@pytest.fixture
def listing(monkeypatch):
    def provider(records):
        monkeypatch.setattr(ListedDevicesProvider, "client", lambda *_: records)
        return ListedDevicesProvider()

    return provider


def declared(*numbers, **settings):
    devices = [{"serial_number": number, **settings} for number in numbers]
    return {"table_name": "devices", "devices": json.dumps(devices)}


@pytest.mark.parametrize("error", [REFUSED, SILENT], ids=["refused", "silent"])
def test_devices_that_a_failed_create_wrote_are_taken_out_again_and_operators_keep_theirs(listing, error):
    records = Records(own={"blocked": {"BOOL": True}, "note": {"S": "ours"}})
    records.refused, records.error = "B-1", error
    with pytest.raises(Failed, match="B-1"):
        listing(records).create(declared("B-0", "own", "B-1"))
    assert records.records == {"own": {"blocked": {"BOOL": True}, "note": {"S": "ours"}}}


def test_devices_that_a_failed_update_wrote_or_changed_are_as_they_were(listing):
    records = Records(A={"blocked": {"BOOL": False}, "provisioning_count": {"N": "1"}})
    records.refused = "C-2"
    with pytest.raises(Failed, match="C-2"):
        listing(records).update("id", declared("A"), declared("A", "C-1", "C-2", expires_at=9))
    assert records.records == {"A": {"blocked": {"BOOL": False}, "provisioning_count": {"N": "1"}}}


def test_devices_that_can_not_be_taken_back_say_so(listing):
    records = Records(A={"expires_at": {"N": "9"}})
    provider = listing(records)
    records.update_item = _failing(REFUSED)
    with pytest.raises(RuntimeError, match=r"could not be undone.*run `pulumi up` again"):
        provider.update("id", declared("A", expires_at=9), declared("A", "B"))


def _failing(error):
    def fail(**_):
        raise error

    return fail


def test_a_certificate_whose_key_could_not_be_stored_is_taken_back_when_nobody_answers():
    class Iot:
        revoked = False

        def create_keys_and_certificate(self, **_):
            return {
                "certificateId": "1",
                "certificateArn": "arn:aws:iot:eu-west-1:1:cert/1",
                "certificatePem": "",
                "keyPair": {"PrivateKey": ""},
            }

        def update_certificate(self, **_):
            pass

        def get_paginator(self, _):
            return type("Paginator", (), {"paginate": lambda _, **arguments: []})()

        def delete_certificate(self, **_):
            self.revoked = True

    class Secrets:
        def get_secret_value(self, **_):
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")

        def put_secret_value(self, **_):
            raise SILENT

    iot = Iot()
    with pytest.raises(ReadTimeoutError):
        active_certificate(iot, Secrets(), "request", "secret")
    assert iot.revoked


def test_a_kill_before_the_key_is_stored_leaves_an_inactive_certificate_and_the_next_run_makes_another():
    class Killed(BaseException):
        pass

    iot, secrets = Mock(), Mock()
    iot.create_keys_and_certificate.side_effect = [
        {
            "certificateId": number,
            "certificateArn": f"arn:aws:iot:eu-west-1:1:cert/{number}",
            "certificatePem": "",
            "keyPair": {"PrivateKey": ""},
        }
        for number in ("1", "2")
    ]
    secrets.get_secret_value.side_effect = ClientError(
        {"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue"
    )
    secrets.put_secret_value.side_effect = [Killed, None]
    with pytest.raises(Killed):
        active_certificate(iot, secrets, "request", "secret")
    iot.create_keys_and_certificate.assert_called_once_with(setAsActive=False)
    iot.update_certificate.assert_not_called()
    assert active_certificate(iot, secrets, "request", "secret")["certificateId"] == "2"
    iot.update_certificate.assert_called_once_with(certificateId="2", newStatus="ACTIVE")


class TestCoreDeployment:
    properties = {  # noqa: RUF012
        "target_arn": "arn:group",
        "deployment_name": "line-4",
        "components": {"aws.greengrass.Cli": {"componentVersion": "2.14.0"}},
        "deployment_id": "1",
    }

    def read(self, monkeypatch, status="ACTIVE", **found):
        class Greengrass:
            def list_deployments(self, **_):
                return {"deployments": [{"deploymentId": "2", "deploymentStatus": status}]}

            def get_deployment(self, **_):
                return {
                    "deploymentId": "2",
                    "deploymentName": "line-4",
                    "components": {"aws.greengrass.Cli": {"componentVersion": "2.14.0", "runWith": {}}},
                    **found,
                }

        monkeypatch.setattr(CoreDeploymentProvider, "client", lambda *_: Greengrass())
        provider = CoreDeploymentProvider()
        read = provider.read("1", self.properties)
        return read.id, provider.diff("1", read.outs, self.properties).changes if read.id else None

    def test_a_revision_that_says_the_same_is_no_drift(self, monkeypatch):
        assert self.read(monkeypatch) == ("1", False)

    def test_a_revision_of_somebody_else_is_seen(self, monkeypatch):
        assert self.read(monkeypatch, components={}) == ("1", True)

    def test_a_deployment_that_was_cancelled_is_gone(self, monkeypatch):
        assert self.read(monkeypatch, status="CANCELED") == ("", None)


def test_a_refresh_sees_what_somebody_changed_of_a_panorama_device(monkeypatch):
    device = {
        "DeviceId": "1",
        "Name": "line-4",
        "Description": "gate",
        "Tags": {"hall": "2", "aws:x": "y"},
        "Arn": "arn",
        "CreatedTime": 0,
    }
    api = type("Api", (), {"describe_device": lambda _, __: device})()
    monkeypatch.setattr(PanoramaDeviceProvider, "_api", lambda *_: api)
    monkeypatch.setattr(PanoramaDeviceProvider, "_archives", lambda *_: None)
    outputs = "device_provisioning.pulumi_providers.panorama_device._outputs"
    monkeypatch.setattr(outputs, lambda *_: {"status": "AWAITING_PROVISIONING"})
    provider, wanted = PanoramaDeviceProvider(), {"description": "dock", "tags": {"hall": "2"}}
    read = provider.read("1", wanted)
    assert (read.outs["description"], read.outs["tags"]) == ("gate", {"hall": "2"})
    assert provider.diff("1", read.outs, wanted).changes
