"""Devices that register with the AWS IoT Device SDK at a deployed fleet, without and with enforced IAM."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from workshop.device import Rejected, send_to_itself

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(params=["open_fleet", "enforced_fleet"])
def fleet(request):
    return request.getfixturevalue(request.param)


def test_a_listed_device_gets_its_own_certificate_thing_policy_and_groups(fleet):
    serial_number = fleet.a_serial_number()
    device = fleet.provision(serial_number)
    assert device.thing_name == f"sensor-{serial_number}"
    assert device.device_configuration == {"topic": "dt", "site": "lab"}
    assert fleet.thing(device.thing_name)["attributes"] == {"site": "lab"}
    assert fleet.groups(device.thing_name) == {"sensors", "lab"}
    assert fleet.certificate_status(device.certificate_id) == "ACTIVE"
    (policy,) = fleet.policies(device.certificate_id)
    assert "DevicePolicy" in policy


def test_a_device_publishes_with_its_own_certificate_and_the_message_is_received(fleet):
    device = fleet.provision(fleet.a_serial_number())
    topic = f"dt/{device.thing_name}/hello"
    assert send_to_itself(fleet.broker, device.credentials, device.thing_name, topic) > 0


def test_a_key_never_leaves_the_device_over_our_own_emulation_of_create_certificate_from_csr(fleet):
    device = fleet.provision(fleet.a_serial_number(), own_key=True)
    assert fleet.certificate_status(device.certificate_id) == "ACTIVE"
    topic = f"dt/{device.thing_name}/hello"
    assert send_to_itself(fleet.broker, device.credentials, device.thing_name, topic) > 0


def test_a_device_that_is_not_listed_is_refused_and_leaves_no_thing(fleet):
    reason, rejection = fleet.refusal("SN-unknown")
    assert reason == "not on the allow list"
    assert rejection.status_code == 403
    assert "sensor-SN-unknown" not in fleet.things()


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"blocked": {"BOOL": True}}, "blocked"),
        ({"expires_at": {"N": "1700000000"}}, "expired"),
        ({"parameter_overrides": {"S": "x"}}, "parameter_overrides of the record are not a map of strings"),
    ],
)
def test_a_device_whose_record_says_no_is_refused(fleet, attributes, expected):
    assert fleet.refusal(fleet.a_serial_number(**attributes))[0] == expected


@pytest.mark.parametrize("serial_number", ["", "A 1", "../A", "A" * 129])
def test_a_malformed_serial_number_is_refused(fleet, serial_number):
    assert fleet.refusal(serial_number)[0] == "serial number is malformed"


def test_a_device_that_tells_no_serial_number_is_refused(fleet):
    assert fleet.refusal("SN-1", SerialNumber=None)[0] == "parameter SerialNumber is missing"


def test_a_serial_number_that_is_replayed_is_refused_and_the_first_device_keeps_working(fleet):
    serial_number = fleet.a_serial_number()
    device = fleet.provision(serial_number)
    assert fleet.refusal(serial_number)[0] == "already provisioned"
    topic = f"dt/{device.thing_name}/hello"
    assert send_to_itself(fleet.broker, device.credentials, device.thing_name, topic) > 0


def test_a_registration_that_failed_does_not_use_the_serial_number_up(fleet):
    serial_number = fleet.a_serial_number()
    with pytest.raises(Rejected):
        fleet.provision(serial_number, Site="no-such-group")
    assert "in progress" in fleet.refusal(serial_number)[0]
    fleet.let_settle(serial_number)
    device = fleet.provision(serial_number)
    assert fleet.certificate_status(device.certificate_id) == "ACTIVE"
    assert fleet.refusal(serial_number)[0] == "already provisioned"


def test_the_list_decides_what_the_device_would_rather_decide_itself(fleet):
    serial_number = fleet.a_serial_number(parameter_overrides={"M": {"Site": {"S": "plant7"}}})
    device = fleet.provision(serial_number, Site="lab")
    assert fleet.groups(device.thing_name) == {"sensors", "plant7"}
    assert device.device_configuration["site"] == "plant7"


def test_of_many_devices_with_one_serial_number_exactly_one_gets_through(fleet):
    serial_number = fleet.a_serial_number()

    def attempt(_):
        try:
            return fleet.provision(serial_number)
        except Rejected:
            return None

    with ThreadPoolExecutor(8) as pool:
        provisioned = [device for device in pool.map(attempt, range(8)) if device]
    assert len(provisioned) == 1
    assert fleet.certificate_status(provisioned[0].certificate_id) == "ACTIVE"


def test_of_24_devices_with_3_serial_numbers_3_become_things_however_often_they_try(open_fleet):
    # Eight at once: of more the emulator, which starts a process for each hook, answers none within the five
    # seconds of AWS IoT, and on a busy machine not even of these. test_hook_allow_list.py has 200 at once.
    fleet, serial_numbers = open_fleet, [open_fleet.a_serial_number() for _ in range(3)]
    before, wanted = fleet.things(), {f"sensor-{serial_number}" for serial_number in serial_numbers}

    def attempt(serial_number):
        try:
            return fleet.provision(serial_number, own_key=True).certificate_id
        except Rejected:
            return None

    registered = set()
    while not wanted <= fleet.things():
        with ThreadPoolExecutor(8) as pool:
            attempts = [serial_number for serial_number in serial_numbers for _ in range(8)]
            registered |= set(pool.map(attempt, attempts)) - {None}
        for serial_number in serial_numbers:
            fleet.let_settle(serial_number)
    assert fleet.things() - before == wanted
    assert [fleet.certificate_status(certificate_id) for certificate_id in registered] == ["ACTIVE"] * 3


def test_a_hook_that_may_not_reach_the_table_denies_says_so_and_uses_nothing_up(enforced_fleet):
    fleet, iam = enforced_fleet, enforced_fleet.emulator.client("iam")
    serial_number = fleet.a_serial_number()
    role = fleet.hook()["Role"].rpartition("/")[2]
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    without = [s for s in document["Statement"] if "dynamodb:UpdateItem" not in s["Action"]]
    assert len(without) == len(document["Statement"]) - 1
    allowed = json.dumps({**document, "Statement": without})
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=allowed)
    try:
        reason, rejection = fleet.refusal(serial_number)
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
    assert (reason, rejection.status_code) == ("TransactWriteItems failed: AccessDeniedException", 403)
    assert fleet.provision(serial_number).thing_name == f"sensor-{serial_number}"
