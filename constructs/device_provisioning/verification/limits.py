"""Limits and habits of AWS IoT that this library counts on, or guards against."""

import json
import time

from ..console.aws_refusals import NotAllowedError, RefusedError
from .device import Refused
from .fleet import Fleet
from .promise import Promise, kept
from .waiting import pauses

LONGEST_POLICY = 2048
SECONDS_OF_A_DETACHED_POLICY = 300


def _largest_policy(fleet: Fleet) -> str:
    policy = fleet.aws.iot.call("get_policy", policyName=fleet.names.device_policy)
    length = len("".join(policy["policyDocument"].split()))
    return kept(length <= LONGEST_POLICY, "accepted, as long as a policy may be or shorter")


def _policy_sizes(fleet: Fleet) -> str:
    sizes = LONGEST_POLICY, LONGEST_POLICY + 1
    return ", ".join(f"{size:,} characters: {_policy_of(fleet, size)}" for size in sizes)


def _policy_of(fleet: Fleet, size: int) -> str:
    name = fleet.names.trial_policy
    fleet.policies.add(name)
    try:
        fleet.aws.iot.call("create_policy", policyName=name, policyDocument=document_of(size))
    except NotAllowedError:
        raise
    except RefusedError as error:
        return error.code
    fleet.aws.iot.call("delete_policy", policyName=name)
    return "accepted"


def document_of(size: int) -> str:
    """A policy document with so many characters that are not white space, and some that are.

    Example:
        >>> len("".join(document_of(2048).split()))
        2048
    """
    statement = {"Effect": "Deny", "Action": "iot:Publish", "Resource": "arn:aws:iot:*:*:topic/"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    statement["Resource"] += "x" * (size - len("".join(json.dumps(document).split())))
    return json.dumps(document, indent=1)


def _detached_policy(fleet: Fleet) -> str:
    """How long a device goes on with a policy that was detached: the seconds are in the report."""
    device = fleet.enrolled(fleet.a_listed_serial_number())
    described = fleet.aws.iot.call("describe_certificate", certificateId=device.certificate.certificate_id)
    arn = described["certificateDescription"]["certificateArn"]
    fleet.aws.iot.call("detach_policy", policyName=fleet.names.device_policy, target=arn)
    started = time.monotonic()
    for _ in pauses(SECONDS_OF_A_DETACHED_POLICY):
        try:
            with fleet.connected(device):
                continue
        except Refused:
            return f"ends within {_bound(time.monotonic() - started)}"
    return f"outlives {SECONDS_OF_A_DETACHED_POLICY} seconds"


def _bound(seconds: float) -> str:
    """A time as the next of a few bounds, so that reports can be compared."""
    bound = next((bound for bound in (10, 60, 300) if seconds <= bound), None)
    return f"{bound} seconds" if bound else f"{seconds:.0f} seconds"


PROMISES = (
    Promise(
        "The largest policy that this library makes is accepted.",
        _largest_policy,
        "accepted, as long as a policy may be or shorter",
    ),
    Promise(
        "The longest policy that AWS IoT accepts, white space not counted",
        _policy_sizes,
        "2,048 characters: accepted, 2,049 characters: MalformedPolicyException",
        is_promised=False,
    ),
    Promise(
        "How long a certificate connects after its policy was detached",
        _detached_policy,
        "ends within 10 seconds",
        is_promised=False,
    ),
)
