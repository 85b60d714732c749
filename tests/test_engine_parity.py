"""The same settings make the same documents, function and alarms on AWS CDK and on Pulumi."""

import inspect
import json
from pathlib import Path

import pulumi_aws as aws
import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template
from pulumi_program import ran
from synthesis import IRELAND, in_partition_aws

from device_provisioning import cdk, pulumi
from device_provisioning.aws_iot import ref
from device_provisioning.aws_iot.hook_settings import HOOK_HANDLER
from device_provisioning.pulumi.library_function import FOLDER

KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1"
MINIMUM = {"thing_name_prefix": "sensor-", "template_name": "sensors"}
EVERYTHING = {
    **MINIMUM,
    "thing_type_name": "Sensor",
    "thing_groups": ["sensors", ref("Site")],
    "attributes": {"site": ref("Site")},
    "device_configuration": {"broker": "mqtt-1"},
    "serial_number_parameter": "Serial",
    "description": "Sensors of plant 7",
    "enabled": False,
    "reprovisioning": cdk.Reprovisioning.ALLOW,
    "certificate_sources": list(cdk.CertificateSource),
    "payload_formats": [cdk.PayloadFormat.CBOR],
    "claim_client_id_pattern": "factory-*",
}
DEVICE_POLICY = {
    "topic_prefix": "factory",
    "shadow": True,
    "jobs": True,
    "statements": [{"Effect": "Deny", "Action": "iot:RetainPublish", "Resource": "*"}],
}
ONLY_ON_CDK = {
    "ComponentDeployment": "see ListedDevice",
    "CoreDeviceGroup": "see ListedDevice",
    "EthernetPayload": "see ListedDevice",
    "NetworkPayload": "see ListedDevice",
    "NtpPayload": "see ListedDevice",
    "StaticIpConnectionInfo": "see ListedDevice",
    "IotdaInstance": "a TypedDict there, IotdaInstanceArgs: Pulumi asks without a function",
    "ListedDevice": "a TypedDict there, ListedDeviceArgs, so that other languages can declare devices",
    "ProvisioningTemplateChecks": "a plug-in of CDK's own validation; check_provisioning_templates on Pulumi",
}
NOT_YET_ON_PULUMI = {
    "BulkRegistration",
    "JustInTimeRegistration",
}
ONLY_ON_PULUMI = {
    "ComponentDeploymentArgs": "see ListedDevice",
    "CoreDeviceGroupArgs": "see ListedDevice",
    "EthernetPayloadArgs": "see ListedDevice",
    "ListedDeviceArgs": "see ListedDevice",
    "NetworkPayloadArgs": "see ListedDevice",
    "NtpPayloadArgs": "see ListedDevice",
    "RemovalPolicy": "CDK has one of its own",
    "StaticIpConnectionInfoArgs": "see ListedDevice",
    "IotdaInstanceArgs": "see IotdaInstance",
    "check_provisioning_templates": "ProvisioningTemplateChecks on CDK",
}
OTHER_SETTINGS = {
    "CertificateAuthority": {
        "template": "see ClaimCertificate",
        "template_name": "see ClaimCertificate",
    },
    "ClaimCertificate": {
        "template": "a component can't be an input of a component: the name is",
        "template_name": "see template",
    },
    "DeviceAllowList": {"devices": "add_devices on CDK: other languages can't call a method of a component"},
    "FleetProvisioning": {"devices": "see DeviceAllowList"},
    "GreengrassCoreDevices": {"devices": "see DeviceAllowList"},
    "IotdaDeviceCa": {
        "template": "a component can't be an input of a component: the id is",
        "template_id": "see template",
    },
    "PreProvisioningHook": {
        "encryption_key": "a table of pulumi-aws does not tell whether its key is the customer's",
        "log_retention": "CDK's type carries the unit",
        "log_retention_days": "see log_retention",
    },
    "TokenExchange": {
        "artifact_keys": "a bucket of pulumi-aws does not tell its key",
        "credential_duration": "CDK's type carries the unit",
        "credential_duration_seconds": "see credential_duration",
    },
}


class Both:
    """The pieces that both engines make, names and ARNs of resources replaced by what they are of."""

    def __init__(self, settings, *, encrypted=False):
        self.cdk = _CdkPieces(settings, encrypted)
        self.pulumi = _PulumiPieces(settings, encrypted)


