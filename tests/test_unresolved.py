"""Values that an engine knows later."""

import pytest
from aws_cdk import Token

from device_provisioning.aws_iot import is_unresolved
from device_provisioning.aws_iot.unresolved import unresolved_paths


class Output:
    """Stands for Pulumi's: anything that JSON does not know."""


@pytest.mark.parametrize(
    "value",
    [
        Token.as_string({"Ref": "Name"}),
        f"sensor-{Token.as_string({'Ref': 'Name'})}",
        Token.as_number({"Ref": "Port"}),
        Token.as_list({"Ref": "Groups"})[0],
        Token.as_any({"Ref": "Name"}),
        Output(),
    ],
    ids=["string", "inside a string", "number", "element of a list", "resolvable", "output"],
)
def test_a_token_and_an_output_are_unresolved(value):
    assert is_unresolved(value)


@pytest.mark.parametrize("value", ["", "sensor-${Plant}", "${iot:ClientId}", 0, -1e289, True, None, [], {}])
def test_a_json_value_is_resolved(value):
    assert not is_unresolved(value)


def test_every_unresolved_value_and_key_is_found_with_its_pointer():
    token = Token.as_string({"Ref": "Name"})
    document = {"a/b": [1, token], "~": {token: 1, "c": Output()}, "d": "e"}
    assert list(unresolved_paths(document)) == ["/a~1b/1", f"/~0/{token}", "/~0/c"]
