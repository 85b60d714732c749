"""The conditions in the trust of a provisioning role, which MiniStack does not look at.

AWS IoT assumes the role for one template, one CA or, in bulk, for the account alone.

https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html
"""

from collections.abc import Mapping
from typing import Any

from .trust import is_trusted

SERVICE = "iot.amazonaws.com"


def install(iot: Any) -> None:
    """Register nobody by a role that does not trust AWS IoT for the template, where IAM is enforced."""
    from ministack import app

    plan, apply = iot._provisioning_plan, iot._apply_provisioning_plan

    def plan_with_source(template: Mapping[str, Any], parameters: Any, certificate_id: str) -> Any:
        return {**plan(template, parameters, certificate_id), "sourceArn": template.get("templateArn")}

    async def apply_if_trusted(planned: dict[str, Any], certificate: Any, role_arn: str) -> Any:
        if app.AUTH and not is_trusted(SERVICE, role_arn, planned["sourceArn"]):
            raise iot._ProvisioningRejected("AccessDenied", "Access Denied", 403)
        return await apply(planned, certificate, role_arn)

    iot._provisioning_plan, iot._apply_provisioning_plan = plan_with_source, apply_if_trusted
