"""Devices that are taken out and let in again, against the emulator's AWS IoT and DynamoDB."""

import json

import pytest
from typer.testing import CliRunner

from device_provisioning.allow_list.table import AllowListTable
from device_provisioning.cli import app
from device_provisioning.console.aws_refusals import NotAllowedError
from device_provisioning.revocation.outcome import Became
from device_provisioning.revocation.problem import DeviceError
from device_provisioning.revocation.registry import Registry
from device_provisioning.revocation.releasing import Releaser
from device_provisioning.revocation.remembering import Records
from device_provisioning.revocation.revoking import Revoker, Wanted
from tests.support.allow_list_command import NAME, a_file, items, run
from tests.support.faulty_wire import Fault, FaultyWire, faulty_wire
from tests.support.revocable import a_registered_device, state_of

REFUSED = Fault(403, "UnauthorizedException")


@pytest.fixture
def device(list_table, emulator):
    return a_registered_device(emulator, list_table)


def revoke(device, *options, quarantine=True):
    group = ["--quarantine-group", device.quarantine] if quarantine else []
    return run("revoke", device.serial_number, "--table", NAME, *group, *(options or ["--yes"]))


def release(device, *options):
    return run("release", device.serial_number, "--table", NAME, *(options or ["--yes"]))


def is_out(device):
    state = state_of(device)
    return (state.blocked, state.status, state.policies, state.groups) == (
        *(True, "INACTIVE", set()),
        {device.quarantine},
    )


def test_a_device_is_taken_out_and_gets_exactly_what_it_had_back(device, list_table):
    before = state_of(device)
    assert revoke(device).exit_code == 0
    assert is_out(device)
    assert release(device).exit_code == 0
    assert state_of(device) == before
    assert "revocation" not in items(list_table)[device.serial_number]


def test_what_would_be_done_is_shown_and_asked_about_first(device):
    before = state_of(device)
    shown = revoke(device, "--dry-run")
    assert shown.exit_code == 0
    line = shown.stdout
    assert line.startswith(f"{device.serial_number}: would be revoked: record blocked; certificate ")
    for part in (
        f"put into {device.quarantine}",
        f"{device.thing_name} disconnected",
        "deactivated",
        "detached",
    ):
        assert part in line
    arguments = ["devices", "revoke", device.serial_number, "--table", NAME]
    declined = CliRunner().invoke(app, arguments, input="n\n")
    assert declined.exit_code == 1
    assert "Revoke 1 device of allow-list?" in declined.stdout
    assert state_of(device) == before
    assert CliRunner().invoke(app, arguments, input="y\n").exit_code == 0
    assert state_of(device).status == "INACTIVE"
    assert "would be released: " in release(device, "--dry-run").stdout
    assert state_of(device).status == "INACTIVE"


def test_a_device_that_is_out_or_in_already_is_said_to_be(device):
    assert "not revoked" in release(device).stdout
    revoke(device)
    before = state_of(device)
    for options in (["--yes"], ["--yes", "--resume"], ["--dry-run"]):
        again = revoke(device, *options)
        assert (again.exit_code, again.stdout) == (0, f"{device.serial_number}: already revoked\n")
    assert state_of(device) == before


def test_what_a_revoked_device_was_given_anew_is_taken_away_too(device):
    revoke(device)
    device.iot.update_certificate(certificateId=device.certificate_id, newStatus="ACTIVE")
    assert "certificate" in revoke(device).stdout
    assert is_out(device)


def test_a_revoked_device_that_was_unblocked_is_not_left_out_when_the_run_goes_on(device):
    revoke(device)
    run("unblock", device.serial_number, "--table", NAME)
    again = revoke(device, "--yes", "--resume")
    assert again.stdout.startswith(f"{device.serial_number}: revoked: record blocked")
    assert is_out(device)


