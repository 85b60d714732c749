"""Devices that replace their certificates, and what has to hold for each of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from device_provisioning.lambdas.certificate_rotation.hook import decide
from device_provisioning.lambdas.certificate_rotation.reasons import Denied
from device_provisioning.lambdas.certificate_rotation.retirement import retire
from device_provisioning.records import record as items
from device_provisioning.records.calls import Calls as PatientCalls
from device_provisioning.records.calls import NoTime
from tests.support.enrolment import NOW, Act, Participant, Progress, Registering, State, listed
from tests.support.hooks import plenty_of_time
from tests.support.modelled_aws import TABLE, Certificate, World
from tests.support.orders import Calls, Client, violated

OLD, FIRST, SECOND, OTHER = (digit * 64 for digit in "1235")
ENVIRONMENT = {"THING_NAME_PREFIX": "", "ALLOW_LIST_TABLE_NAME": TABLE}
ANSWERED_SECONDS = 10


def world_of_a_registered_device(**attributes: Any) -> World:
    """A device that has registered, and certificates for it and for another."""
    record = listed("A-1", certificate_id=OLD, reserved_at=1, **attributes)
    return World(
        NOW,
        {"A-1": record, "B-1": listed("B-1")},
        {
            OLD: Certificate("ACTIVE", 1, frozenset({"A-1"})),
            FIRST: Certificate(made=2),
            SECOND: Certificate(made=3),
            OTHER: Certificate(made=4),
        },
        active=frozenset({("A-1", OLD)}),
    )


def rotates(name: str, presented: str, new: str, after: tuple[str, ...] = ()) -> Participant:
    """A request to replace a certificate, as AWS IoT hands it to the hook."""
    event = {
        "claimCertificateId": presented,
        "certificateId": new,
        "parameters": {"SerialNumber": "A-1"},
    }

    def code(calls: Calls, now: Callable[[], int]) -> str:
        try:
            patient = PatientCalls(plenty_of_time, lambda _seconds: None)
            decide(event, ENVIRONMENT, lambda service: Client(service, calls), calls=patient, now=now)
        except (Denied, NoTime, ClientError, BotoCoreError) as error:
            return str(error)
        return "allowed"

    def ended(state: State, progress: Progress, outcome: str) -> State:
        if outcome != "allowed":
            return state
        if new in progress.shut_out:
            violated("P4", f"{name} is let through with a certificate that was taken out of use")
        if progress.blocked:
            violated("P4", f"{name} is let through although the device was blocked before")
        until = state.world.now + ANSWERED_SECONDS
        registering = Registering(new, "A-1", until, registers=False)
        return replace(state, registering=state.registering | {registering})

    return Participant(name, code, ended, after, certificate=new, serial_number="A-1")


def confirms(name: str, certificate: str, after: tuple[str, ...] = ()) -> Participant:
    """The event of a device that has connected with its new certificate."""
    event = {"thing_name": "A-1", "certificate_id": certificate}

    def code(calls: Calls, _now: Callable[[], int]) -> Any:
        try:
            return retire(event, ENVIRONMENT, lambda service: Client(service, calls))
        except (ValueError, ClientError, RuntimeError) as error:
            return str(error)

    def ended(state: State, _progress: Progress, _outcome: Any) -> State:
        return state

    return Participant(name, code, ended, after, seconds=30)


def deletes_what_is_out_of_use(certificate: str) -> Act:
    """The operator deletes a certificate that a device has replaced."""

    def change(state: State) -> State | None:
        described = state.world.certificates[certificate]
        if described.status != "INACTIVE" or described.things:
            return None
        left = {name: each for name, each in state.world.certificates.items() if name != certificate}
        return replace(state, world=replace(state.world, certificates=left))

    return Act(f"the operator deletes {certificate[:4]}", change)


def check_that_the_record_names_a_certificate_in_use(state: State) -> None:
    """P5, as far as the operator did not take it out of use."""
    holder = items.plain(state.world.record("A-1")).get(items.CERTIFICATE_ID)
    in_use = state.world.certificates.get(holder, Certificate("NOT_FOUND")).status == "ACTIVE"
    if not in_use and holder not in state.shut_out:
        violated("P5", "the record names a certificate that the device has replaced")
