"""The app that ``cdk deploy`` runs from the repository root.

``cdk.json`` runs it by ``python3 -O``: jsii then leaves out its checks of types, which is faster.
"""

from pathlib import Path

import aws_cdk as cdk

from device_provisioning.aws_iot import BulkTemplate, CertificateSource
from stacks.bulk_registration import BulkRegistrationStack
from stacks.fleet_provisioning import FleetProvisioningStack
from stacks.just_in_time_provisioning import JustInTimeProvisioningStack
from stacks.just_in_time_registration import JustInTimeRegistrationStack
from stacks.trusted_user import TrustedUserStack


def listed(text: str) -> list[str]:
    """What a setting lists, separated by commas."""
    return [each.strip() for each in text.split(",")]


def main() -> None:
    """Synthesise every stack for the account and Region of the CDK CLI's credentials.

    What needs a CA is there with ``--context ca_certificate=FILE.pem`` only, what needs a bulk body with
    ``--context bulk_body=FILE.json``, a trusted user with ``--context trusted_user=PRINCIPAL_ARN``.
    """
    app = cdk.App()
    disposable = app.node.try_get_context("disposable") == "true"
    days = app.node.try_get_context("claim_rotation_days")
    patterns = app.node.try_get_context("claim_client_id_patterns") or "claim-*"
    sources = app.node.try_get_context("certificate_sources") or "create"
    fleet = FleetProvisioningStack(
        app,
        "FleetProvisioning",
        disposable=disposable,
        claim_rotation_days=int(days) if days else None,
        certificate_rotation=app.node.try_get_context("certificate_rotation") == "true",
        claim_client_id_patterns=listed(patterns),
        certificate_sources=[CertificateSource(source) for source in listed(sources)],
    )
    if principal_arn := app.node.try_get_context("trusted_user"):
        TrustedUserStack(app, "TrustedUser", template_name=fleet.template_name, principal_arn=principal_arn)
    if file := app.node.try_get_context("ca_certificate"):
        pem = Path(file).read_text()
        settings = {"ca_certificate_pem": pem, "disposable": disposable}
        JustInTimeProvisioningStack(app, "JustInTimeProvisioning", **settings)
        JustInTimeRegistrationStack(app, "JustInTimeRegistration", **settings)
    if file := app.node.try_get_context("bulk_body"):
        BulkRegistrationStack(app, "BulkRegistration", body=BulkTemplate.from_json(Path(file).read_text()))
    app.synth()


if __name__ == "__main__":
    main()
