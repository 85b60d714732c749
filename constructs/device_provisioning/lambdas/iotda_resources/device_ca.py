"""A device CA certificate as a custom resource: its physical id is its certificate id."""

from typing import Any

from ...iotda.client import CertificateIdentity, IotdaClient
from ..custom_resources.cloudformation import Outcome


def handle(client: IotdaClient, event: dict[str, Any], is_new: bool) -> Outcome:
    """Upload, verify, bind or delete the certificate.

    Another certificate is uploaded again, and so is one that is gone: CloudFormation deletes the old one
    afterwards.
    """
    properties = event["ResourceProperties"]
    if event["RequestType"] == "Delete":
        return _delete(client, event["PhysicalResourceId"])
    if is_new or _is_other(event["OldResourceProperties"], properties) or _is_gone(client, event):
        return _create(client, properties)
    return _settled(client, event["PhysicalResourceId"], properties)


def _create(client: IotdaClient, properties: dict[str, Any]) -> Outcome:
    identity = CertificateIdentity(**properties["Identity"])
    # The delete that follows a create that failed has no certificate id.
    with client.device_cas.added(properties["Content"], identity, properties.get("AppId")) as made:
        return _settled(client, made["certificate_id"], properties)


def _settled(client: IotdaClient, certificate_id: str, properties: dict[str, Any]) -> Outcome:
    authority = client.device_cas.settle(
        certificate_id,
        verification_certificate=properties.get("VerificationCertificate"),
        template_id=properties.get("TemplateId"),
        provision_enable=properties.get("ProvisionEnable") == "true",
    )
    data = {"VerifyCode": authority["verify_code"], "Verified": str(authority["status"]).lower()}
    return Outcome(certificate_id, data)


def _is_other(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return any(before.get(name) != after.get(name) for name in ("Content", "AppId"))


def _is_gone(client: IotdaClient, event: dict[str, Any]) -> bool:
    return client.device_cas.show(event["PhysicalResourceId"]) is None


def _delete(client: IotdaClient, certificate_id: str) -> Outcome:
    # A create that failed has deleted what it uploaded, and what is there may be older.
    if not certificate_id.startswith("failed-"):
        client.device_cas.delete(certificate_id)
    return Outcome(certificate_id)
