import csv
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from device_provisioning.cdk import (
    IotdaDeviceCa,
    IotdaInstance,
    IotdaProvisioningTemplate,
    JustInTimeRegistration,
    ListedDevice,
)
from device_provisioning.iotda import CertificateField, Device, Tag, TemplateBody, evaluate, ref

HERE = Path(__file__).parent
PUMPS = list(csv.DictReader((HERE / "pumps.csv").read_text().splitlines()))

app = cdk.App()

# On AWS the list itself is the gate: a certificate of the CA alone is not enough.
aws = cdk.Stack(app, "PumpsOnAws")
pumps = JustInTimeRegistration(
    aws, "Pumps", ca_certificate_pem=(HERE / "ca.pem").read_text(), thing_name_prefix="pump-"
)
pumps.device_allow_list.add_devices(
    [ListedDevice(serial_number=pump["serial_number"]) for pump in PUMPS if pump["cloud"] == "aws"]
)

# On Huawei Cloud the CA is the gate: it is another one, which signs for the pumps of this cloud only.
huawei = cdk.Stack(app, "PumpsOnHuawei")
instance = IotdaInstance(
    huawei,
    "Iotda",
    project_id="0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    region="cn-north-4",
    endpoint="1a2b3c4d5e.iotda-app.cn-north-4.example.com",
    credentials=secretsmanager.Secret.from_secret_name_v2(huawei, "Credentials", "huawei-cloud"),
)
body = TemplateBody(
    device=Device(
        node_id=ref(CertificateField.COMMON_NAME),
        product_id="642bf260f2f9030e44210d8d",
        tags=[Tag(tag_key="site", tag_value=ref(CertificateField.ORGANIZATIONAL_UNIT))],
    )
)
template = IotdaProvisioningTemplate(huawei, "Template", instance=instance, body=body)
IotdaDeviceCa(
    huawei, "Ca", instance=instance, certificate=(HERE / "huawei_ca.pem").read_text(), template=template
)

# A pump of the list that IoTDA could not register is found before its certificate is made.
for pump in PUMPS:
    subject = {
        CertificateField.COMMON_NAME: pump["serial_number"],
        CertificateField.ORGANIZATIONAL_UNIT: pump["site"],
    }
    failures = evaluate(body.document, subject).failures if pump["cloud"] == "huawei" else ()
    if failures:
        raise SystemExit(f"{pump['serial_number']}: " + "; ".join(str(failure) for failure in failures))

app.synth()
