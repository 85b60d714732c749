"""What AWS's own command prints and takes: provisioning templates, their versions, and CAs.

https://docs.aws.amazon.com/iot/latest/apireference/
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.template_type import TemplateType
from .plan import KNOWN_LATER, LooseBody, Plan

_OF_TEMPLATE = ("provisioningRoleArn", "enabled", "preProvisioningHook", "description")
_OF_CONFIG = ("roleArn", "templateName", "templateBody")
_OF_TASK = ("inputFileBucket", "inputFileKey", "parameters")
_TEMPLATE_NAMES = {
    "description": "Description",
    "enabled": "Enabled",
    "preProvisioningHook": "PreProvisioningHook",
    "provisioningRoleArn": "ProvisioningRoleArn",
    "templateBody": "TemplateBody",
    "templateName": "TemplateName",
    "type": "TemplateType",
}


def read_aws_api(value: Mapping[str, Any]) -> Plan | None:
    """What a request or an answer of AWS IoT amounts to; ``None`` for anything else.

    Args:
        value: The document.
    """
    if "templateBody" in value:
        if any(name in value for name in _OF_TEMPLATE):
            return _template(value)
        return Plan(bodies=[_body(value)])
    if isinstance(value.get("registrationConfig"), Mapping):
        return _authority(value, value["registrationConfig"])
    if isinstance(value.get("certificateDescription"), Mapping) and "certificateMode" in str(value):
        return _authority(value, {})
    return None


def _body(value: Mapping[str, Any]) -> LooseBody:
    given = value["templateBody"]
    body = given if isinstance(given, str | Mapping) else json.dumps(given, default=str)
    of_ca = "roleArn" in value and not any(name in value for name in _OF_TASK)
    template_type = TemplateType.JITP if of_ca else None
    if any(name in value for name in _OF_TASK):
        template_type = TemplateType.BULK
    elif "versionId" in value or "setAsDefault" in value:
        template_type = None
    return LooseBody(body, "/templateBody", template_type, wants_text=True, belongs_to_ca=of_ca)


def _template(value: Mapping[str, Any]) -> Plan:
    properties = {ours: value[theirs] for theirs, ours in _TEMPLATE_NAMES.items() if theirs in value}
    hook = properties.get("PreProvisioningHook")
    if isinstance(hook, Mapping):
        names = {"targetArn": "TargetArn", "payloadVersion": "PayloadVersion"}
        properties["PreProvisioningHook"] = {names.get(str(key), key): inner for key, inner in hook.items()}
    properties = {name: given for name, given in properties.items() if given not in (None, "")}
    places = {"/Resources/template": "", "/Resources/template/Properties": ""}
    places |= {
        f"/Resources/template/Properties/{ours}": f"/{theirs}" for theirs, ours in _TEMPLATE_NAMES.items()
    }
    resource = {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": properties}
    return Plan({"Resources": {"template": resource}}, places)


def _authority(value: Mapping[str, Any], config: Mapping[str, Any]) -> Plan:
    described = value.get("certificateDescription")
    described = described if isinstance(described, Mapping) else {}
    properties = dict(_settings(value, described))
    names = {"templateBody": "TemplateBody", "roleArn": "RoleArn", "templateName": "TemplateName"}
    if config:
        given = {names.get(str(key), key): inner for key, inner in config.items() if inner not in (None, "")}
        properties["RegistrationConfig"] = given
    here, there = "/Resources/authority/Properties", "/registrationConfig"
    places = {"/Resources/authority": "", here: "", f"{here}/RegistrationConfig": there}
    places |= {f"{here}/RegistrationConfig/{ours}": f"{there}/{theirs}" for theirs, ours in names.items()}
    resource = {"Type": "AWS::IoT::CACertificate", "Properties": properties}
    return Plan({"Resources": {"authority": resource}}, places)


def _settings(value: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    is_request = "caCertificate" in value
    mode = value.get("certificateMode", described.get("certificateMode"))
    if mode:
        yield "CertificateMode", mode
    if value.get("verificationCertificate"):
        yield "VerificationCertificatePem", value["verificationCertificate"]
    elif not is_request and mode != "SNI_ONLY":
        yield "VerificationCertificatePem", KNOWN_LATER  # an answer does not repeat it
    active = value.get("setAsActive", not is_request)
    status = value.get("newStatus", described.get("status", "ACTIVE" if active else "INACTIVE"))
    yield "Status", status
    automatic = "ENABLE" if value.get("allowAutoRegistration", not is_request) else "DISABLE"
    yield (
        "AutoRegistrationStatus",
        value.get("newAutoRegistrationStatus", described.get("autoRegistrationStatus", automatic)),
    )