class _CdkPieces:
    def __init__(self, settings, encrypted):
        stack = Stack(App(), "Stack", env=IRELAND)
        key = {"encryption_key": kms.Key.from_key_arn(stack, "Key", KEY_ARN)} if encrypted else {}
        cdk.FleetProvisioning(stack, "Sensors", **settings, **key)
        cdk.DevicePolicy(stack, "Other", **DEVICE_POLICY)
        template = in_partition_aws(Template.from_stack(stack).to_json())
        self.resources = template["Resources"]
        self.names = {
            resource["Properties"]["PolicyName"]: _policy_kind(logical_id)
            for logical_id, resource in self.resources.items()
            if resource["Type"] == "AWS::IoT::Policy"
        }
        self.folder = Path(stack.node.root.outdir)
        stack.node.root.synth()

    def of(self, kind, containing=""):
        (properties,) = (
            self._resolved(resource["Properties"])
            for logical_id, resource in self.resources.items()
            if resource["Type"] == kind and containing in logical_id
        )
        return properties

    def role(self, containing):
        role = self.of("AWS::IAM::Role", containing)
        return role["AssumeRolePolicyDocument"], role["Policies"][0]["PolicyDocument"], role["Description"]

    def function(self):
        (function,) = (
            self._resolved(r["Properties"])
            for r in self.resources.values()
            if r["Type"] == "AWS::Lambda::Function" and r["Properties"]["Handler"] == HOOK_HANDLER
        )
        return function

    def code(self):
        (folder,) = self.folder.glob("asset.*/pre_provisioning_hook")
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    def alarms(self):
        return {
            properties["MetricName"]: properties
            for properties in (
                self._resolved(r["Properties"])
                for r in self.resources.values()
                if r["Type"] == "AWS::CloudWatch::Alarm"
            )
        }

    def _resolved(self, value):
        match value:
            case {"Ref": logical_id} if logical_id in self.resources:
                return f"<{self._kind(logical_id)} name>"
            case {"Fn::GetAtt": [logical_id, _]}:
                return f"<{self._kind(logical_id)} arn>"
            case {"Fn::Join": [delimiter, parts]}:
                return delimiter.join(self._resolved(part) for part in parts)
            case dict():
                return {key: self._resolved(inner) for key, inner in value.items()}
            case list():
                return [self._resolved(inner) for inner in value]
            case str():
                return _replaced(value, self.names)
        return value

    def _kind(self, logical_id):
        return self.resources[logical_id]["Type"].rpartition("::")[2]


class _PulumiPieces:
    def __init__(self, settings, encrypted):
        def define():
            key = {"encryption_key": aws.kms.Key.get("key", KEY_ARN)} if encrypted else {}
            pulumi.FleetProvisioning("sensors", {**settings, **key})
            pulumi.DevicePolicy("other", DEVICE_POLICY)

        self.program = ran(define)
        self.names = {}
        for urn in self.program.resources:
            name, kind = urn.rpartition("::")[2], urn.split("::")[2].rpartition(":")[2]
            service = urn.split("::")[2].rpartition("$")[2].split(":")[1].partition("/")[0]
            arn = f"arn:aws:{service}:eu-west-1:111122223333:{name}"
            kind = _policy_kind(name) if kind == "Policy" else kind
            self.names |= {arn: f"<{kind} arn>"}
            if kind in ("LogGroup", "Table", "Function") or kind.startswith("<"):
                self.names |= {name: kind if kind.startswith("<") else f"<{kind} name>"}

    def of(self, name):
        return self._resolved(self.program.named(name)["inputs"])

    def role(self, name):
        role, permissions = self.of(name), self.of(f"{name}-permissions")
        return role["assumeRolePolicy"], permissions["policy"], role["description"]

    def _resolved(self, value):
        match value:
            case dict():
                return {key: self._resolved(inner) for key, inner in value.items()}
            case list():
                return [self._resolved(inner) for inner in value]
            case str():
                return _replaced(value, self.names)
        return value


def _replaced(text, names):
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return text


def _policy_kind(name):
    kinds = {"devicepolicy": "<device policy>", "claim": "<claim policy>", "other": "<other policy>"}
    lowered = name.lower().replace("-", "")
    return next(kind for part, kind in kinds.items() if part in lowered)


@pytest.fixture(
    scope="module",
    params=[(MINIMUM, False), (EVERYTHING, True)],
    ids=["defaults", "everything"],
)
def both(request):
    settings, encrypted = request.param
    return Both(settings, encrypted=encrypted)


def test_the_template_body_is_the_same(both):
    on_cdk = json.loads(both.cdk.of("AWS::IoT::ProvisioningTemplate")["TemplateBody"])
    assert both.pulumi.of("sensors-template-template")["template_body"] == on_cdk


def test_the_settings_of_the_template_are_the_same(both):
    on_cdk, on_pulumi = (
        both.cdk.of("AWS::IoT::ProvisioningTemplate"),
        both.pulumi.of("sensors-template-template"),
    )
    assert on_pulumi["enabled"] == on_cdk["Enabled"]
    assert on_pulumi["template_name"] == on_cdk["TemplateName"]
    assert on_pulumi["template_type"] == on_cdk["TemplateType"]
    assert on_pulumi["description"] == on_cdk.get("Description", "")


def test_the_provisioning_role_is_the_same(both):
    assert both.pulumi.role("sensors-template-role") == both.cdk.role("SensorsTemplateRole")


