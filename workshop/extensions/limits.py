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

MAX_POLICY_VERSIONS = 5


def install(iot: Any) -> None:
    """Refuse what is over a limit."""
    create_policy, create_version = iot._create_policy, iot._create_policy_version
    validate, apply = iot._validate_provisioning_template_body, iot._apply_provisioning_plan

    def create_short_policy(name: str, payload: dict[str, Any]) -> Any:
        return _too_long(iot, payload) or create_policy(name, payload)

    def create_short_version(name: str, payload: dict[str, Any], query: dict[str, Any]) -> Any:
        return _too_long(iot, payload) or _too_many(iot, name) or create_version(name, payload, query)

    def validate_short(body: Any) -> Any:
        if len(body if isinstance(body, str) else json.dumps(body)) > MAX_BODY:
            message = f"The template body is invalid: it has more than {MAX_BODY} characters"
            return iot.error_response_json("InvalidRequestException", message, 400)
        return validate(body)

    async def apply_short(plan: dict[str, Any], certificate: Any, role_arn: str) -> Any:
        for name, document in plan["policies"]:
            if document is not None and _length(document) > MAX_POLICY_DOCUMENT:
                raise iot._provisioning_failed(f"the document of policy {name} is too long")
        return await apply(plan, certificate, role_arn)

    iot._create_policy, iot._create_policy_version = create_short_policy, create_short_version
    iot._validate_provisioning_template_body, iot._apply_provisioning_plan = validate_short, apply_short


def _too_long(iot: Any, payload: dict[str, Any]) -> Any:
    if _length(str(payload.get("policyDocument", ""))) <= MAX_POLICY_DOCUMENT:
        return None
    message = f"the policy has more than {MAX_POLICY_DOCUMENT} characters, white space not counted"
    return iot.error_response_json("MalformedPolicyException", message, 400)


def _too_many(iot: Any, name: str) -> Any:
    policy = iot._policies.get(name)
    if not policy or len(policy["versions"]) < MAX_POLICY_VERSIONS:
        return None
    message = f"{name} has {MAX_POLICY_VERSIONS} versions"
    return iot.error_response_json("VersionsLimitExceededException", message, 409)


def _length(document: str) -> int:
    return len("".join(document.split()))