def test_a_device_that_is_taken_off_the_list_meanwhile_is_not_said_to_be_out(device, list_table):
    class Vanishing(Records):
        def remember(self, record, memory):
            remembered = super().remember(record, memory)
            list_table.delete_item(TableName=NAME, Key={"serial_number": {"S": device.serial_number}})
            return remembered

    revoker = Revoker(Vanishing(AllowListTable(NAME)), Registry(1), Wanted(thing_name_prefix="sensor-"))
    with pytest.raises(DeviceError, match="changed by somebody else"):
        revoker.carry_out(device.serial_number, [])


def test_a_device_that_was_blocked_before_stays_blocked(device, list_table):
    run("block", device.serial_number, "--table", NAME)
    revoke(device)
    assert release(device).exit_code == 0
    state = state_of(device)
    assert (state.blocked, state.status) == (True, "ACTIVE")


def test_without_a_quarantine_group_things_stay_where_they_are(device):
    before = state_of(device)
    revoke(device, quarantine=False)
    assert state_of(device).groups == before.groups
    release(device)
    assert state_of(device) == before


def test_a_device_under_repair_keeps_its_certificate_and_nothing_else(device):
    before = state_of(device)
    assert "no policy is attached to" in revoke(device, "--yes", "--repair").stderr
    assert state_of(device) == before
    (policy, *_) = before.policies
    arn = device.iot.describe_thing_group(thingGroupName=device.quarantine)["thingGroupArn"]
    device.iot.attach_policy(policyName=policy, target=arn)
    for options, status in ((["--repair"], "ACTIVE"), ([], "INACTIVE"), (["--repair"], "ACTIVE")):
        assert revoke(device, "--yes", *options).exit_code == 0
        state = state_of(device)
        assert (state.blocked, state.status, state.groups) == (True, status, {device.quarantine})
        assert state.policies == set()
    release(device)
    assert state_of(device) == before


def test_a_quarantine_group_that_is_not_there_is_said_before_anything_is_done(device):
    before = state_of(device)
    result = run("revoke", device.serial_number, "--table", NAME, "--yes", "--quarantine-group", "none")
    assert result.exit_code == 2
    assert "--quarantine-group none: there is no such thing group" in result.stderr
    assert state_of(device) == before


def test_further_certificates_of_the_thing_are_taken_out_as_well(device):
    other = device.iot.create_keys_and_certificate(setAsActive=True)
    device.iot.attach_thing_principal(thingName=device.thing_name, principal=other["certificateArn"])
    revoke(device)

    def status():
        described = device.iot.describe_certificate(certificateId=other["certificateId"])
        return described["certificateDescription"]["status"]

    assert status() == "INACTIVE"
    release(device)
    assert status() == "ACTIVE"


def test_things_of_others_that_share_a_certificate_are_left_alone_and_named(device):
    device.iot.create_thing(thingName=f"{device.thing_name}-2")
    device.iot.attach_thing_principal(thingName=f"{device.thing_name}-2", principal=device.certificate_arn)
    before = state_of(device)
    shared = revoke(device)
    assert f"its certificate is that of {device.thing_name}, {device.thing_name}-2 as well" in shared.stdout
    assert (state_of(device).status, state_of(device).groups) == ("INACTIVE", before.groups)
    prefixed = revoke(device, "--yes", "--thing-name-prefix", "sensor-")
    assert f"its certificate is that of {device.thing_name}-2 as well" in prefixed.stdout
    assert state_of(device).groups == {device.quarantine}


def test_a_prefix_of_another_fleet_touches_none_of_its_things(device):
    iot = device.iot
    stranger = iot.create_keys_and_certificate(setAsActive=True)
    iot.create_thing(thingName=f"pump-{device.serial_number}")
    iot.attach_thing_principal(thingName=f"pump-{device.serial_number}", principal=stranger["certificateArn"])
    before = state_of(device)
    refused = revoke(device, "--yes", "--thing-name-prefix", "pump-")
    assert refused.exit_code == 1
    assert f"its certificate is that of {device.thing_name}, not of pump-" in refused.stdout
    described = iot.describe_certificate(certificateId=stranger["certificateId"])
    assert described["certificateDescription"]["status"] == "ACTIVE"
    assert (state_of(device).status, state_of(device).groups) == (before.status, before.groups)


