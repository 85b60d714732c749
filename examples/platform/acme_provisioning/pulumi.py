"""Acme's fleets for Pulumi, and the plugin that brings them to its other languages."""

from importlib.metadata import version
from typing import NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws
from pulumi.provider.experimental import component_provider_host

from device_provisioning.pulumi import DevicePolicy, DevicePolicyArgs, FleetProvisioning, ListedDeviceArgs

from . import BOUNDARY, device_policy, require_product, tags, template_name, thing_name_prefix

ROLE = "aws:iam/role:Role"
TAGGED = {
    ROLE,
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:dynamodb/table:Table",
    "aws:iot/policy:Policy",
    "aws:lambda/function:Function",
    "aws:secretsmanager/secret:Secret",
}


class AcmeFleetArgs(TypedDict):
    """Settings of a fleet. There are no others: what would weaken a fleet can't be said."""

    product: str
    """What the fleet is of; everything is named after it."""
    team: str
    """Who answers for it and pays for it."""
    devices: NotRequired[list[ListedDeviceArgs]]
    """A few devices declared in code; none by default."""


class AcmeFleet(pulumi.ComponentResource):
    """Define a fleet as Acme runs it: named, tagged and bounded, and only devices on its list register, once.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Raises:
        ValueError: If the product's name doesn't suit.
    """

    template_name: pulumi.Output[str]
    """The name of the template that devices register through."""
    claim_certificate_secret_arn: pulumi.Output[str | None]
    """The ARN of the secret with the claim certificate and its key."""
    device_allow_list_table_name: pulumi.Output[str | None]
    """The name of the table of devices that may register."""

    def __init__(self, name: str, args: AcmeFleetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("acme-provisioning:index:AcmeFleet", name, {}, opts)
        product = args["product"]
        require_product(product)
        self._tags = tags(product, args["team"])
        self._boundary = self._arn_of_boundary()
        own = pulumi.ResourceOptions(parent=self, transforms=[self._as_at_acme])
        policy = DevicePolicy(f"{name}-device-policy", cast(DevicePolicyArgs, device_policy(product)), own)
        fleet = FleetProvisioning(
            name,
            {
                "template_name": template_name(product),
                "thing_name_prefix": thing_name_prefix(product),
                "device_policy": policy.resource,
                "devices": args.get("devices", []),
                "tags": {**self._tags},
            },
            own,
        )
        self.template_name = fleet.template_name
        self.claim_certificate_secret_arn = fleet.claim_certificate_secret_arn
        self.device_allow_list_table_name = fleet.device_allow_list_table_name
        self.register_outputs(
            {
                "templateName": self.template_name,
                "claimCertificateSecretArn": self.claim_certificate_secret_arn,
                "deviceAllowListTableName": self.device_allow_list_table_name,
            }
        )

    def _arn_of_boundary(self) -> pulumi.Output[str]:
        where = pulumi.InvokeOutputOptions(parent=self)
        partition = aws.get_partition_output(opts=where).partition
        account = aws.get_caller_identity_output(opts=where).account_id
        return pulumi.Output.format("arn:{0}:iam::{1}:policy/{2}", partition, account, BOUNDARY)

    def _as_at_acme(self, args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        props = dict(args.props)
        if args.type_ in TAGGED:
            props["tags"] = self._tags
        if args.type_ == ROLE:
            props["permissionsBoundary"] = self._boundary
        return pulumi.ResourceTransformResult(props, args.opts)


def main() -> None:
    """Serve the fleet; the engine runs this as ``pulumi-resource-acme-provisioning``."""
    component_provider_host([AcmeFleet], "acme-provisioning", version=version("acme-provisioning"))
