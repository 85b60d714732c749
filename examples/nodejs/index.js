// Fleet provisioning from JavaScript: the engine finds pulumi-resource-device-provisioning on the PATH.
const pulumi = require("@pulumi/pulumi");

class FleetProvisioning extends pulumi.ComponentResource {
  constructor(name, args, opts) {
    const outputs = {
      templateName: undefined,
      claimCertificateSecretArn: undefined,
      deviceAllowListTableName: undefined,
    };
    super("device-provisioning:index:FleetProvisioning", name, { ...outputs, ...args }, opts, true);
  }
}

module.exports = async () => {
  const fleet = new FleetProvisioning("fleet", {
    thingNamePrefix: "sensor-",
    devices: [{ serialNumber: "A-0001" }],
  });
  return {
    TemplateName: fleet.templateName,
    ClaimCertificateSecretArn: fleet.claimCertificateSecretArn,
    DeviceAllowListTableName: fleet.deviceAllowListTableName,
  };
};
