"""What becomes of one device."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from ..json_pointer import keys_of


class FailureReason(StrEnum):
    """Why a device can't be provisioned.

    The words are error codes of RegisterThing as the emulator's authors saw them in answers of AWS IoT; AWS
    publishes no list of them. ``UNREADABLE_DEVICE`` is this library's own: nothing would reach AWS IoT.
    """

    INVALID_PARAMETERS = "InvalidParameters"
    INVALID_TEMPLATE = "InvalidTemplate"
    PROVISIONING_FAILED = "ProvisioningFailed"
    ACCESS_DENIED = "AccessDenied"
    INVOCATION_ERROR = "InvocationError"
    INVALID_RESULT = "InvalidResult"
    UNREADABLE_DEVICE = "UnreadableDevice"


class Failure(NamedTuple):
    """One reason why a device can't be provisioned.

    Args:
        reason: The kind of failure.
        path: Where in the template body, as a JSON pointer (RFC 6901) such as
            ``/Resources/thing/Properties/ThingName``; empty when it is not about the template.
        problem: What is wrong, the same words for every device that it happens to.
        given: The value at fault, when there is one.
    """

    reason: FailureReason
    path: str
    problem: str
    given: Any = None

    @property
    def resource(self) -> str | None:
        """The logical name of the resource at fault."""
        keys = keys_of(self.path)
        return keys[1] if len(keys) > 1 and keys[0] == "Resources" else None

    @property
    def document(self) -> dict[str, Any]:
        """The failure as JSON."""
        document = {"reason": self.reason, "path": self.path, "problem": self.problem}
        return document if self.given is None else {**document, "given": self.given}

    def __str__(self) -> str:
        given = "" if self.given is None else f": {self.given!r}"
        return f"{self.path} {self.problem}{given}".lstrip()


class RefusedError(Exception):
    """Carries a failure from where it is found to where the failures of a device are gathered."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


class Result(StrEnum):
    """How a registration ends: for a new thing or none, for a thing that exists, or not at all."""

    PROVISIONED = "provisioned"
    REPROVISIONED = "reprovisioned"
    FAILED = "failed"


class ExistingThing(NamedTuple):
    """A thing that exists before a device registers.

    Args:
        thing_type_name: Its type; none by default.
        attributes: Its attributes; none by default.
        thing_groups: The static groups it is in; none by default.
        billing_group: Its billing group; none by default.
    """

    thing_type_name: str | None = None
    attributes: Mapping[str, str] = {}
    thing_groups: Sequence[str] = ()
    billing_group: str | None = None


class Outcome(NamedTuple):
    """What AWS IoT would have done when a device has registered.

    Args:
        result: How the registration ends.
        thing_name: The thing's name; ``None`` if the template describes no thing.
        thing_type_name: The thing's type; ``None`` if it has none.
        thing_groups: The static groups that the thing is in.
        billing_group: The thing's billing group; ``None`` if it has none.
        attributes: The thing's attributes.
        certificate_status: ``ACTIVE`` or ``INACTIVE``; ``None`` if it stays what it was, which only the
            certificate of a bulk registration can.
        policies: The certificate's policies, each ``{"policyName": …}`` or ``{"policyDocument": …}``.
        device_configuration: What the device gets with the answer.
        failures: Why the registration fails: all reasons, not the first. Everything else is empty then.
    """

    result: Result
    thing_name: str | None = None
    thing_type_name: str | None = None
    thing_groups: Sequence[str] = ()
    billing_group: str | None = None
    attributes: Mapping[str, str] = {}
    certificate_status: str | None = None
    policies: Sequence[Mapping[str, Any]] = ()
    device_configuration: Mapping[str, Any] = {}
    failures: Sequence[Failure] = ()

    @property
    def document(self) -> dict[str, Any]:
        """The outcome as JSON, in the words of the API."""
        if self.failures:
            return {"result": self.result, "failures": [failure.document for failure in self.failures]}
        return {
            "result": self.result,
            "thingName": self.thing_name,
            "thingTypeName": self.thing_type_name,
            "thingGroups": self.thing_groups,
            "billingGroupName": self.billing_group,
            "attributes": self.attributes,
            "certificateStatus": self.certificate_status,
            "policies": self.policies,
            "deviceConfiguration": self.device_configuration,
        }


def failed(*failures: Failure) -> Outcome:
    """The outcome of a device that can't be provisioned."""
    return Outcome(Result.FAILED, failures=failures)