def test_the_role_of_the_hook_is_the_same(both):
    assert both.pulumi.role("sensors-hook-allow-list-hook-role") == both.cdk.role(
        "SensorsHookAllowListHookRole"
    )


@pytest.mark.parametrize(
    ("name", "logical_id"),
    [
        ("sensors-claim-policy", "SensorsClaimPolicy"),
        ("sensors-device-policy-policy", "SensorsDevicePolicy"),
        ("other-policy", "Other"),
    ],
)
def test_the_policies_of_claim_and_devices_are_the_same(both, name, logical_id):
    assert both.pulumi.of(name)["policy"] == both.cdk.of("AWS::IoT::Policy", logical_id)["PolicyDocument"]


def test_the_hook_runs_in_the_same_way(both):
    on_cdk, on_pulumi = both.cdk.function(), both.pulumi.of("sensors-hook-allow-list-hook-function")
    assert on_pulumi["environment"]["variables"] == on_cdk["Environment"]["Variables"]
    for pulumi_name, cdk_name in {
        "architectures": "Architectures",
        "description": "Description",
        "handler": "Handler",
        "memorySize": "MemorySize",
        "runtime": "Runtime",
        "timeout": "Timeout",
    }.items():
        assert on_pulumi[pulumi_name] == on_cdk[cdk_name], pulumi_name


def test_the_log_of_the_hook_is_kept_as_long(both):
    on_cdk = both.cdk.of("AWS::Logs::LogGroup", "SensorsHookAllowListHook")
    assert (
        both.pulumi.of("sensors-hook-allow-list-hook-log-group")["retentionInDays"]
        == on_cdk["RetentionInDays"]
    )


def test_the_code_of_the_hook_is_the_same_to_the_byte(both):
    archive = both.pulumi.program.only("Function")["code"]["ARCHIVE"]
    on_pulumi = {Path(name).name: (FOLDER / name).read_bytes() for name in archive}
    assert on_pulumi == both.cdk.code()
    assert on_pulumi.keys() >= {"handler.py", "hook.py"}


def test_the_alarms_are_the_same(both):
    on_cdk = both.cdk.alarms()
    alarms = both.pulumi.program.all("MetricAlarm")
    assert len(alarms) == len(on_cdk)
    for name in alarms:
        on_pulumi = both.pulumi.of(name)
        alarm = on_cdk[on_pulumi["metricName"]]
        assert [alarm["Dimensions"][0]["Value"]] == list(on_pulumi["dimensions"].values())
        for setting in (
            "alarmDescription",
            "comparisonOperator",
            "evaluationPeriods",
            "namespace",
            "period",
            "statistic",
            "threshold",
            "treatMissingData",
        ):
            assert on_pulumi[setting] == alarm[setting[0].upper() + setting[1:]], setting


def test_the_invoke_permission_is_the_same(both):
    on_cdk, on_pulumi = (
        both.cdk.of("AWS::Lambda::Permission"),
        both.pulumi.of("sensors-template-hook-permission"),
    )
    assert on_pulumi == {
        "action": on_cdk["Action"],
        "function": on_cdk["FunctionName"],
        "principal": on_cdk["Principal"],
        "sourceAccount": on_cdk["SourceAccount"],
        "sourceArn": on_cdk["SourceArn"],
    }


def test_the_table_is_the_same(both):
    on_cdk, on_pulumi = (
        both.cdk.of("AWS::DynamoDB::Table"),
        both.pulumi.of("sensors-device-allow-list-table"),
    )
    assert on_pulumi["billingMode"] == on_cdk["BillingMode"]
    assert on_pulumi["hashKey"] == on_cdk["KeySchema"][0]["AttributeName"]
    assert on_pulumi["serverSideEncryption"]["enabled"] == on_cdk["SSESpecification"]["SSEEnabled"]
    assert on_pulumi["serverSideEncryption"].get("kmsKeyArn") == on_cdk["SSESpecification"].get(
        "KMSMasterKeyId"
    )


def test_both_engines_offer_the_same_names():
    on_cdk = set(cdk.__all__) - ONLY_ON_CDK.keys() - NOT_YET_ON_PULUMI
    on_pulumi = set(pulumi.__all__) - ONLY_ON_PULUMI.keys()
    assert {f"{name}Args" for name in _components()} <= on_pulumi
    assert on_pulumi - {f"{name}Args" for name in _components()} == on_cdk


@pytest.mark.parametrize("name", sorted(set(pulumi.__all__) & set(cdk.__all__)))
def test_components_have_the_same_settings(name):
    if name not in _components():
        assert getattr(cdk, name) is getattr(pulumi, name)
        return
    parameters = inspect.signature(getattr(cdk, name).__init__).parameters.values()
    on_cdk = {p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}
    on_pulumi = set(getattr(pulumi, f"{name}Args").__annotations__)
    assert on_cdk ^ on_pulumi == OTHER_SETTINGS.get(name, {}).keys()


def _components():
    return [name for name in pulumi.__all__ if f"{name}Args" in pulumi.__all__]
