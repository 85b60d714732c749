"""A fleet that somebody made by hand: it works, and it is as open as such fleets often are."""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from device_provisioning.aws_iot.documents import (
    Environment,
    PayloadFormat,
    claim_policy,
    device_policy,
    provisioning_role_policy,
    provisioning_role_trust,
)
from device_provisioning.cli import app
from workshop.device import Broker, Credentials, provision
from workshop.emulator import ACCOUNT, REGION, Emulator

NAME = "sensors"
TEMPLATE_ARN = f"arn:aws:iot:{REGION}:{ACCOUNT}:provisioningtemplate/{NAME}"
REGISTRATION = "arn:aws:iam::aws:policy/service-role/AWSIoTThingsRegistration"
HOOK = "def handler(event, context): return {'allowProvisioning': True}"
BODY = """{
  "Parameters": {
    "SerialNumber": {"Type": "String"},
    "AWS::IoT::Certificate::Id": {"Type": "String"}
  },
  "Resources": {
    "thing": {
      "Type": "AWS::IoT::Thing",
      "Properties": {"ThingName": {"Fn::Join": ["", ["sensor-", {"Ref": "SerialNumber"}]]}}
    },
    "certificate": {
      "Type": "AWS::IoT::Certificate",
      "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"}
    },
    "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "SensorRuntime"}}
  }
}
"""


def statement(action, resource):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


EVERYTHING = document(statement("iot:*", "*"))
CLAIM = document(
    statement("iot:Connect", "*"),
    statement(
        ["iot:Publish", "iot:Receive"],
        [
            f"arn:aws:iot:{REGION}:{ACCOUNT}:topic/$aws/certificates/create/*",
            f"arn:aws:iot:{REGION}:{ACCOUNT}:topic/$aws/provisioning-templates/{NAME}/provision/*",
        ],
    ),
    statement("iot:Subscribe", f"arn:aws:iot:{REGION}:{ACCOUNT}:topicfilter/*"),
)
TRUST = document(
    {"Effect": "Allow", "Principal": {"Service": "iot.amazonaws.com"}, "Action": "sts:AssumeRole"}
)


@dataclass(frozen=True)
class AdoptableFleet:
    """What was made."""

    emulator: Emulator
    claim: Credentials

    def provision(self, serial_number: str) -> Any:
        """Let a device enrol, over mutual TLS, with the claim."""
        emulator = self.emulator
        broker = Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())
        return provision(broker, self.claim, NAME, {"SerialNumber": serial_number})

    def held(self) -> dict[str, Any]:
        """All that the account holds of it, as far as a program describes it."""
        iot, iam = self.emulator.client("iot"), self.emulator.client("iam")
        template = iot.describe_provisioning_template(templateName=NAME)
        role = iam.get_role(RoleName="SensorProvisioning")["Role"]
        attached = iam.list_attached_role_policies(RoleName="SensorProvisioning")["AttachedPolicies"]
        inline = iam.list_role_policies(RoleName="SensorProvisioning")["PolicyNames"]
        names = ("templateBody", "enabled", "preProvisioningHook", "description", "provisioningRoleArn")
        return {
            "template": {name: template.get(name) for name in names},
            "trust": role["AssumeRolePolicyDocument"],
            "attached": [policy["PolicyArn"] for policy in attached],
            "inline": {
                name: iam.get_role_policy(RoleName="SensorProvisioning", PolicyName=name)["PolicyDocument"]
                for name in inline
            },
            "claim": self.policy("SensorClaim"),
            "device": self.policy("SensorRuntime"),
            "invoke": self.invoke_statements(),
        }

    def policy(self, name: str) -> Any:
        return json.loads(self.emulator.client("iot").get_policy(policyName=name)["policyDocument"])

    def invoke_statements(self) -> Any:
        hook = self.emulator.client("iot").describe_provisioning_template(templateName=NAME)
        if not hook.get("preProvisioningHook"):
            return []
        target = hook["preProvisioningHook"]["targetArn"]
        return json.loads(self.emulator.client("lambda").get_policy(FunctionName=target)["Policy"])[
            "Statement"
        ]


