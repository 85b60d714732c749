"""The app that the AWS CDK deploys: a fleet with the largest policies that this library makes."""

import aws_cdk as cdk

from ..cdk import CertificateSource, DeviceAllowList, DevicePolicy, FleetProvisioning
from .naming import Names
from .shape import DEVICE_PARAMETER, SITE, Output


def define(stack: cdk.Stack, names: Names) -> None:
    """Define the fleet, and what of it a run has to know."""
    sources = list(CertificateSource)
    rotation = names.rotation_template
    policy = DevicePolicy(
        stack,
        "DevicePolicy",
        policy_name=names.device_policy,
        shadow=True,
        jobs=True,
        rotation_template_name=rotation,
        rotation_certificate_sources=sources,
        revoke_certificates_on_removal=True,
    )
    devices = DeviceAllowList(stack, "Devices", removal_policy=cdk.RemovalPolicy.DESTROY)
    fleet = FleetProvisioning(
        stack,
        "Fleet",
        template_name=names.template,
        thing_name_prefix=names.thing_name_prefix,
        device_parameters=[DEVICE_PARAMETER],
        attributes={"site": SITE},
        device_configuration={"site": SITE},
        device_allow_list=devices,
        device_policy=policy,
        log_removal_policy=cdk.RemovalPolicy.DESTROY,
        rotation_template_name=rotation,
        certificate_sources=sources,
    )
    outputs = {
        Output.CLAIM: fleet.claim.secret.secret_arn,
        Output.TABLE: devices.table.table_name,
    }
    for name, value in outputs.items():
        cdk.CfnOutput(stack, name, value=value)


def main() -> None:
    """Synthesise the stack; ``--context name=NAME`` is what everything in it is called.

    It is deployed with the caller's credentials and from a bucket of its own: nothing of the account's
    bootstrap is used or needed.
    """
    app = cdk.App()
    names = Names(app.node.get_context("name"))
    synthesizer = cdk.CliCredentialsStackSynthesizer(file_assets_bucket_name=names.bucket)
    define(cdk.Stack(app, names.fleet, synthesizer=synthesizer), names)
    app.synth()


if __name__ == "__main__":
    main()
