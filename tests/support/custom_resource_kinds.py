"""Every custom resource of the package in one form: what it is declared as, and what there is of it.

``first`` are the properties of a resource, ``changed`` those of an update in place, ``replaced`` those of
another resource, ``impossible`` those of a create that fails. ``state`` tells what events may have made or
changed, without ids, which differ from run to run.
"""

import json
import uuid
from pathlib import Path
from types import MappingProxyType

from device_provisioning.aws_iot.listed_device import ListedDevice
from device_provisioning.fleet.listed_devices import listed_devices_json
from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref
from device_provisioning.lambdas.custom_resources import caretaker
from device_provisioning.lambdas.custom_resources.certificates import gone_is_fine
from device_provisioning.lambdas.custom_resources.declared_template import KEPT_VERSIONS
from device_provisioning.lambdas.custom_resources.revoking import revoke
from device_provisioning.lambdas.iotda_resources import handler as iotda_resources
from tests.support.certificates import an_authority, pem_of
from tests.support.custom_resources import CloudFormation
from tests.support.iotda_authorities import authority, identity_of, verification
from tests.support.iotda_server import ACCESS_KEY, INSTANCE, PROJECT, REGION, SECRET_KEY, IotdaServer
from tests.support.panorama_endpoint import PanoramaEndpoint
from workshop.emulator import ACCOUNT

A_CSR = (Path(__file__).parents[2] / "examples" / "claim.csr").read_text()
NOTHING_ALLOWED = '{"Version": "2012-10-17", "Statement": []}'


class Kind:
    """One resource in a world of its own.

    Args:
        emulator: Where the world is.
        answers: Where CloudFormation awaits answers.
    """

    module = caretaker
    unavoidable = MappingProxyType({})
    """What an end halfway may leave, and why it can't be helped; it does no harm."""

    def __init__(self, emulator, answers):
        self.emulator = emulator
        self.name = f"kind-{uuid.uuid4().hex[:8]}"
        self.cloudformation = CloudFormation(self.module.handler, answers)
        self.prepare()

    def prepare(self):
        """Make what the resource needs."""

    def close(self):
        """Take the world away."""

    def state(self):
        """What there is, one text each."""

    def rest_goes(self, properties):
        """After a delete CloudFormation deletes what the resource depends on."""

    def send(self, request_type, properties, **more):
        """The answer to an event."""
        return self.cloudformation.send(request_type, properties, ResourceType=self.resource_type, **more)

    def left(self):
        """The state without what is unavoidable."""
        return sorted(thing for thing in self.state() if thing not in self.unavoidable)

    def client(self, service):
        return self.emulator.client(service)


class ClaimCertificate(Kind):
    resource_type = "Custom::ClaimCertificate"
    unavoidable = MappingProxyType(
        {
            "INACTIVE certificate with 0 policies": "CreateKeysAndCertificate has no token that makes it"
            " repeatable: a function that ends right after it leaves a certificate that can do nothing"
        }
    )

    def prepare(self):
        secrets = self.client("secretsmanager")
        self.first, self.replaced = (
            {"SecretId": secrets.create_secret(Name=f"{self.name}-{number}")["ARN"]} for number in (1, 2)
        )
        self.changed = {**self.first, "Unknown": "to this version of the function"}
        self.impossible = {"SecretId": "not-there"}
        self._before = {certificate["certificateId"] for certificate in self._certificates()}

    def close(self):
        for certificate in self._made():
            revoke(self.client("iot"), certificate["certificateArn"])

    def state(self):
        iot = self.client("iot")
        for certificate in self._made():
            held = iot.list_attached_policies(target=certificate["certificateArn"])["policies"]
            yield f"{certificate['status']} certificate with {len(held)} policies"

    def _made(self):
        return [made for made in self._certificates() if made["certificateId"] not in self._before]

    def _certificates(self):
        pages = self.client("iot").get_paginator("list_certificates").paginate()
        return [certificate for page in pages for certificate in page["certificates"]]


class AuthorityTemplate(Kind):
    resource_type = "Custom::AuthorityTemplate"

    def prepare(self):
        self._authorities = [self._a_ca() for _ in range(2)]
        self.first, self.replaced = (self._declared(ca_id, "first") for ca_id in self._authorities)
        self.changed = self._declared(self._authorities[0], "changed")
        self.impossible = self._declared("0" * 64, "first")

    def _a_ca(self):
        pem = pem_of(an_authority().certificate).decode()
        return self.client("iot").register_ca_certificate(
            caCertificate=pem, certificateMode="SNI_ONLY", setAsActive=True
        )["certificateId"]

    def _declared(self, ca_id, group):
        role = f"arn:aws:iam::{ACCOUNT}:role/provisioning"
        return {
            "CaCertificateId": ca_id,
            "TemplateBody": a_body(group),
            "RoleArn": role,
            "Enabled": "true",
        }

    def state(self):
        for number, ca_id in enumerate(self._authorities, 1):
            with gone_is_fine():
                described = self.client("iot").describe_ca_certificate(certificateId=ca_id)
                status = described["certificateDescription"]["autoRegistrationStatus"]
                body = described.get("registrationConfig", {}).get("templateBody", "none")
                yield f"CA {number} {status}: {body}"

    def rest_goes(self, properties):
        ca_id = properties["CaCertificateId"]
        with gone_is_fine():
            self.client("iot").update_ca_certificate(certificateId=ca_id, newStatus="INACTIVE")
            self.client("iot").delete_ca_certificate(certificateId=ca_id)

    def close(self):
        for properties in (self.first, self.replaced):
            self.rest_goes(properties)


