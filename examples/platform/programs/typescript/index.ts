import * as pulumi from "@pulumi/pulumi";

interface AcmeFleetArgs {
  product: pulumi.Input<string>;
  team: pulumi.Input<string>;
  devices?: pulumi.Input<{ serialNumber: string }[]>;
}

// The engine finds pulumi-resource-acme-provisioning on the PATH.
class AcmeFleet extends pulumi.ComponentResource {
  declare readonly templateName: pulumi.Output<string>;
  declare readonly claimCertificateSecretArn: pulumi.Output<string>;
  declare readonly deviceAllowListTableName: pulumi.Output<string>;

  constructor(name: string, args: AcmeFleetArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = {
      templateName: undefined,
      claimCertificateSecretArn: undefined,
      deviceAllowListTableName: undefined,
    };
    super("acme-provisioning:index:AcmeFleet", name, { ...outputs, ...args }, opts, true);
  }
}

const fleet = new AcmeFleet("sensors", {
  product: "sensors",
  team: "climate",
  devices: [{ serialNumber: "A-0001" }],
});

export const TemplateName = fleet.templateName;
export const ClaimCertificateSecretArn = fleet.claimCertificateSecretArn;
export const DeviceAllowListTableName = fleet.deviceAllowListTableName;