def test_a_device_whose_record_names_no_certificate_is_found_by_its_thing(device, list_table):
    list_table.put_item(TableName=NAME, Item={"serial_number": {"S": device.serial_number}})
    assert "(no certificate of it was found)" in revoke(device).stdout
    assert state_of(device).status == "ACTIVE"
    revoke(device, "--yes", "--thing-name-prefix", "sensor-")
    assert state_of(device).status == "INACTIVE"


def test_a_certificate_that_is_not_active_yet_is_left_to_the_hook(list_table, emulator):
    certificate = emulator.client("iot").create_keys_and_certificate(setAsActive=False)
    emulator.client("iot").update_certificate(
        certificateId=certificate["certificateId"], newStatus="PENDING_ACTIVATION"
    )
    record = {"serial_number": {"S": "A-1"}, "certificate_id": {"S": certificate["certificateId"]}}
    list_table.put_item(TableName=NAME, Item=record)
    assert run("revoke", "A-1", "--table", NAME, "--yes").exit_code == 0
    run("release", "A-1", "--table", NAME, "--yes")
    described = emulator.client("iot").describe_certificate(certificateId=certificate["certificateId"])
    assert described["certificateDescription"]["status"] == "PENDING_ACTIVATION"
    assert items(list_table)["A-1"] == {**record, "blocked": {"BOOL": False}}


def test_a_registration_that_completes_meanwhile_is_taken_out_too(device, list_wire):
    device.iot.update_certificate(certificateId=device.certificate_id, newStatus="PENDING_ACTIVATION")
    reserved = int(device.record["reserved_at"]["N"])
    waited = []

    def complete(seconds):
        waited.append(seconds)
        device.iot.update_certificate(certificateId=device.certificate_id, newStatus="ACTIVE")

    revoker = Revoker(
        Records(AllowListTable(NAME)),
        Registry(1),
        Wanted(quarantine_group=device.quarantine),
        now=lambda: reserved + 3,
        sleep=complete,
    )
    revoker.carry_out(device.serial_number, [])
    assert waited == [27]
    assert is_out(device)
    release(device)
    assert state_of(device).status == "ACTIVE"


def test_a_rotation_that_completes_meanwhile_is_taken_out_too(device, list_table, list_wire):
    rotated = int(device.record["reserved_at"]["N"]) + 1000
    list_table.update_item(
        TableName=NAME,
        Key={"serial_number": {"S": device.serial_number}},
        UpdateExpression="SET rotated_at = :then",
        ExpressionAttributeValues={":then": {"N": str(rotated)}},
    )
    made = device.iot.create_keys_and_certificate(setAsActive=True)

    def complete(_seconds):
        device.iot.attach_thing_principal(thingName=device.thing_name, principal=made["certificateArn"])

    revoker = Revoker(
        Records(AllowListTable(NAME)),
        Registry(1),
        Wanted(quarantine_group=device.quarantine),
        now=lambda: rotated + 3,
        sleep=complete,
    )
    revoker.carry_out(device.serial_number, [])
    described = device.iot.describe_certificate(certificateId=made["certificateId"])
    assert described["certificateDescription"]["status"] == "INACTIVE"


class CountingWire(FaultyWire):
    """Refuse every request after the last one, as if the command had been killed there."""

    last = None

    def take(self, operation):
        self.requests.append(operation)
        return REFUSED if self.last is not None and len(self.requests) > self.last else None


class Work:
    """What the command does with one device, and what it does if it ends after so many requests."""

    def __init__(self, wire, device):
        self._wire, self._name = wire, device.serial_number
        records, registry = Records(AllowListTable(NAME)), Registry(1)
        self._of = {
            "revoke": Revoker(records, registry, Wanted(device.quarantine)),
            "release": Releaser(records, registry, skip_missing=False),
        }

    def __call__(self, verb):
        return self._of[verb].carry_out(self._name, []).became

    def cut_off(self, verb, requests):
        """Whether it was cut off before its end."""
        self._wire.requests, self._wire.last = [], requests
        try:
            self(verb)
        except NotAllowedError:
            return True
        finally:
            self._wire.last = None
        return False