def make_by_hand(emulator: Emulator, *, claim_document: Any = CLAIM, hook: bool = True) -> AdoptableFleet:
    """Make role, function, permission, policies, claim and template by boto3."""
    iot = emulator.client("iot")
    role_arn = _make_role(emulator)
    iot.create_policy(
        policyName="SensorRuntime",
        policyDocument=json.dumps(EVERYTHING),
        tags=[{"Key": "team", "Value": "a"}],
    )
    iot.create_policy(policyName="SensorClaim", policyDocument=json.dumps(claim_document))
    settings = {"preProvisioningHook": {"targetArn": _make_hook(emulator)}} if hook else {}
    iot.create_provisioning_template(
        templateName=NAME,
        templateBody=BODY,
        provisioningRoleArn=role_arn,
        description='Made "by hand": \u2318',
        enabled=True,
        tags=[{"Key": "team", "Value": "factory"}],
        **settings,
    )
    made = iot.create_keys_and_certificate(setAsActive=True)
    iot.attach_policy(policyName="SensorClaim", target=made["certificateArn"])
    return AdoptableFleet(emulator, Credentials(made["certificatePem"], made["keyPair"]["PrivateKey"]))


def _make_role(emulator: Emulator) -> str:
    iam = emulator.client("iam")
    role = iam.create_role(
        RoleName="SensorProvisioning", Path="/iot/", AssumeRolePolicyDocument=json.dumps(TRUST)
    )["Role"]
    iam.attach_role_policy(RoleName="SensorProvisioning", PolicyArn=REGISTRATION)
    return str(role["Arn"])


def _make_hook(emulator: Emulator) -> str:
    trust = json.dumps(TRUST).replace("iot.amazonaws.com", "lambda.amazonaws.com")
    role = emulator.client("iam").create_role(RoleName="SensorHook", AssumeRolePolicyDocument=trust)["Role"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", HOOK)
    function = emulator.client("lambda").create_function(
        FunctionName="sensor-hook",
        Role=role["Arn"],
        Runtime="python3.14",
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        Timeout=30,
    )
    emulator.client("lambda").add_permission(
        FunctionName="sensor-hook",
        StatementId="AllowIot",
        Action="lambda:InvokeFunction",
        Principal="iot.amazonaws.com",
    )
    return str(function["FunctionArn"])


def adopt(emulator: Emulator, engine: str, out: Path, *options: str, name: str = NAME) -> Any:
    """Run the command."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in emulator.environment().items():
            patch.setenv(variable, value)
        return CliRunner().invoke(app, ["adopt", name, "--engine", engine, "--out", str(out), *options])


def hardened(program: str, reported: str) -> str:
    """A program in which every line that a list names is replaced as the list says."""
    lines = program.splitlines()
    places = re.findall(
        r"^   \S+, line (\d+):\n\n       - (.*)\n(?:       \+ (.*)\n)?", reported, re.MULTILINE
    )
    assert places
    for number, old, new in places:
        line = lines[int(number) - 1]
        assert line.strip() == old
        lines[int(number) - 1] = line.replace(old, new)
    return "\n".join(lines) + "\n"


def assert_safe(held: Any) -> None:
    """What the account holds is what the safe defaults are."""
    environment = Environment(ACCOUNT, REGION)
    formats = list(PayloadFormat)
    assert held["trust"] == provisioning_role_trust(NAME, environment)
    assert held["attached"] == []
    assert held["inline"] == {"least-privilege": provisioning_role_policy(json.loads(BODY), environment)}
    assert held["claim"] == claim_policy(NAME, environment, payload_formats=formats)
    assert held["device"] == device_policy(environment)
