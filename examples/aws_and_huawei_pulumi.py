import csv
from pathlib import Path

import pulumi

from device_provisioning.iotda import CertificateField, Device, Tag, TemplateBody, evaluate, ref
from device_provisioning.pulumi import (
    IotdaDeviceCa,
    IotdaInstanceArgs,
    IotdaProvisioningTemplate,
    JustInTimeRegistration,
)

HERE = Path(__file__).parent
PUMPS = list(csv.DictReader((HERE / "pumps.csv").read_text().splitlines()))

# On AWS the list itself is the gate: a certificate of the CA alone is not enough.
JustInTimeRegistration(
    "pumps-on-aws",
    {
        "ca_certificate_pem": (HERE / "ca.pem").read_text(),
        "thing_name_prefix": "pump-",
        "devices": [{"serial_number": pump["serial_number"]} for pump in PUMPS if pump["cloud"] == "aws"],
    },
)

# On Huawei Cloud the CA is the gate: it is another one, which signs for the pumps of this cloud only.
config = pulumi.Config("iotda")
instance: IotdaInstanceArgs = {
    "project_id": config.require("projectId"),
    "region": "cn-north-4",
    "endpoint": config.require("endpoint"),
    "instance_id": config.require("instanceId"),
}
body = TemplateBody(
    device=Device(
        node_id=ref(CertificateField.COMMON_NAME),
        product_id="642bf260f2f9030e44210d8d",
        tags=[Tag(tag_key="site", tag_value=ref(CertificateField.ORGANIZATIONAL_UNIT))],
    )
)
template = IotdaProvisioningTemplate("pumps-on-huawei", {"instance": instance, "body": body.document})
IotdaDeviceCa(
    "pumps-on-huawei-ca",
    {
        "instance": instance,
        "certificate": (HERE / "huawei_ca.pem").read_text(),
        "template_id": template.template_id,
    },
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