@pytest.fixture
def work(emulator, monkeypatch, device):
    with faulty_wire(emulator, CountingWire) as wire:
        monkeypatch.setenv("AWS_ENDPOINT_URL", wire.url)
        yield Work(wire, device)


@pytest.mark.timeout(300)
def test_a_revocation_that_was_cut_off_anywhere_can_be_gone_on_with_or_taken_back(work, device):
    before, requests = state_of(device), 2
    while work.cut_off("revoke", requests):
        assert work("release") == Became.RELEASED
        assert state_of(device) == before, requests
        assert work.cut_off("revoke", requests)
        assert work("revoke") == Became.REVOKED
        assert is_out(device), requests
        assert work("release") == Became.RELEASED
        assert state_of(device) == before, requests
        requests += 1
    assert requests > 15


@pytest.mark.timeout(300)
def test_a_release_that_was_cut_off_anywhere_can_be_gone_on_with_or_taken_back(work, device):
    before, requests = state_of(device), 1
    work("revoke")
    while work.cut_off("release", requests):
        assert device.record["blocked"]["BOOL"], requests
        work("revoke")
        assert is_out(device), requests
        assert work.cut_off("release", requests)
        assert work("release") == Became.RELEASED
        assert state_of(device) == before, requests
        work("revoke")
        requests += 1
    assert state_of(device) == before
    assert requests > 9


def test_a_missing_right_is_named_and_ends_the_run(device, list_wire):
    list_wire.breaks("DELETE /connections", Fault(403, "ForbiddenException"))
    result = revoke(device)
    assert result.exit_code == 2
    assert "you need iot:DeleteConnection" in result.stderr


def test_the_trail_says_what_was_changed_before_something_went_wrong(device, list_wire, tmp_path):
    trail = tmp_path / "trail.jsonl"
    list_wire.breaks("DELETE /connections", Fault(403, "ForbiddenException"))
    assert revoke(device, "--yes", "--trail", trail).exit_code == 2
    line = json.loads(trail.read_text())
    deactivated = f"certificate {device.certificate_id} deactivated"
    assert (line["outcome"], line["changes"]) == ("failed", ["record blocked", deactivated])
    assert "DeleteConnection" in line["notes"][0]


def test_no_further_device_is_begun_once_a_right_is_missing(list_table, emulator, list_wire):
    devices = [a_registered_device(emulator, list_table) for _ in range(3)]
    list_wire.breaks("DELETE /connections", Fault(403, "ForbiddenException"))
    names = [device.serial_number for device in devices]
    result = run("revoke", *names, "--table", NAME, "--yes", "--parallel", "1")
    assert "1 failed; ended early, 2 left: give the same command with --resume" in result.stderr
    assert [state_of(device).status for device in devices] == ["INACTIVE", "ACTIVE", "ACTIVE"]
    assert run("revoke", *names, "--table", NAME, "--yes", "--resume").exit_code == 0


def test_what_aws_iot_throttles_is_asked_again(device, list_wire):
    for operation in (
        "PUT /certificates",
        "DELETE /connections",
        "POST /target-policies",
        "GET /certificates",
    ):
        list_wire.breaks(operation, Fault(429, "ThrottlingException"), times=2)
    assert revoke(device).exit_code == 0
    assert is_out(device)
    assert not list_wire.faults


