"""The app that ``cdk deploy`` runs from the repository root."""

import aws_cdk as cdk

from stacks.fleet_provisioning import FleetProvisioningStack


def main() -> None:
    """Synthesise every stack for the account and Region of the CDK CLI's credentials."""
    app = cdk.App()
    FleetProvisioningStack(
        app, "FleetProvisioning", disposable=app.node.try_get_context("disposable") == "true"
    )
    app.synth()


if __name__ == "__main__":
    main()
