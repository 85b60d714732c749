"""Lines of standard input: looking at their form takes none of them away."""

import io
import sys

import pytest

from device_provisioning.console.input_lines import InputLines


@pytest.mark.parametrize(
    ("text", "ending"),
    [("SerialNumber\nA-1\nA-2\n", ".csv"), ('{"SerialNumber": "A-1"}\n{"SerialNumber": "A-2"}\n', ".jsonl")],
)
def test_every_line_is_read_however_often_the_ending_is_asked_for(monkeypatch, text, ending):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    lines = InputLines("-")
    assert [lines.ending, lines.ending] == [ending, ending]
    assert "".join(lines) == text