@pytest.mark.parametrize("kind", ["policy", "group", "thing", "certificate"])
def test_a_device_is_released_without_what_is_gone_only_if_that_is_meant(device, kind):
    policies, groups = sorted(state_of(device).policies), sorted(state_of(device).groups)
    revoke(device)
    state_of(device)
    iot = device.iot
    if kind == "policy":
        iot.delete_policy(policyName=policies[0])
    elif kind == "group":
        iot.delete_thing_group(thingGroupName=groups[0])
    else:
        iot.detach_thing_principal(thingName=device.thing_name, principal=device.certificate_arn)
        for _ in range(3):
            iot.list_thing_principals(thingName=device.thing_name)
        if kind == "thing":
            iot.delete_thing(thingName=device.thing_name)
        else:
            iot.delete_certificate(certificateId=device.certificate_id, forceDelete=True)
    refused = release(device)
    assert refused.exit_code == 1
    assert "does not exist any more: create it again, or give --skip-missing" in refused.stdout
    assert device.record["blocked"]["BOOL"]
    released = release(device, "--yes", "--skip-missing")
    assert released.exit_code == 0
    assert "does not exist any more" in released.stdout
    assert "revocation" not in device.record


def test_many_are_taken_out_by_batch_or_file_with_a_line_each_in_the_trail(list_table, emulator, tmp_path):
    devices = [a_registered_device(emulator, list_table, batch_name={"S": "2027-01"}) for _ in range(3)]
    rest = a_registered_device(emulator, list_table, batch_name={"S": "2027-02"})
    trail = tmp_path / "trail.jsonl"
    options = ["--table", NAME, "--yes", "--trail", trail, "--format", "json"]
    result = run("revoke", "--batch", "2027-01", *options)
    assert result.exit_code == 0, result.stderr
    assert "3 revoked" in result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert {line["serial_number"] for line in lines} == {device.serial_number for device in devices}
    assert {state_of(device).status for device in devices} == {"INACTIVE"}
    assert state_of(rest).status == "ACTIVE"
    names = "\n".join(["serial_number", *(device.serial_number for device in devices), "A-unknown"])
    result = run("release", "--file", a_file(tmp_path, names), *options)
    assert result.exit_code == 1
    assert "1 not on the list" in result.stderr
    assert {state_of(device).status for device in devices} == {"ACTIVE"}
    kept = [json.loads(line) for line in trail.read_text().splitlines()]
    assert [line["action"] for line in kept] == ["revoke"] * 3 + ["release"] * 4
    assert all(line["by"].startswith("arn:aws:") for line in kept)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "give serial numbers, --batch or --file: one of them"),
        (["A-1", "--batch", "B"], "give serial numbers, --batch or --file: one of them"),
        (["--batch", "B"], "--batch B: no record of allow-list is of it"),
        (["A-1", "--repair"], "--repair: needs a --quarantine-group"),
    ],
)
def test_what_makes_no_sense_is_refused(list_table, arguments, problem):
    result = run("revoke", *arguments, "--table", NAME, "--yes")
    assert result.exit_code == 2
    assert problem in result.stderr


def test_a_file_with_a_row_that_is_not_valid_takes_nobody_out(device, list_table, tmp_path):
    rows = a_file(tmp_path, f"serial_number\n{device.serial_number}\nA 1\n")
    result = run("revoke", "--file", rows, "--table", NAME, "--yes")
    assert result.exit_code == 2
    assert f"{rows}:3: " in result.stderr
    assert state_of(device).status == "ACTIVE"


def test_a_record_that_something_else_wrote_to_is_not_guessed_at(device, list_table):
    list_table.update_item(
        TableName=NAME,
        Key={"serial_number": {"S": device.serial_number}},
        UpdateExpression="SET revocation = :text",
        ExpressionAttributeValues={":text": {"S": "{}"}},
    )
    for result in (revoke(device), release(device)):
        assert result.exit_code == 1
        assert "revocation of its record is not what this command writes" in result.stdout


def test_an_exported_record_of_a_revoked_device_can_be_restored_and_released(device, list_table, tmp_path):
    before = state_of(device)
    revoke(device)
    out = tmp_path / "list.jsonl"
    run("export", "--table", NAME, "--out", out)
    list_table.delete_item(TableName=NAME, Key={"serial_number": {"S": device.serial_number}})
    assert run("import", out, "--table", NAME, "--restore").exit_code == 0
    assert release(device).exit_code == 0
    assert state_of(device) == before
