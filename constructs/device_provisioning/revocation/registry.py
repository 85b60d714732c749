"""What devices hold in AWS IoT, read and changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..console.aws_calls import AwsCalls
from ..console.aws_refusals import NotFoundError
from ..console.sources import UnreadableError

ATTEMPTS = 20
"""AWS IoT takes about ten calls of a kind in a second (https://docs.aws.amazon.com/general/latest/gr/iot-core.html)."""


@dataclass(frozen=True)
class Certificate:
    """A certificate of AWS IoT.

    Args:
        certificate_id: Its id.
        arn: Its ARN.
        status: Its status.
    """

    certificate_id: str
    arn: str
    status: str


class Registry:
    """Certificates, things and groups of an account.

    Calls that AWS IoT throttles are made again, at the pace that it takes.

    Args:
        parallel: How many calls may be under way at once.

    Raises:
        UnreadableError: If no Region is chosen; from each method, if AWS refuses or can't be reached.
    """

    def __init__(self, parallel: int) -> None:
        settings = {
            "max_pool_connections": parallel,
            "retries": {"mode": "adaptive", "total_max_attempts": ATTEMPTS},
        }
        self._iot = AwsCalls("AWS IoT", "iot", settings=settings, shows_waiting=False)
        self._data = AwsCalls("AWS IoT", "iot-data", settings=settings, shows_waiting=False)
        self.is_dynamic: Callable[[str], bool] = cache(self._is_dynamic)

    def certificate(self, certificate_id: str) -> Certificate | None:
        """A certificate; ``None`` if it is gone."""
        answer = self._iot.found("describe_certificate", certificateId=certificate_id)
        if answer is None:
            return None
        described = answer["certificateDescription"]
        return Certificate(certificate_id, described["certificateArn"], described["status"])

    def things_of(self, certificate: Certificate) -> Sequence[str]:
        """The names of the things that a certificate is attached to."""
        return self._iot.pages("list_principal_things", "things", principal=certificate.arn)

    def certificate_ids_of(self, thing_name: str) -> Sequence[str] | None:
        """The ids of a thing's certificates; ``None`` if there is no such thing."""
        try:
            arns = self._iot.pages("list_thing_principals", "principals", thingName=thing_name)
        except NotFoundError:
            return None
        return [arn.rpartition("/")[2] for arn in arns if ":cert/" in arn]

    def policies_of(self, target_arn: str) -> tuple[str, ...]:
        """The names of the policies that are attached to a certificate or a group itself."""
        policies = self._iot.pages("list_attached_policies", "policies", target=target_arn)
        return tuple(policy["policyName"] for policy in policies)

    def groups_of(self, thing_name: str) -> tuple[str, ...]:
        """The static groups of a thing: dynamic ones hold no policies, and nobody leaves them by hand.

        https://docs.aws.amazon.com/iot/latest/developerguide/dynamic-thing-groups.html
        """
        try:
            groups = self._iot.pages("list_thing_groups_for_thing", "thingGroups", thingName=thing_name)
        except NotFoundError:
            return ()
        names = (group["groupName"] for group in groups)
        return tuple(name for name in names if not self.is_dynamic(name))

    def require_quarantine_group(self, group: str, *, repair: bool) -> None:
        """Make sure that things can be moved to a group, and that it lets them do something if they are to.

        Raises:
            UnreadableError: If there is no such group, it is dynamic, or no policy is attached to it.
        """
        described = self._iot.found("describe_thing_group", thingGroupName=group)
        if described is None:
            raise UnreadableError(
                f"--quarantine-group {group}: there is no such thing group in {self._iot.region}: define a"
                " QuarantineGroup, or check the name, account and Region"
            )
        if "queryString" in described:
            raise UnreadableError(f"--quarantine-group {group}: is a dynamic group: give a static one")
        if repair and not self.policies_of(described["thingGroupArn"]):
            raise UnreadableError(
                f"--repair: no policy is attached to {group}, so that its devices can't do anything: attach"
                " one that allows a repair topic only, as QuarantineGroup does"
            )

    def set_status(self, certificate: Certificate, status: str) -> None:
        """Activate a certificate or deactivate it."""
        self._iot.call("update_certificate", certificateId=certificate.certificate_id, newStatus=status)

    def attach(self, policy_name: str, certificate: Certificate) -> None:
        """Attach a policy."""
        self._iot.call("attach_policy", policyName=policy_name, target=certificate.arn)

    def detach(self, policy_name: str, certificate: Certificate) -> None:
        """Detach a policy, unless it is gone."""
        self._iot.found("detach_policy", policyName=policy_name, target=certificate.arn)

    def join(self, thing_name: str, group: str) -> None:
        """Add a thing to a group."""
        # Of ten groups that a thing may be in, dynamic ones make room.
        names: dict[str, Any] = {"thingName": thing_name, "thingGroupName": group}
        self._iot.call("add_thing_to_thing_group", **names, overrideDynamicGroups=True)

    def leave(self, thing_name: str, group: str) -> None:
        """Take a thing out of a group, unless that is gone."""
        self._iot.found("remove_thing_from_thing_group", thingName=thing_name, thingGroupName=group)

    def disconnect(self, client_id: str) -> None:
        """Close a client's connection, without its last will and with its session, if it is connected.

        https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_DeleteConnection.html
        """
        self._data.found("delete_connection", clientId=client_id, cleanSession=True, preventWillMessage=True)

    def _is_dynamic(self, group: str) -> bool:
        described = self._iot.found("describe_thing_group", thingGroupName=group)
        return described is not None and "queryString" in described
