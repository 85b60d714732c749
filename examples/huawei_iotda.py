from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from device_provisioning.cdk import IotdaDeviceCa, IotdaInstance, IotdaProvisioningTemplate
from device_provisioning.iotda import CertificateField, Device, Tag, TemplateBody, ref

app = cdk.App()
stack = cdk.Stack(app, "PumpsOnHuawei")
instance = IotdaInstance(
    stack,
    "Iotda",
    project_id="0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    region="cn-north-4",
    # The console shows the host of a standard or enterprise instance.
    endpoint="1a2b3c4d5e.iotda-app.cn-north-4.example.com",
    # Holds {"ak": "…", "sk": "…"} of a user who may do nothing but this.
    credentials=secretsmanager.Secret.from_secret_name_v2(stack, "Credentials", "huawei-cloud"),
)
template = IotdaProvisioningTemplate(
    stack,
    "Template",
    instance=instance,
    body=TemplateBody(
        device=Device(
            node_id=ref(CertificateField.COMMON_NAME),
            device_name=ref(CertificateField.COMMON_NAME),
            product_id="642bf260f2f9030e44210d8d",
            tags=[Tag(tag_key="site", tag_value=ref(CertificateField.ORGANIZATIONAL_UNIT))],
        ),
        policy_ids=["5c90fa7d3c4e4405e8525079"],
    ),
)
ca = IotdaDeviceCa(
    stack,
    "Ca",
    instance=instance,
    # Made with `device-provisioning ca create`.
    certificate=Path(__file__).with_name("huawei_ca.pem").read_text(),
    template=template,
)
# For the next deployment: `device-provisioning ca verification-certificate CODE --iotda` signs for it.
cdk.CfnOutput(stack, "VerifyCode", value=ca.verify_code)
app.synth()
