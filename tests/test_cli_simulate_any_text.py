"""Whatever a file of devices or of things holds, simulating ends with an outcome or the documented error."""

import contextlib
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.evaluation import Result, compile_template
from device_provisioning.console.devices import Devices
from device_provisioning.console.sources import UnreadableError
from device_provisioning.simulation.existing_things import read_existing_things
from device_provisioning.simulation.simulator import Interruption, Simulator, Tally, simulate_devices
from tests.support.strategies import json_values
from tests.support.template_files import FOLDER

BODY = json.loads((FOLDER / "fleet" / "valid-every-section.json").read_text("utf-8"))
simulator = Simulator(compile_template(BODY, TemplateType.FLEET_PROVISIONING), {})
rows = st.lists(st.lists(st.text(alphabet='aA1 ,"\n\0ä', max_size=4), max_size=3).map(",".join), max_size=4)
odd_values = st.dictionaries(
    st.just("SerialNumber"), st.floats() | st.text(st.characters(categories=["Cs"]), max_size=2)
)
things = st.dictionaries(st.sampled_from(["thingName", "attributes", "thingGroups", "result"]), json_values)


@contextlib.contextmanager
def a_file(name, content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield str(path)


@given(
    st.binary()
    | rows.map(lambda lines: "\n".join(["SerialNumber,Site", *lines]).encode())
    | st.lists(json_values | odd_values).map(lambda values: "\n".join(map(json.dumps, values)).encode()),
    st.sampled_from([".csv", ".jsonl"]),
)
def test_any_file_of_devices_gives_an_object_a_line_or_the_documented_error(content, suffix):
    tally, lines = Tally(), []
    with a_file(f"devices{suffix}", content) as name, contextlib.suppress(UnreadableError):
        simulate_devices(Devices(name), simulator.outcome, lines.append, tally, Interruption())
    records = [json.loads(line, parse_constant=pytest.fail) for line in b"".join(lines).splitlines()]
    assert len(records) == tally.devices
    assert [record["result"] for record in records].count("failed") == tally.results[Result.FAILED]


@given(
    st.binary()
    | st.lists(json_values | things).map(lambda values: "\n".join(map(json.dumps, values)).encode())
)
def test_any_file_of_things_is_read_or_the_documented_error(content):
    with a_file("existing", content) as name, contextlib.suppress(UnreadableError):
        assert all(isinstance(thing, str) for thing in read_existing_things(name))