class DeclaredTemplate(Kind):
    resource_type = "Custom::DeclaredProvisioningTemplate"

    def prepare(self):
        for number in (1, 2):
            self.client("iot").create_provisioning_template(
                templateName=f"{self.name}-{number}",
                templateBody=a_body("as it was"),
                provisioningRoleArn=f"arn:aws:iam::{ACCOUNT}:role/provisioning",
            )
        self.first = {"TemplateName": f"{self.name}-1", "TemplateBody": a_body("first")}
        self.changed = {**self.first, "TemplateBody": a_body("changed")}
        self.replaced = {"TemplateName": f"{self.name}-2", "TemplateBody": a_body("first")}
        self.impossible = {**self.first, "TemplateName": "not-there"}

    def state(self):
        iot = self.client("iot")
        for template in iot.list_provisioning_templates()["templates"]:
            if template["templateName"].startswith(self.name):
                described = iot.describe_provisioning_template(templateName=template["templateName"])
                versions = iot.list_provisioning_template_versions(templateName=template["templateName"])
                assert len(versions["versions"]) <= KEPT_VERSIONS
                yield f"template {template['templateName'][-1]}: {described['templateBody']}"

    def rest_goes(self, properties):
        with gone_is_fine():
            self.client("iot").delete_provisioning_template(templateName=properties["TemplateName"])

    def close(self):
        for properties in (self.first, self.replaced):
            self.rest_goes(properties)


class GroupPolicy(Kind):
    resource_type = "Custom::GroupPolicy"

    def prepare(self):
        iot = self.client("iot")
        self._group = iot.create_thing_group(thingGroupName=self.name)["thingGroupArn"]
        for number in (1, 2):
            iot.create_policy(policyName=f"{self.name}-{number}", policyDocument=NOTHING_ALLOWED)
        self.first, self.replaced = (
            {"PolicyName": f"{self.name}-{number}", "ThingGroupArn": self._group} for number in (1, 2)
        )
        self.changed = {**self.first, "Unknown": "to this version of the function"}
        self.impossible = {**self.first, "PolicyName": "not-there"}

    def state(self):
        # What is detached is listed a little longer.
        for _ in range(3):
            attached = self.client("iot").list_attached_policies(target=self._group)["policies"]
        return (policy["policyName"][-1] for policy in attached)

    def rest_goes(self, properties):
        self.left()
        with gone_is_fine():
            self.client("iot").delete_policy(policyName=properties["PolicyName"])


class ListedDevices(Kind):
    resource_type = "Custom::ListedDevices"

    def prepare(self):
        for number in (1, 2):
            self.client("dynamodb").create_table(
                TableName=f"{self.name}-{number}",
                KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
            self.client("dynamodb").put_item(
                TableName=f"{self.name}-{number}", Item={"serial_number": {"S": "of-the-factory"}}
            )
        expiring = {"serial_number": "A", "expires_at": 4102444800}
        self.first = self._declared(1, {"serial_number": "A"}, {"serial_number": "B", "blocked": True})
        self.changed = self._declared(1, expiring, {"serial_number": "C"})
        self.replaced = self._declared(2, {"serial_number": "A"})
        self.impossible = {**self.first, "TableName": "not-there"}

    def _declared(self, number, *devices):
        listed = listed_devices_json([ListedDevice(**device) for device in devices])
        return {"TableName": f"{self.name}-{number}", "Devices": listed}

    def state(self):
        for number in (1, 2):
            for record in self.client("dynamodb").scan(TableName=f"{self.name}-{number}")["Items"]:
                yield f"table {number}: {json.dumps(record, sort_keys=True)}"

    def close(self):
        for number in (1, 2):
            self.client("dynamodb").delete_table(TableName=f"{self.name}-{number}")


class ProvisionedCertificates(Kind):
    resource_type = "Custom::ProvisionedCertificates"

    def prepare(self):
        iot = self.client("iot")
        self._devices = {}
        for number in (1, 2):
            iot.create_policy(policyName=f"{self.name}-{number}", policyDocument=NOTHING_ALLOWED)
            # To sign a CSR is quicker than to make an RSA key.
            made = iot.create_certificate_from_csr(certificateSigningRequest=A_CSR, setAsActive=True)
            self._devices[made["certificateId"]] = f"device of policy {number}"
            iot.attach_policy(policyName=f"{self.name}-{number}", target=made["certificateArn"])
        self.first, self.replaced = ({"PolicyName": f"{self.name}-{number}"} for number in (1, 2))
        self.changed = {**self.first, "Unknown": "to this version of the function"}
        self.impossible = None  # A create asks nobody for anything.

    def state(self):
        iot = self.client("iot")
        for certificate_id, name in self._devices.items():
            try:
                iot.describe_certificate(certificateId=certificate_id)
            except iot.exceptions.ResourceNotFoundException:
                continue
            yield name


class PanoramaDevice(Kind):
    resource_type = "Custom::PanoramaDevice"

    def prepare(self):
        self._endpoint = PanoramaEndpoint()
        self._endpoint.__enter__()
        for bucket in (self.name, f"{self.name}-other"):
            self.client("s3").create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
            )
        camera, network = {"Name": "line-4"}, {"Ethernet0": {"ConnectionType": "DHCP"}}
        self.first = self._declared(camera)
        self.changed = self._declared({**camera, "Description": "dock", "Tags": {"site": "p7"}})
        # The same name: the hardest case, as names tell nothing then.
        self.replaced = self._declared({**camera, "NetworkingConfiguration": network})
        self.impossible = {**self.first, "ArchiveBucketName": "not-there"}
        of_another_stack = {**self.first, "ArchiveBucketName": f"{self.name}-other"}
        self.send("Create", of_another_stack, StackId="arn:of-another-stack")

    def _declared(self, device):
        place = {"ArchiveBucketName": self.name, "EndpointUrl": self._endpoint.url}
        return {"Device": json.dumps(device), **place}

    def state(self):
        for device in self._endpoint.devices.values():
            reported = [device.get(name) or "" for name in ("Name", "Description", "NetworkingConfiguration")]
            yield str([*reported, sorted(name for name in device["Tags"] if ":" not in name)])
        for stored in self.client("s3").list_objects_v2(Bucket=self.name).get("Contents", []):
            found = self.client("s3").head_object(Bucket=self.name, Key=stored["Key"])
            # A device of the same name has written over the archive of the one that it replaces.
            assert found["Metadata"]["device-id"] in self._endpoint.devices

    def close(self):
        assert self._endpoint.complaints == []
        self._endpoint.__exit__()


