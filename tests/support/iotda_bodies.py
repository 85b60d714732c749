"""What IoTDA's pages say about bodies, written down a second time, for the server of the tests."""

import re

LETTERS = "A-Za-z0-9\u4e00-\u9fff"
CHARACTERS = re.compile(rf"[{LETTERS}_?'#().,&%@!-]*")
RESERVED = {
    f"iotda::certificate::{name}"
    for name in (
        "country",
        "organization",
        "organizational_unit",
        "distinguished_name_qualifier",
        "state_name",
        "common_name",
        "serial_number",
    )
}


class Refused(Exception):  # noqa: N818
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def require_create(body):
    _require(set(body) - {"description"} == {"template_name", "template_body"})
    _require_text(body["template_name"], rf"[{LETTERS}_-]{{1,128}}")
    _require_definition(body)


def require_update(body):
    _require(body and not set(body) - {"description", "template_body"})
    _require_definition(body)


def require_certificate_update(body):
    kinds = {
        "provision_enable": bool,
        "template_id": str | None,
        "ocsp_enable": bool,
        "ocsp_ssl_enable": bool,
        "ocsp_server_ca_id": str,
    }
    _require(body and all(name in kinds and isinstance(value, kinds[name]) for name, value in body.items()))


def _require_definition(body):
    if "description" in body:
        _require(isinstance(body["description"], str) and len(body["description"]) <= 2048)
        _require(CHARACTERS.fullmatch(body["description"]))
    if "template_body" in body:
        _require_template(body["template_body"])


def _require_template(body):
    _require(isinstance(body, dict) and set(body) == {"parameters", "resources"})
    parameters, resources = body["parameters"], body["resources"]
    _require(isinstance(parameters, dict) and set(parameters) <= RESERVED)
    _require(all(value == {"type": "String"} for value in parameters.values()))
    _require(isinstance(resources, dict) and set(resources) - {"policy"} == {"device"})
    _require_device(resources["device"], parameters)
    policy = resources.get("policy", {"policy_ids": []})
    _require(set(policy) == {"policy_ids"} and isinstance(policy["policy_ids"], list))
    for policy_id in policy["policy_ids"]:
        _require_text(policy_id, "[0-9a-f]{24}")


def _require_device(device, parameters):
    _require(isinstance(device, dict))
    _require({"node_id", "product_id"} <= set(device))
    _require(not set(device) - {"device_name", "device_id", "node_id", "product_id", "tags"})
    for name in {"device_name", "device_id", "node_id"} & set(device):
        _require(_is_reference(device[name], parameters))
    _require_value(device["product_id"], "[A-Za-z0-9_-]{1,36}", parameters)
    for tag in device.get("tags", []):
        _require(isinstance(tag, dict) and set(tag) == {"tag_key", "tag_value"})
        _require_value(tag["tag_key"], rf"[{LETTERS}_.-]{{1,64}}", parameters)
        _require_value(tag["tag_value"], rf"[{LETTERS}_.-]{{1,128}}", parameters)


def _require_value(value, pattern, parameters):
    if not _is_reference(value, parameters):
        _require_text(value, pattern)


def _is_reference(value, parameters):
    return isinstance(value, dict) and set(value) == {"ref"} and value["ref"] in parameters


def _require_text(value, pattern):
    _require(isinstance(value, str) and re.fullmatch(pattern, value))


def _require(holds):
    if not holds:
        raise Refused(400, "IOTDA.000006", "Invalid input data.")
