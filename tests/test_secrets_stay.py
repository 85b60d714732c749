"""Secrets are where secrets live and nowhere else: everything is deployed, and everything is searched.

IoTDA and AWS Panorama are the strict endpoints of these tests.
"""

import base64
import json

import pulumi
import pytest
from aws_cdk import App, CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_secretsmanager as secretsmanager
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from device_provisioning import pulumi as components
from device_provisioning.cdk import (
    ClaimCertificate,
    DeviceAllowList,
    FleetProvisioning,
    IotdaDeviceCa,
    IotdaInstance,
    IotdaProvisioningTemplate,
    JustInTimeRegistration,
    PanoramaDevice,
)
from device_provisioning.iotda import CertificateField, Device, TemplateBody, ref
from tests.support.certificates import an_authority, pem_of
from tests.support.fleets import DeployedFleet
from tests.support.iotda_authorities import authority
from tests.support.iotda_server import ACCESS_KEY, INSTANCE, PROJECT, REGION, SECRET_KEY, IotdaServer
from tests.support.needing_engine import needs_engine
from tests.support.panorama_endpoint import PanoramaEndpoint
from tests.support.said import everything_said
from tests.support.secret_search import answers_of, files_below, found, lines_of, logged
from tests.support.synthesis import IRELAND
from workshop import cloud_assembly
from workshop.emulator import Emulator
from workshop.pulumi_engine import FLEET, stack_of

STACK = "Everything"
ARCHIVE_SECRET = "panorama-archive-secret"
FACTORY_KEY, FACTORY = authority("Factory")
BODY = TemplateBody(device=Device(node_id=ref(CertificateField.COMMON_NAME), product_id="pump"))


def pem_of_key(key):
    formats = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(serialization.Encoding.PEM, *formats).decode()


class Keys:
    """Keys that the user has and never gives away."""

    def __init__(self):
        self.authority, self.claim = an_authority("Marked"), ec.generate_private_key(ec.SECP256R1())
        request = x509.CertificateSigningRequestBuilder(x509.Name([])).sign(self.claim, hashes.SHA256())
        self.claim_request = request.public_bytes(serialization.Encoding.PEM).decode()
        self.authority_pem = pem_of(self.authority.certificate).decode()

    def secrets(self):
        return {
            "the key of the CA": lines_of(pem_of_key(self.authority.key)),
            "the claim key of the user": lines_of(pem_of_key(self.claim)),
            "the key of the CA of IoTDA": lines_of(pem_of_key(FACTORY_KEY)),
        }


def secrets_of(fleet, device, keys):
    return {
        **keys.secrets(),
        "the claim key that AWS IoT made": lines_of(fleet.claim.private_key),
        "the device key that AWS IoT made": lines_of(device.credentials.private_key),
        "the archive of AWS Panorama": [ARCHIVE_SECRET],
        "the secret key of Huawei Cloud": [SECRET_KEY],
    }


@pytest.fixture
def cloud():
    """An emulator of its own: what others deploy is not searched."""
    with Emulator() as running:
        yield running


@pytest.fixture
def endpoints():
    with PanoramaEndpoint() as panorama, IotdaServer() as iotda:
        yield panorama, iotda


def define(stack, keys, panorama, iotda, secret_arn):
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="", device_allow_list=devices)
    ClaimCertificate(stack, "OwnKey", template=fleet.template, certificate_signing_request=keys.claim_request)
    JustInTimeRegistration(
        stack, "Registration", ca_certificate_pem=keys.authority_pem, thing_name_prefix="pump-"
    )
    PanoramaDevice(stack, "Camera", name="camera", endpoint_url=panorama.url)
    credentials = secretsmanager.Secret.from_secret_complete_arn(stack, "Credentials", secret_arn)
    instance = IotdaInstance(
        stack,
        "Iotda",
        project_id=PROJECT,
        region=REGION,
        endpoint=iotda.url,
        instance_id=INSTANCE,
        credentials=credentials,
    )
    template = IotdaProvisioningTemplate(stack, "Template", instance=instance, body=BODY)
    IotdaDeviceCa(stack, "Ca", instance=instance, certificate=FACTORY, template=template)
    CfnOutput(stack, "TemplateName", value=fleet.template.template_name)
    CfnOutput(stack, "ClaimCertificateSecretArn", value=fleet.claim.secret.secret_arn)
    CfnOutput(stack, "DeviceAllowListTableName", value=devices.table.table_name)


