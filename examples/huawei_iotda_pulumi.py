from pathlib import Path

import pulumi

from device_provisioning.iotda import CertificateField, Device, Tag, TemplateBody, ref
from device_provisioning.pulumi import IotdaDeviceCa, IotdaInstanceArgs, IotdaProvisioningTemplate

# Of a user who may do nothing but this: pulumi config set --secret huaweicloud:accessKey … and :secretKey …
# The console shows the rest: pulumi config set iotda:projectId …, iotda:instanceId … and iotda:endpoint …
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
        device_name=ref(CertificateField.COMMON_NAME),
        product_id="642bf260f2f9030e44210d8d",
        tags=[Tag(tag_key="site", tag_value=ref(CertificateField.ORGANIZATIONAL_UNIT))],
    ),
    policy_ids=["5c90fa7d3c4e4405e8525079"],
)
template = IotdaProvisioningTemplate("huawei-pumps", {"instance": instance, "body": body.document})
ca = IotdaDeviceCa(
    "huawei-factory",
    {
        "instance": instance,
        # Made with `device-provisioning ca create`.
        "certificate": Path(__file__).with_name("huawei_ca.pem").read_text(),
        "template_id": template.template_id,
    },
)
# For the next deployment: `device-provisioning ca verification-certificate CODE --iotda` signs for it.
pulumi.export("VerifyCode", ca.verify_code)
