"""A device CA certificate of IoTDA: no provider of Pulumi verifies and binds one."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    UpdateResult,
)

from ..aws_iot import Severity, is_unresolved
from ..iotda import DeviceCa, check_device_ca
from ..iotda.certificate import certificate_identity
from ..iotda.client import IotdaClient
from .account import difference
from .iotda_instance import PLACE, InstanceProvider, place


class IotdaDeviceCaProvider(InstanceProvider):
    """Upload, verify, bind and delete a CA certificate; its id is its certificate id."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Ask the rules, once the certificate is known."""
        failures = [] if is_unresolved(news["certificate"]) else _problems(news)
        return CheckResult(dict(news), [CheckFailure("", problem) for problem in failures])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another certificate, space or instance needs another upload."""
        own = {name: value for name, value in _news.items() if name not in ("verify_code", "verified")}
        return difference(_olds, own, replacing=("certificate", "app_id", *PLACE))

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Upload the certificate, or find the one whose answer was lost, and bring it to its state."""
        pem, app_id = props["certificate"], props["app_id"] or None
        identity = certificate_identity(pem)
        # The engine keeps no id of a create that failed.
        with self.client(props) as client, client.device_cas.added(pem, identity, app_id) as made:
            return CreateResult(made["certificate_id"], _settled(client, made["certificate_id"], props))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Verify, bind or unbind."""
        with self.client(_news) as client:
            return UpdateResult(_settled(client, _id, _news))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look what the certificate is by now."""
        with self.client(props) as client:
            authority = client.device_cas.show(id_)
        if authority is None:
            return ReadResult("", {})
        found = {**props, **_outputs(authority)}
        if authority["status"]:
            # An unverified one is bound to nothing yet, whatever is wanted.
            found["template_id"] = authority.get("template_id") or ""
            found["provision_enable"] = bool(authority.get("provision_enable"))
        return ReadResult(id_, found, inputs=dict(found))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Unbind the certificate and delete it; gone already is fine."""
        with self.client(_props) as client:
            client.device_cas.delete(_id)


class DeviceCaCertificate(Resource, module="device-provisioning", name="IotdaDeviceCa"):
    """A device CA certificate.

    Args:
        name: The name of the resource.
        certificate: The CA's certificate in PEM.
        verification_certificate: The certificate in PEM that verifies it; none by default.
        template_id: The template to bind; none by default.
        provision_enable: Whether devices register through it.
        app_id: The resource space; the instance's default one by default.
        silenced_rules: Rules that don't apply, each with the reason.
        instance: Where it is.
        parent: The component above.
    """

    verify_code: pulumi.Output[str]
    verified: pulumi.Output[bool]

    def __init__(
        self,
        name: str,
        *,
        certificate: pulumi.Input[str],
        verification_certificate: pulumi.Input[str] | None,
        template_id: pulumi.Input[str] | None,
        provision_enable: pulumi.Input[bool],
        app_id: pulumi.Input[str] | None,
        silenced_rules: Mapping[str, str],
        instance: Mapping[str, Any],
        parent: pulumi.Resource,
    ) -> None:
        properties = {
            "certificate": certificate,
            "verification_certificate": verification_certificate or "",
            "template_id": template_id or "",
            "provision_enable": provision_enable,
            "app_id": app_id or "",
            "silenced_rules": dict(silenced_rules),
            "verify_code": None,
            "verified": None,
            **place(instance),
        }
        options = pulumi.ResourceOptions(parent=parent)
        super().__init__(IotdaDeviceCaProvider(), name, properties, options)


def _settled(client: IotdaClient, certificate_id: str, props: Mapping[str, Any]) -> dict[str, Any]:
    authority = client.device_cas.settle(
        certificate_id,
        verification_certificate=props["verification_certificate"] or None,
        template_id=props["template_id"] or None,
        provision_enable=props["provision_enable"],
    )
    return {**props, **_outputs(authority)}


def _outputs(authority: Mapping[str, Any]) -> dict[str, Any]:
    return {"verify_code": authority["verify_code"], "verified": authority["status"]}


def _problems(news: Mapping[str, Any]) -> list[str]:
    settings = DeviceCa(
        news["certificate"],
        news["verification_certificate"] or None,
        news["template_id"] != "",
        news["provision_enable"],
    )
    try:
        findings = check_device_ca(settings, silenced=news["silenced_rules"])
        certificate_identity(news["certificate"])
    except ValueError as error:
        return [str(error)]
    return [str(finding) for finding in findings if finding.severity is Severity.ERROR]