class OnIotda(Kind):
    module = iotda_resources

    def prepare(self):
        self.api = IotdaServer()
        self.api.__enter__()
        secret = json.dumps({"ak": ACCESS_KEY, "sk": SECRET_KEY})
        made = self.client("secretsmanager").create_secret(Name=self.name, SecretString=secret)
        place = {"ProjectId": PROJECT, "Region": REGION, "Endpoint": self.api.url, "InstanceId": INSTANCE}
        self.connection = {**place, "SecretId": made["ARN"]}
        self.declare()

    def close(self):
        self.api.__exit__()
        self.client("secretsmanager").delete_secret(SecretId=self.name, ForceDeleteWithoutRecovery=True)


class IotdaProvisioningTemplate(OnIotda):
    resource_type = "Custom::IotdaProvisioningTemplate"

    def declare(self):
        self.first = self._declared("pumps", "pump")
        self.changed = self._declared("pumps", "valve")
        self.replaced = self._declared("pumps2", "pump")
        self.api.add_template("of-somebody-else")
        self.impossible = self._declared("of-somebody-else", "pump")

    def _declared(self, name, product):
        device = Device(node_id=ref(CertificateField.COMMON_NAME), product_id=product)
        return {
            **self.connection,
            "TemplateName": name,
            "TemplateBody": TemplateBody(device=device).to_json(),
        }

    def state(self):
        for template in self.api.templates.values():
            yield f"{template['template_name']}: {json.dumps(template['template_body'], sort_keys=True)}"


class IotdaDeviceCa(OnIotda):
    resource_type = "Custom::IotdaDeviceCa"

    def declare(self):
        self._key, self._pem = authority("Factory")
        self._template = self.api.add_template("pumps")["template_id"]
        self.first = self._declared(self._pem)
        self.replaced = self._declared(authority("Factory two")[1])
        self.impossible = {**self.first, "VerificationCertificate": self._pem}
        self.api.add_authority("Somebody else")

    @property
    def changed(self):
        code = next(a["verify_code"] for a in self.api.authorities.values() if a["content"] == self._pem)
        proof = verification(self._key, self._pem, code)
        return {**self.first, "TemplateId": self._template, "VerificationCertificate": proof}

    def _declared(self, pem):
        identity = identity_of(pem)._asdict()
        return {**self.connection, "Content": pem, "Identity": identity, "ProvisionEnable": "true"}

    def state(self):
        for certificate in self.api.authorities.values():
            yield f"{certificate['cn_name']} {'bound' if certificate['template_id'] else 'not bound'}"


KINDS = {
    kind.resource_type: kind
    for kind in (
        AuthorityTemplate,
        ClaimCertificate,
        DeclaredTemplate,
        GroupPolicy,
        IotdaDeviceCa,
        IotdaProvisioningTemplate,
        ListedDevices,
        PanoramaDevice,
        ProvisionedCertificates,
    )
}


def a_body(group):
    certificate = {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"}
    policy = {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": group}}
    resources = {
        "certificate": {"Type": "AWS::IoT::Certificate", "Properties": certificate},
        "policy": policy,
    }
    return json.dumps({"Resources": resources})
