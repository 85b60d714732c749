"""A role is not known everywhere at once: who uses it first is refused; MiniStack knows it at once.

It is on where ``LATE_ROLES`` says how many uses of a role are refused, of each role: uses, not seconds. What
CloudFormation makes by itself is not refused, because it waits.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
https://github.com/hashicorp/terraform-provider-aws
"""

import json
import os
from collections import Counter
from typing import Any
from urllib.parse import parse_qs

LATE = "LATE_ROLES"
TO_IOT = "The provisioning role cannot be assumed by AWS IoT"
TO_LAMBDA = "The role defined for the function cannot be assumed by Lambda."


class Roles:
    """Roles, and how often each was used.

    Args:
        uses: How many uses are too early.
    """

    def __init__(self, uses: int) -> None:
        self._too_early = uses
        self._uses: Counter[str] = Counter()

    def is_late(self, role_arn: str | None) -> bool:
        """Whether a role is not known yet where it is used now."""
        from ministack.services import iam

        role = iam._roles.get((role_arn or "").rpartition("/")[2])
        if role is None or self._uses[role["RoleId"]] >= self._too_early:
            return False
        self._uses[role["RoleId"]] += 1
        return True


def install(iot: Any) -> None:
    """Refuse roles at first, if that is asked for."""
    if uses := int(os.environ.get(LATE, 0)):
        roles = Roles(uses)
        _in_iot(iot, roles)
        _in_lambda(roles)
        _in_sts(roles)


def _in_iot(iot: Any, roles: Roles) -> None:
    route = iot._route_request

    async def route_by_known_role(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if method != "GET" and path.startswith(("/provisioning-templates", "/cacertificate")):
            asked = json.loads(body or b"{}")
            inside = asked.get("registrationConfig", {}).get("roleArn")
            if roles.is_late(asked.get("provisioningRoleArn") or inside):
                return iot.error_response_json("InvalidRequestException", TO_IOT, 400)
        return await route(method, path, headers, body, query)

    iot._route_request = route_by_known_role


def _in_lambda(roles: Roles) -> None:
    from ministack.core.responses import error_response_json
    from ministack.services import lambda_svc

    create = lambda_svc._create_function

    def create_by_known_role(asked: dict[str, Any]) -> Any:
        if roles.is_late(asked.get("Role")):
            return error_response_json("InvalidParameterValueException", TO_LAMBDA, 400)
        return create(asked)

    lambda_svc._create_function = create_by_known_role


def _in_sts(roles: Roles) -> None:
    from ministack.services import sts

    handle = sts.handle_request

    async def handle_known_role(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        asked = parse_qs(body.decode())
        if asked.get("Action") == ["AssumeRole"] and roles.is_late(asked["RoleArn"][0]):
            return sts._error(403, "AccessDenied", "the caller may not assume this role", ns="sts")
        return await handle(method, path, headers, body, query)

    sts.handle_request = handle_known_role
