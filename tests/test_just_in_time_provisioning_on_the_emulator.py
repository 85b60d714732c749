"""Devices that are provisioned as they connect, on either engine, with IAM and AWS IoT policies enforced.

Just-in-time provisioning is this project's extension of the emulator, by AWS's pages.
"""

import json
import uuid

import pytest
from aws_cdk import App
from cryptography import x509
from cryptography.x509.oid import NameOID

from stacks.just_in_time_provisioning import JustInTimeProvisioningStack
from tests.support.certificates import an_authority, pem_of, subject
from tests.support.knocking import certificate_id, knock
from tests.support.needing_engine import needs_engine
from tests.support.registered_pumps import waits_for
from tests.support.synthesis import IRELAND
from workshop import cloud_assembly, device
from workshop.emulator import Emulator
from workshop.pulumi_engine import FLEET, stack_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class Deployed:
    """The ready stack for a CA, on an emulator of its own."""

    def __init__(self, emulator):
        self.emulator, self.authority = emulator, an_authority()
        self.iot = emulator.client("iot")
        self.pem = pem_of(self.authority.certificate).decode()

    def issue(self, name):
        return self.authority.issue(name, 1)

    def clear(self):
        """Take away what keeps the stack from going: it was not the stack that made it."""
        for certificate in self.iot.list_certificates()["certificates"]:
            target = certificate["certificateArn"]
            for policy in self.iot.list_attached_policies(target=target)["policies"]:
                self.iot.detach_policy(policyName=policy["policyName"], target=target)

    def described(self, issued):
        found = self.iot.describe_certificate(certificateId=certificate_id(issued.certificate_pem))
        return found["certificateDescription"]


class OnCdk(Deployed):
    def deploy(self, folder):
        app = App(outdir=str(folder / "cdk.out"))
        JustInTimeProvisioningStack(app, "Provisioning", env=IRELAND, ca_certificate_pem=self.pem)
        app.synth()
        return cloud_assembly.deploy(self.emulator, folder / "cdk.out", "Provisioning")

    def destroy(self):
        cloud_assembly.destroy(self.emulator, "Provisioning")


class OnPulumi(Deployed):
    def deploy(self, folder):
        settings = {"caCertificatePem": self.pem, "disposable": "true"}
        self._stack = stack_of(FLEET / "just_in_time_provisioning", self.emulator, folder, settings=settings)
        return {name: output.value for name, output in self._stack.up().outputs.items()}

    def destroy(self):
        self._stack.destroy()


@pytest.fixture(
    scope="module", params=[OnCdk, pytest.param(OnPulumi, marks=[needs_engine, pytest.mark.exhaustive])]
)
def deployed(request, tmp_path_factory):
    with Emulator(enforce_iam=True) as emulator:
        made = request.param(emulator)
        made.outputs = made.deploy(tmp_path_factory.mktemp("stack"))
        yield made
        made.clear()
        made.destroy()


def test_a_device_is_dropped_once_and_then_uses_what_its_body_gave_it(deployed):
    name = f"pump-{uuid.uuid4().hex[:8]}"
    issued = deployed.issue(subject(name))
    assert knock(deployed.emulator, issued) == b""
    assert waits_for(deployed.emulator, issued, "ACTIVE")
    broker = device.Broker(
        deployed.emulator.mqtt_host, deployed.emulator.mqtt_port, deployed.emulator.trust_store()
    )
    own = device.Credentials(issued.certificate_pem.decode(), issued.private_key_pem.decode())
    assert device.send_to_itself(broker, own, name, f"dt/{name}/state") >= 0


def test_a_certificate_without_what_the_body_asks_for_stays_pending_and_nothing_is_made(deployed):
    issued = deployed.issue(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Pumps")]))
    things = deployed.iot.list_things()["things"]
    assert knock(deployed.emulator, issued) == b""
    assert deployed.described(issued)["status"] == "PENDING_ACTIVATION"
    assert deployed.iot.list_things()["things"] == things


def test_a_second_connection_does_not_provision_what_the_first_could_not(deployed):
    name = f"pump-{uuid.uuid4().hex[:8]}"
    issued = deployed.issue(subject(name))
    template = deployed.outputs["TemplateName"]
    deployed.iot.update_provisioning_template(templateName=template, enabled=False)
    knock(deployed.emulator, issued)
    deployed.iot.update_provisioning_template(templateName=template, enabled=True)
    assert knock(deployed.emulator, issued) == b""
    assert deployed.described(issued)["status"] == "PENDING_ACTIVATION"


@pytest.fixture
def role(deployed):
    """The role of the template, whose trust is as before in the end."""
    iam, template = deployed.emulator.client("iam"), deployed.outputs["TemplateName"]
    arn = deployed.iot.describe_provisioning_template(templateName=template)["provisioningRoleArn"]
    name = arn.rpartition("/")[2]
    trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    yield name, trust
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))


def test_the_role_of_the_template_is_what_provisions(deployed, role):
    iam, denied = deployed.emulator.client("iam"), {"Action": "iot:CreateThing", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", **denied}]})
    iam.put_role_policy(RoleName=role[0], PolicyName="Denied", PolicyDocument=document)
    issued = deployed.issue(subject(f"pump-{uuid.uuid4().hex[:8]}"))
    knock(deployed.emulator, issued)
    iam.delete_role_policy(RoleName=role[0], PolicyName="Denied")
    assert deployed.described(issued)["status"] == "PENDING_ACTIVATION"


@pytest.mark.parametrize(
    "other",
    [
        {"StringEquals": {"aws:SourceAccount": "444455556666"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/other"}},
    ],
    ids=["account", "template"],
)
def test_a_role_that_aws_iot_has_for_something_else_provisions_nobody(deployed, role, other):
    name, trust = role
    (statement,) = trust["Statement"]
    assert statement["Condition"].keys() == {"StringEquals", "ArnLike"}
    changed = {**trust, "Statement": [{**statement, "Condition": {**statement["Condition"], **other}}]}
    deployed.emulator.client("iam").update_assume_role_policy(
        RoleName=name, PolicyDocument=json.dumps(changed)
    )
    issued = deployed.issue(subject(f"pump-{uuid.uuid4().hex[:8]}"))
    knock(deployed.emulator, issued)
    assert deployed.described(issued)["status"] == "PENDING_ACTIVATION"
