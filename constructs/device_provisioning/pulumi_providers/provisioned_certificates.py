"""The certificates that hold a device policy, revoked when the policy goes."""

import math
from typing import Any

import pulumi
from botocore.exceptions import ClientError
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource

from ..aws_iot.environment import Environment
from ..lambdas.custom_resources.certificates import GONE, is_error
from ..lambdas.custom_resources.provisioned_certificates import revoke_holders
from .account import AccountProvider, difference, place


class ProvisionedCertificatesProvider(AccountProvider):
    """Do nothing until the policy goes; then revoke every certificate that holds it."""

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another policy has other holders."""
        return difference(_olds, _news, replacing=("policy_name",))

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Note which policy it is."""
        return CreateResult(f"certificates-of-{props['policy_name']}", dict(props))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """See whether the policy is still there."""
        try:
            self.client("iot", props).get_policy(policyName=props["policy_name"])
        except ClientError as error:
            if is_error(error, GONE):
                return ReadResult("", {})
            raise
        return ReadResult(id_, dict(props))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Revoke every certificate that holds the policy."""
        revoke_holders(self.client("iot", _props), _props["policy_name"], lambda: math.inf)


class ProvisionedCertificates(Resource, module="device-provisioning", name="ProvisionedCertificates"):
    """The certificates that hold a policy.

    Args:
        name: The name of the resource.
        policy_name: The policy.
        environment: Where the certificates are.
        parent: The component above.
    """

    def __init__(
        self,
        name: str,
        *,
        policy_name: pulumi.Input[str],
        environment: pulumi.Output[Environment],
        parent: pulumi.Resource,
    ) -> None:
        properties = {"policy_name": policy_name, **place(environment)}
        super().__init__(
            ProvisionedCertificatesProvider(), name, properties, pulumi.ResourceOptions(parent=parent)
        )
