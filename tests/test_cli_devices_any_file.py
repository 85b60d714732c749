"""Whatever a file of devices holds, every row of it is a device or has its reasons."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.support.fuzz_targets import reading_rows
from tests.support.strategies import json_values

FIELDS = ["serial_number", "blocked", "expires_at", "parameter_overrides"]
COLUMNS = [*FIELDS[:3], "parameter_overrides.Site", "parameter_overrides."]
ODD = ['"', "\0", "9" * 400, "A" * 200, "\u0661", " ", "\ud800"]
lines = st.lists(st.sampled_from(["A-1", "true", "1893456000", "", *ODD]), max_size=5).map(",".join)
headings = st.lists(st.sampled_from(COLUMNS), max_size=5).map(",".join)
tables = st.tuples(headings, lines, lines).map("\n".join)
devices = st.dictionaries(st.sampled_from(FIELDS) | st.text(), json_values)


@given(st.binary() | tables.map(lambda table: table.encode(errors="surrogatepass")))
def test_a_row_of_csv_is_a_device_or_has_its_reasons(content):
    reading_rows(content)


@given(st.lists(devices | json_values, max_size=4))
def test_an_object_is_a_device_or_has_its_reasons(values):
    reading_rows("\n".join(json.dumps(value) for value in values).encode())
