"""Intrinsic functions as the JSON that they are."""

import pytest

from device_provisioning.aws_iot import find_in_map, join, ref, select, split, sub


@pytest.mark.parametrize(
    ("function", "document"),
    [
        (ref("Serial"), {"Ref": "Serial"}),
        (join("-", ("a", ref("Serial"))), {"Fn::Join": ["-", ["a", {"Ref": "Serial"}]]}),
        (select(0, ["a", "b"]), {"Fn::Select": ["0", ["a", "b"]]}),
        (select(1, split("-", ref("S"))), {"Fn::Select": ["1", {"Fn::Split": ["-", {"Ref": "S"}]}]}),
        (
            find_in_map("Sites", ref("Site"), "Broker"),
            {"Fn::FindInMap": ["Sites", {"Ref": "Site"}, "Broker"]},
        ),
        (sub("s-${Serial}"), {"Fn::Sub": "s-${Serial}"}),
    ],
)
def test_a_function_is_the_json_that_the_guide_shows(function, document):
    assert function == document
