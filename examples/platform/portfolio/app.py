"""Acme's fleets as a product of AWS Service Catalog: a team without code launches one from a portfolio."""

from typing import Any

import aws_cdk as cdk
from acme_provisioning import PRODUCT
from acme_provisioning.cdk import AcmeFleet
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicecatalog as servicecatalog
from constructs import Construct
from launch_role import launch_role


class FleetProduct(servicecatalog.ProductStack):
    """What is launched: a fleet whose product and team the launching team says."""

    def __init__(self, scope: Construct, construct_id: str, **settings: Any) -> None:
        super().__init__(scope, construct_id, description="A fleet as Acme runs it", **settings)
        fleet = AcmeFleet(
            self,
            "Fleet",
            product=self._parameter("Product", f"^{PRODUCT}$", "3 to 20 lower-case letters and digits"),
            team=self._parameter(
                "Team", "^[A-Za-z0-9 _-]{1,64}$", "1 to 64 letters, digits, spaces, _ and -"
            ),
        )
        for name, value in fleet.outputs.items():
            cdk.CfnOutput(self, name, value=value)

    def _parameter(self, name: str, pattern: str, allowed: str) -> str:
        parameter = cdk.CfnParameter(
            self, name, description=allowed, allowed_pattern=pattern, constraint_description=f"be {allowed}"
        )
        return parameter.value_as_string


class Portfolio(cdk.Stack):
    """The portfolio, with the product and the role that it is launched with.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        user_role: Who may launch: the name of a role of this account.
        asset_bucket_name: The bucket that is made for the code of the product's functions: Service Catalog
            needs its name beforehand.
        settings: Settings of the stack.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, user_role: str, asset_bucket_name: str, **settings: Any
    ) -> None:
        super().__init__(scope, construct_id, **settings)
        assets = s3.Bucket(
            self,
            "Assets",
            bucket_name=asset_bucket_name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,
        )
        template = servicecatalog.CloudFormationTemplate.from_product_stack(
            FleetProduct(self, "FleetProduct", asset_bucket=assets)
        )
        version = servicecatalog.CloudFormationProductVersion(
            cloud_formation_template=template, product_version_name="1.0.0"
        )
        product = servicecatalog.CloudFormationProduct(
            self, "Fleet", product_name="Device fleet", owner="Acme platform", product_versions=[version]
        )
        portfolio = servicecatalog.Portfolio(
            self, "Portfolio", display_name="Device provisioning", provider_name="Acme platform"
        )
        portfolio.add_product(product)
        portfolio.give_access_to_role(iam.Role.from_role_name(self, "User", user_role))
        portfolio.set_launch_role(product, launch_role(self, "LaunchRole", assets))


def main() -> None:
    """Define the app: ``cdk deploy --context user_role=Technicians --context asset_bucket=acme-fleets``."""
    app = cdk.App()
    given = app.node.try_get_context
    Portfolio(
        app,
        "AcmePortfolio",
        user_role=given("user_role") or "Technicians",
        asset_bucket_name=given("asset_bucket") or "acme-fleets",
    )
    app.synth()


if __name__ == "__main__":
    main()
