"""What thieves of claims and devices that were shut out try over MQTT: forty times each, all in vain."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from awsiot import iotidentity

from tests.support.fleets import deploy
from workshop import device
from workshop.device import Rejected

pytestmark = pytest.mark.timeout(900)
TRIES = 40
LISTED_TRIES = TRIES // 4
"""Of each of the values that a device sends instead of the list's."""


@pytest.fixture(scope="module")
def fleet(enforced_fleet):
    return enforced_fleet


@pytest.fixture(scope="module")
def listing_fleet(fleet, tmp_path_factory):
    """A fleet beside the other, with its groups, whose site only the list decides."""
    folder = tmp_path_factory.mktemp("listing")
    return deploy(fleet.emulator, folder, stack_name="Listing", sites_by_list=True, groups=())


class Claimant:
    """Somebody with the claim and a certificate that waits to be registered, who may ask again and again."""

    def __init__(self, fleet, connection):
        self.fleet = fleet
        self._identity = iotidentity.IotIdentityClient(connection)
        self._certificate, self.credentials = device.create_certificate_from_csr(self._identity)
        self.certificate_id = self._certificate.certificate_id

    def registers(self, serial_number, **parameters):
        """Whether it gets through with this serial number."""
        token = self._certificate.certificate_ownership_token
        parameters = {"SerialNumber": serial_number, "Site": "lab", **parameters}
        given = {name: value for name, value in parameters.items() if value is not None}
        try:
            device.register_thing(self._identity, self.fleet.template_name, token, given)
        except Rejected:
            return False
        return True

    @property
    def status(self):
        return self.fleet.certificate_status(self.certificate_id)


@contextmanager
def a_claimant(fleet):
    with device.connected(fleet.broker, fleet.claim, f"claim-{uuid.uuid4().hex[:12]}") as connection:
        yield Claimant(fleet, connection)


def test_a_device_that_asks_again_while_another_takes_its_place_leaves_one_active_certificate(fleet):
    def both_try(_):
        serial_number = fleet.a_serial_number()
        with a_claimant(fleet) as one, a_claimant(fleet) as other, ThreadPoolExecutor(2) as pool:
            # AWS IoT fails, so that the reservation is free for another once it is over.
            assert not one.registers(serial_number, Site="no-such-group")
            fleet.let_settle(serial_number)
            list(pool.map(lambda each: each.registers(serial_number), (one, other)))
            active = [each.certificate_id for each in (one, other) if each.status == "ACTIVE"]
        return active, fleet.record(serial_number)["certificate_id"]["S"]

    with ThreadPoolExecutor(4) as pool:
        tries = list(pool.map(both_try, range(TRIES)))
    # None where the machine was too busy for the hook's five seconds.
    assert {len(active) for active, _ in tries} <= {0, 1}
    assert all(active in ([], [named]) for active, named in tries)
    assert sum(len(active) for active, _ in tries) > TRIES / 2


def test_a_certificate_that_was_deactivated_is_never_made_active_by_its_token(fleet):
    iot, serial_number = fleet.emulator.client("iot"), fleet.a_serial_number()
    with a_claimant(fleet) as thief:
        assert thief.registers(serial_number)
        for status in ("INACTIVE", "REVOKED"):
            iot.update_certificate(certificateId=thief.certificate_id, newStatus=status)
            assert not any(thief.registers(serial_number) for _ in range(TRIES // 2))
            assert thief.status == status


def test_a_blocked_device_gets_through_with_no_certificate(fleet):
    serial_number = fleet.a_serial_number()
    with a_claimant(fleet) as first, a_claimant(fleet) as second:
        assert first.registers(serial_number)
        fleet.block(serial_number)
        tries = [each.registers(serial_number) for _ in range(TRIES // 2) for each in (first, second)]
    assert not any(tries)
    assert second.status == "PENDING_ACTIVATION"


def test_one_certificate_uses_up_one_serial_number(fleet):
    mine, theirs = fleet.a_serial_number(), [fleet.a_serial_number() for _ in range(TRIES)]
    with a_claimant(fleet) as thief:
        # Reserved and not registered: what AWS IoT can't register counts as well.
        assert not thief.registers(mine, Site="no-such-group")
        assert not any(thief.registers(serial_number) for serial_number in theirs[: TRIES // 2])
        assert thief.registers(mine)
        assert not any(thief.registers(serial_number) for serial_number in theirs[TRIES // 2 :])
    assert not any("certificate_id" in fleet.record(serial_number) for serial_number in theirs)
    assert fleet.provision(theirs[0]).thing_name == f"sensor-{theirs[0]}"


@pytest.mark.parametrize("name", ["AWS::IoT::Certificate::Id", "AWS::Anything", "aws::iot::certificate::id"])
def test_a_parameter_that_belongs_to_aws_is_sent_by_no_device(fleet, name):
    serial_number, other = fleet.a_serial_number(), fleet.provision(fleet.a_serial_number())
    with a_claimant(fleet) as thief:
        tries = [thief.registers(serial_number, **{name: other.certificate_id}) for _ in range(TRIES // 2)]
        assert not any(tries)
        assert thief.status == "PENDING_ACTIVATION"
    assert "certificate_id" not in fleet.record(serial_number)


def listed_site(site):
    return {"parameter_overrides": {"M": {"Site": {"S": site}}}}


@pytest.mark.parametrize(
    ("recorded", "sent"),
    [
        ("lab", "plant7"),
        ("lab", "LAB"),
        ("lab", "lab "),
        ("lab", ""),
        ("lab", "l\u0430b"),
        (None, "lab"),
        (None, "plant7"),
        (None, ""),
    ],
)
def test_what_the_list_decides_is_chosen_by_no_device(listing_fleet, recorded, sent):
    fleet = listing_fleet
    serial_number = fleet.a_serial_number(**(listed_site(recorded) if recorded else {}))
    with a_claimant(fleet) as thief:
        assert not any(thief.registers(serial_number, Site=sent) for _ in range(LISTED_TRIES))
        assert thief.status == "PENDING_ACTIVATION"
        assert "certificate_id" not in fleet.record(serial_number)
        assert f"sensor-{serial_number}" not in fleet.things()
        if recorded:
            assert thief.registers(serial_number, Site=None)
            assert fleet.groups(f"sensor-{serial_number}") == {"sensors", recorded}


def test_a_device_that_changed_its_site_meanwhile_is_denied_although_it_was_let_through_before(listing_fleet):
    fleet = listing_fleet
    serial_number = fleet.a_serial_number(**listed_site("lab"))
    with a_claimant(fleet) as thief:
        assert thief.registers(serial_number, Site="lab")
        assert not any(thief.registers(serial_number, Site="plant7") for _ in range(TRIES))
    assert fleet.groups(f"sensor-{serial_number}") == {"sensors", "lab"}
    assert fleet.thing(f"sensor-{serial_number}")["attributes"] == {"site": "lab"}


def test_a_device_that_lost_its_answer_gets_it_again_forty_times(fleet):
    serial_number = fleet.a_serial_number()
    with a_claimant(fleet) as claimant:
        assert all(claimant.registers(serial_number) for _ in range(TRIES))
        assert claimant.status == "ACTIVE"
    assert fleet.record(serial_number)["certificate_id"]["S"] == claimant.certificate_id
