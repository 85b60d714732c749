"""Acme's fleets for AWS CDK."""

from collections.abc import Sequence

from aws_cdk import Stack, Tags, Token
from aws_cdk import aws_iam as iam
from constructs import Construct

from device_provisioning.cdk import DeviceAllowList, DevicePolicy, FleetProvisioning, ListedDevice

from . import BOUNDARY, device_policy, require_product, tags, template_name, thing_name_prefix


class AcmeFleet(Construct):
    """Define a fleet as Acme runs it: named, tagged and bounded, and only devices on its list register, once.

    There are no other settings: what would weaken a fleet can't be said.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        product: What the fleet is of; everything is named after it.
        team: Who answers for it and pays for it.
        devices: A few devices declared in code; none by default.

    Raises:
        ValueError: If the product's name doesn't suit.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        product: str,
        team: str,
        devices: Sequence[ListedDevice] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        # In a product of Service Catalog it is a parameter, which has the pattern itself.
        if not Token.is_unresolved(product):
            require_product(product)
        fleet = FleetProvisioning(
            self,
            "Fleet",
            template_name=template_name(product),
            thing_name_prefix=thing_name_prefix(product),
            device_policy=DevicePolicy(self, "DevicePolicy", **device_policy(product)),
        )
        if devices:
            fleet.device_allow_list.add_devices(devices)
        self.device_allow_list: DeviceAllowList = fleet.device_allow_list
        self.template_name = fleet.template.template_name
        self.claim_certificate_secret_arn = fleet.claim.secret.secret_arn
        boundary = iam.ManagedPolicy.from_managed_policy_name(self, "Boundary", BOUNDARY)
        caretaker = Stack.of(self).node.find_child("DeviceProvisioningCaretaker")
        for part in (self, caretaker):
            iam.PermissionsBoundary.of(part).apply(boundary)
            for key, value in tags(product, team).items():
                Tags.of(part).add(key, value)

    @property
    def outputs(self) -> dict[str, str]:
        """What a factory needs to know."""
        return {
            "TemplateName": self.template_name,
            "ClaimCertificateSecretArn": self.claim_certificate_secret_arn,
            "DeviceAllowListTableName": self.device_allow_list.table.table_name,
        }
