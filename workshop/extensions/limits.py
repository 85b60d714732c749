"""The limits of AWS IoT that MiniStack does not know: sizes of bodies and policies, versions of a policy.

Which code gets what is too long is documented nowhere: it is inferred from the codes of the operations.

https://docs.aws.amazon.com/general/latest/gr/iot-core.html
https://docs.aws.amazon.com/iot/latest/apireference/API_CreatePolicy.html
https://docs.aws.amazon.com/iot/latest/apireference/API_CreatePolicyVersion.html
https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html
"""

import json
from typing import Any

from device_provisioning.aws_iot.limits import MAX_POLICY_DOCUMENT
from device_provisioning.aws_iot.template_text import MAX_BODY

Answer = tuple[int, dict[str, str], bytes]
MAX_POLICY_VERSIONS = 5


def install(iot: Any) -> None:
    """Refuse what is over a limit."""
    create_policy, create_version = iot._create_policy, iot._create_policy_version
    validate, apply = iot._validate_provisioning_template_body, iot._apply_provisioning_plan

    def create_short_policy(name: str, payload: dict[str, Any]) -> Any:
        return _too_long(payload) or create_policy(name, payload)

    def create_short_version(name: str, payload: dict[str, Any], query: dict[str, Any]) -> Any:
        policy = iot._policies.get(name)
        too_many = policy and len(policy["versions"]) >= MAX_POLICY_VERSIONS
        refused = _refused(
            409, "VersionsLimitExceededException", f"{name} has {MAX_POLICY_VERSIONS} versions"
        )
        return _too_long(payload) or (refused if too_many else create_version(name, payload, query))

    def validate_short(body: Any) -> Any:
        if len(body if isinstance(body, str) else json.dumps(body)) > MAX_BODY:
            message = f"The template body is invalid: it has more than {MAX_BODY} characters"
            return _refused(400, "InvalidRequestException", message)
        return validate(body)

    async def apply_short(plan: dict[str, Any], certificate: Any, role_arn: str) -> Any:
        for name, document in plan["policies"]:
            if document is not None and _length(document) > MAX_POLICY_DOCUMENT:
                raise iot._provisioning_failed(f"the document of policy {name} is too long")
        return await apply(plan, certificate, role_arn)

    iot._create_policy, iot._create_policy_version = create_short_policy, create_short_version
    iot._validate_provisioning_template_body, iot._apply_provisioning_plan = validate_short, apply_short


def _too_long(payload: dict[str, Any]) -> Answer | None:
    if _length(str(payload.get("policyDocument", ""))) <= MAX_POLICY_DOCUMENT:
        return None
    message = f"the policy has more than {MAX_POLICY_DOCUMENT} characters, white space not counted"
    return _refused(400, "MalformedPolicyException", message)


def _length(document: str) -> int:
    return len("".join(document.split()))


def _refused(status: int, code: str, message: str) -> Answer:
    headers = {"Content-Type": "application/json", "x-amzn-errortype": code}
    return status, headers, json.dumps({"message": message}).encode()
