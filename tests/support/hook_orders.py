"""Devices and thieves that ask the hook, and what has to hold for each of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from device_provisioning.lambdas.pre_provisioning_hook.decision import Decision
from device_provisioning.lambdas.pre_provisioning_hook.hook import Hook
from device_provisioning.records import record as items
from tests.support.enrolment import (
    HOOK_SECONDS,
    NOW,
    RESERVATION_SECONDS,
    Participant,
    Progress,
    Registering,
    State,
)
from tests.support.hooks import a_request, hook_settings, plenty_of_time
from tests.support.modelled_aws import TABLE, Certificate, World, answered
from tests.support.orders import Calls, Client, violated

X, Y, Z = (digit * 64 for digit in "abe")
NEW = "f" * 64
_LATER_DECISIONS = ("parameter ", "its batch is not open")
"""Denials of who has the record already: the operator decided something else since."""


def settings_of_hook(**changed: Any) -> Any:
    """The settings of the hook in all of this."""
    return hook_settings(table_name=TABLE, reservation_seconds=RESERVATION_SECONDS, **changed)


def world(*records: Mapping[str, Any], certificates: tuple[str, ...] = (X, Y, Z)) -> World:
    """A list of devices, and certificates that wait to be registered."""
    return World(
        NOW,
        {record[items.SERIAL_NUMBER]["S"]: record for record in records},
        {name: Certificate() for name in certificates},
    )


def asks(
    name: str, certificate: str, serial_number: str, after: tuple[str, ...] = (), **more: Any
) -> Participant:
    """A request to register, as AWS IoT hands it to the hook."""
    parameters = {"SerialNumber": serial_number, **more.pop("parameters", {})}
    settings = settings_of_hook(**more)
    event = a_request(serial_number, certificate, parameters=parameters)

    def code(calls: Calls, now: Callable[[], int]) -> Decision:
        hook = Hook(
            settings,
            Client("dynamodb", calls),
            lambda: Client("iot", calls),
            lambda: Client("kms", calls),
            now,
            sleep=lambda _: None,
        )
        return hook.decide(event, plenty_of_time)

    def ended(state: State, progress: Progress, decision: Decision) -> State:
        if not decision.allowed:
            if progress.held and not progress.lost and not decision.reason.startswith(_LATER_DECISIONS):
                violated("P6", f"{name} has the record and is denied: {decision.reason}")
            return state
        if certificate in progress.shut_out:
            violated("P4", f"{name} is let through with a certificate that was taken out of use")
        record = items.plain(state.world.record(serial_number))
        if not progress.lost:
            _require_own_parameters(name, parameters, decision, record, settings)
        until = record[items.RESERVED_AT] + RESERVATION_SECONDS
        registering = Registering(certificate, serial_number, until)
        return replace(state, registering=state.registering | {registering})

    return Participant(name, code, ended, after, HOOK_SECONDS, certificate, serial_number)


def _require_own_parameters(
    name: str, parameters: Mapping[str, str], decision: Decision, record: Mapping[str, Any], settings: Any
) -> None:
    overrides = record.get(items.PARAMETER_OVERRIDES, {})
    if decision.parameter_overrides != overrides:
        violated("P7", f"{name} is answered {decision.parameter_overrides}, the list says {overrides}")
    for parameter in settings.listed_parameters & parameters.keys():
        if parameters[parameter] != overrides.get(parameter):
            violated("P7", f"{name} chose {parameter} by itself")


class Properties:
    """What has to hold in every state.

    Args:
        reprovisioning: How often a serial number may register again.
        newcomer: Makes a device that has to get through where nobody did.
        seconds: When it comes.
    """

    def __init__(
        self, reprovisioning: int = 0, newcomer: Any = None, seconds: int = RESERVATION_SECONDS
    ) -> None:
        self._reprovisioning = reprovisioning
        self._newcomer = newcomer or asks
        self._seconds = seconds
        self._let_through: set[Any] = set()

    def __call__(self, state: State) -> None:
        """Check a state."""
        for serial_number, record in state.world.items.items():
            if items.is_device(record):
                self._check(state.world, serial_number, items.plain(record))
        self._check_certificates(state.world)

    def _check(self, world: World, serial_number: str, record: Mapping[str, Any]) -> None:
        active = {certificate for name, certificate in world.active if name == serial_number}
        if len(active) > 1 + self._reprovisioning:
            violated("P1", f"{len(active)} certificates became active under {serial_number}")
        if active and not self._reprovisioning and record.get(items.CERTIFICATE_ID) not in active:
            violated("P5", f"the record of {serial_number} names another certificate than the active one")
        if not active and record.get(items.BLOCKED, False) is False:
            self._require_not_burnt(world, serial_number)

    def _check_certificates(self, world: World) -> None:
        holders = [record.get(items.CERTIFICATE_ID) for record in world.items.values()]
        for certificate in world.certificates:
            names = {name for name, active in world.active if active == certificate}
            if len(names) > 1 or holders.count({"S": certificate}) > 1:
                violated("P3", f"{certificate[:4]} registers more than one serial number")

    def _require_not_burnt(self, world: World, serial_number: str) -> None:
        """If all else ends here, a new certificate gets through once the reservation is over."""
        later = replace(world, now=world.now + self._seconds).with_certificate(NEW)
        if later.identity in self._let_through:
            return
        participant = self._newcomer("a new device", NEW, serial_number)
        outcome = participant.code(AtOnce(later), lambda: later.now)
        if outcome != "registered" and not getattr(outcome, "allowed", False):
            violated("P2", f"{serial_number} is used up, and nobody is registered")
        self._let_through.add(later.identity)


class AtOnce:
    """Calls that nobody comes between."""

    def __init__(self, world: World) -> None:
        self._world = world

    def call(self, service: str, operation: str, arguments: Mapping[str, Any]) -> Any:
        """The answer."""
        value, self._world = answered(self._world, service, operation, arguments)
        return value