def test_what_cdk_deploys_keeps_every_secret_where_it_lives(cloud, endpoints, tmp_path):
    keys, (panorama, iotda) = Keys(), endpoints
    text = json.dumps({"ak": ACCESS_KEY, "sk": SECRET_KEY})
    secret_arn = cloud.client("secretsmanager").create_secret(Name="huawei", SecretString=text)["ARN"]
    app = App(outdir=str(tmp_path))
    define(Stack(app, STACK, env=IRELAND), keys, panorama, iotda, secret_arn)
    app.synth()
    outputs = cloud_assembly.deploy(cloud, tmp_path, STACK)
    fleet = DeployedFleet.from_outputs(cloud, outputs)
    device = fleet.provision(fleet.a_serial_number())
    secrets = secrets_of(fleet, device, keys)
    assert panorama.named("camera")
    assert iotda.templates
    said = everything_said(cloud, STACK)
    assert '"request": "Create"' in said
    places = {
        **{f"cdk.out/{name}": content for name, content in files_below(tmp_path).items()},
        "outputs": json.dumps(outputs),
        "what CloudFormation said": said,
        **answers_of(cloud),
        **logged(cloud),
    }
    assert found(secrets, places) == set()


@pytest.mark.exhaustive
@needs_engine
@pytest.mark.timeout(600)
def test_what_pulumi_deploys_keeps_every_secret_where_it_lives(cloud, endpoints, tmp_path):
    keys, (panorama, iotda) = Keys(), endpoints
    instance = {"project_id": PROJECT, "region": REGION, "endpoint": iotda.url, "instance_id": INSTANCE}

    def program():
        fleet = components.FleetProvisioning("fleet", {"thing_name_prefix": ""})
        own = {"template_name": fleet.template_name, "certificate_signing_request": keys.claim_request}
        components.ClaimCertificate("own-key", own)
        camera = components.PanoramaDevice("camera", {"name": "camera", "endpoint_url": panorama.url})
        template = {"instance": instance, "body": BODY.document}
        components.IotdaProvisioningTemplate("template", template)
        pulumi.export("TemplateName", fleet.template_name)
        pulumi.export("ClaimCertificateSecretArn", fleet.claim_certificate_secret_arn)
        pulumi.export("DeviceAllowListTableName", fleet.device_allow_list_table_name)
        pulumi.export("Archive", camera.archive)

    stack = stack_of(FLEET, cloud, tmp_path, program=program)
    # As it is for users: the state of every step is written.
    stack.workspace.env_vars["PULUMI_SKIP_CHECKPOINTS"] = "false"
    stack.set_config("huaweicloud:accessKey", pulumi.automation.ConfigValue(ACCESS_KEY))
    stack.set_config("huaweicloud:secretKey", pulumi.automation.ConfigValue(SECRET_KEY, secret=True))
    lines, events = [], []
    done = stack.up(on_output=lines.append, on_event=events.append)
    outputs = {name: output.value for name, output in done.outputs.items()}
    fleet = DeployedFleet.from_outputs(cloud, outputs)
    device = fleet.provision(fleet.a_serial_number())
    # State, history, configuration and temporary files, as they are kept: an export would decrypt them.
    kept = {f"kept/{name}": content for name, content in files_below(tmp_path).items()}
    assert panorama.named("camera")
    assert any("fleet-claim-secret" in content for content in kept.values())
    places = {
        **kept,
        "outputs": json.dumps(outputs),
        "what Pulumi said": "\n".join(lines),
        "events": "\n".join(map(repr, events)),
        **answers_of(cloud),
        **logged(cloud),
    }
    assert found(secrets_of(fleet, device, keys), places) == set()


@pytest.mark.parametrize("hidden_as", ["{}", 'x{}"', "%7B{}"], ids=["as it is", "in JSON", "in a URL"])
def test_a_secret_that_is_somewhere_is_found(hidden_as):
    secrets = {"key": lines_of(pem_of_key(ec.generate_private_key(ec.SECP256R1())))}
    ((first, *_),) = secrets.values()
    assert found(secrets, {"place": hidden_as.format(first)}) == {("key", "place")}


@pytest.mark.parametrize("before", range(3))
def test_a_secret_that_is_somewhere_in_base64_or_hexadecimal_is_found(before):
    secrets = {"key": ["a secret of some length"]}
    hidden = b"\1" * before + b"a secret of some length, and more"
    encoded = {"base64": base64.b64encode(hidden).decode(), "hex": hidden.hex()}
    assert {place for _, place in found(secrets, encoded)} == {"base64", "hex"}
