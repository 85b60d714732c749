"""Devices that register just in time, and what has to hold for each of them."""

from collections.abc import Callable
from unittest import mock

from botocore.exceptions import BotoCoreError, ClientError

from device_provisioning.lambdas.just_in_time_registration import registration
from device_provisioning.lambdas.just_in_time_registration.allow_list import LEASE_SECONDS
from device_provisioning.lambdas.just_in_time_registration.reasons import Denied, Failed
from device_provisioning.lambdas.just_in_time_registration.settings import Settings
from tests.support.enrolment import Participant, Progress, State
from tests.support.modelled_aws import TABLE
from tests.support.orders import Calls, Client, violated

FUNCTION_SECONDS = 30
WAITED_SECONDS = LEASE_SECONDS + 15
SETTINGS = Settings("ca", b"", TABLE, "policy", "", None, "", "Test")


def registers(name: str, certificate: str, serial_number: str, after: tuple[str, ...] = ()) -> Participant:
    """The event of a certificate that AWS IoT sees for the first time.

    What OpenSSL says of certificates is left out: ``test_registration_openssl.py`` has it.
    """
    event = {"certificateId": certificate, "caCertificateId": "ca"}

    def code(calls: Calls, now: Callable[[], int]) -> str:
        with (
            mock.patch.object(registration, "judge"),
            mock.patch.object(registration, "thing_name", return_value=serial_number),
        ):
            made = registration.Registration(SETTINGS, lambda service: Client(service, calls), now)
            try:
                made.register(event)
            except (Denied, Failed, ClientError, BotoCoreError) as error:
                return str(error)
            return "registered"

    def ended(state: State, progress: Progress, outcome: str) -> State:
        if outcome == "registered" and certificate in progress.shut_out:
            violated("P4", f"{name} registers a certificate that was taken out of use")
        return state

    return Participant(name, code, ended, after, FUNCTION_SECONDS, certificate, serial_number)
