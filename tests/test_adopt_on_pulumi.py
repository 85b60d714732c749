"""A fleet made by hand, adopted into a program of Pulumi, by Pulumi's own engine on the emulator.

The AWS provider is the stand-in of this project; the emulator enforces IAM and the policies of AWS IoT.
"""

import pytest

from tests.support.adoptable_fleet import EVERYTHING, TEMPLATE_ARN, adopt, assert_safe, hardened, make_by_hand
from tests.support.needing_engine import changes, needs_engine
from workshop.device import Rejected
from workshop.emulator import ACCOUNT, Emulator
from workshop.pulumi_engine import stack_of

pytestmark = [needs_engine, pytest.mark.timeout(600)]


class Adopted:
    """A project that was written."""

    def __init__(self, emulator, folder, *options):
        self._emulator, self.project, self._state = emulator, folder / "project", folder / "state"
        self._state.mkdir()
        assert adopt(emulator, "pulumi", self.project, *options).exit_code == 0

    @property
    def stack(self):
        return stack_of(self.project, self._emulator, self._state)

    def edit(self, change):
        main = self.project / "__main__.py"
        main.write_text(change(main.read_text()))

    def harden(self):
        self.edit(lambda program: hardened(program, (self.project / "README.md").read_text()))


def imported(program):
    return program.replace("IMPORTING = True", "IMPORTING = False")


def test_what_is_adopted_is_imported_without_a_change_and_hardened_by_the_printed_lines(tmp_path):
    with Emulator(enforce_iam=True) as emulator:
        fleet = make_by_hand(emulator)
        before = fleet.held()
        assert fleet.provision("A-1").thing_name == "sensor-A-1"
        adopted = Adopted(emulator, tmp_path)
        summary = adopted.stack.up().summary.resource_changes
        assert changes(summary) == {"import": 6, "create": 1}
        assert fleet.held() == before
        assert changes(adopted.stack.preview().change_summary) == {}
        adopted.edit(imported)
        assert changes(adopted.stack.preview().change_summary) == {}

        adopted.harden()
        adopted.stack.up()
        held = fleet.held()
        assert_safe(held)
        (statement,) = held["invoke"]
        assert TEMPLATE_ARN in str(statement["Condition"])
        assert ACCOUNT in str(statement["Condition"])
        assert held["template"] == before["template"]
        assert fleet.provision("A-2").thing_name == "sensor-A-2"
        assert changes(adopted.stack.preview().change_summary) == {}


@pytest.mark.exhaustive
def test_a_fleet_without_a_hook_gets_one_by_the_printed_line(tmp_path):
    with Emulator(enforce_iam=True) as emulator:
        fleet = make_by_hand(emulator, claim_document=EVERYTHING, hook=False)
        assert fleet.provision("A-1").thing_name == "sensor-A-1"
        adopted = Adopted(emulator, tmp_path, "--claim-policy", "SensorClaim")
        adopted.stack.up()
        adopted.edit(imported)
        assert changes(adopted.stack.preview().change_summary) == {}
        adopted.harden()
        adopted.stack.up()
        dynamodb = emulator.client("dynamodb")
        (table,) = dynamodb.list_tables()["TableNames"]
        dynamodb.put_item(TableName=table, Item={"serial_number": {"S": "A-2"}})
        assert fleet.provision("A-2").thing_name == "sensor-A-2"
        with pytest.raises(Rejected):
            fleet.provision("A-3")
