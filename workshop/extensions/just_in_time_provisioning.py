"""Just-in-time provisioning, of which MiniStack has only the first step.

A device that connects with a certificate of a CA that has a template is dropped, while the template is
applied: the certificate becomes active, or stays PENDING_ACTIVATION if the template can't be applied.

https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html
"""

from collections.abc import Mapping
from typing import Any

PARAMETER = "AWS::IoT::Certificate::"


def install(iot: Any) -> None:
    """Apply the template of the CA on the connection that registers a certificate."""
    publish = iot._publish_certificate_registered

    async def publish_and_provision(
        account: str, region: str, record: dict[str, Any], source_ip: str | None, registered: str | None
    ) -> None:
        await publish(account, region, record, source_ip, registered)
        if registered is None:
            with iot.request_scope(account, region):
                await _provision(iot, record)

    iot._publish_certificate_registered = publish_and_provision


async def _provision(iot: Any, record: dict[str, Any]) -> None:
    template = _template(iot, iot._ca_certificates[record["caCertificateId"]])
    if template is None:
        return
    certificate_id = record["certificateId"]
    try:
        plan = iot._provisioning_plan(template, _parameters(record["certificatePem"]), certificate_id)
        await iot._apply_provisioning_plan(plan, record, template["provisioningRoleArn"])
    except iot._ProvisioningRejected as rejection:
        print(f"just-in-time provisioning of {certificate_id}: {rejection.reply}", flush=True)


def _template(iot: Any, authority: Mapping[str, Any]) -> dict[str, Any] | None:
    """The template that a CA names or holds, if it is one that applies."""
    configuration = authority.get("registrationConfig") or {}
    if body := configuration.get("templateBody"):
        version = iot._provisioning_template_version(1, body, 0)
        return {
            "templateName": "body inside a CA",
            "templateArn": authority["certificateArn"],
            "provisioningRoleArn": configuration["roleArn"],
            "defaultVersionId": 1,
            "versions": {"1": version},
        }
    template: dict[str, Any] | None = iot._provisioning_templates.get(configuration.get("templateName"))
    return template if template and template["enabled"] and template["type"] == "JITP" else None


def _parameters(certificate_pem: str) -> dict[str, str]:
    """What the subject of a certificate says, as the parameters of a body."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    names = {
        "Country": NameOID.COUNTRY_NAME,
        "Organization": NameOID.ORGANIZATION_NAME,
        "OrganizationalUnit": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "DistinguishedNameQualifier": NameOID.DN_QUALIFIER,
        "StateName": NameOID.STATE_OR_PROVINCE_NAME,
        "CommonName": NameOID.COMMON_NAME,
        "SerialNumber": NameOID.SERIAL_NUMBER,
    }
    subject = x509.load_pem_x509_certificate(certificate_pem.encode()).subject
    found = {name: subject.get_attributes_for_oid(oid) for name, oid in names.items()}
    return {PARAMETER + name: str(values[0].value) for name, values in found.items() if values}
