"""Template bodies for property tests: valid ones, broken ones, and any JSON in the shape of a body."""

import copy
from typing import Any

from hypothesis import strategies as st

CERTIFICATE_ID = "AWS::IoT::Certificate::Id"
PARAMETERS = ("SerialNumber", "Site", "Line")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.floats(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)

names = st.text(alphabet="abcXYZ019:_-", min_size=1, max_size=12)
references = st.sampled_from(PARAMETERS).map(lambda name: {"Ref": name})


def _functions(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(values, min_size=1, max_size=3).map(lambda parts: {"Fn::Join": ["-", parts]}),
        st.lists(values, min_size=2, max_size=3).map(lambda parts: {"Fn::Select": ["1", parts]}),
        values.map(lambda value: {"Fn::Select": [0, {"Fn::Split": ["-", value]}]}),
        st.sampled_from(PARAMETERS).map(lambda name: {"Fn::Sub": f"s-${{{name}}}"}),
        st.just({"Fn::FindInMap": ["Sites", {"Ref": "Site"}, "Broker"]}),
    )


values = st.recursive(names | references, _functions, max_leaves=4)


@st.composite
def fleet_bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Bodies without an error."""
    thing: dict[str, Any] = {
        "ThingName": draw(values),
        "ThingGroups": draw(st.lists(names, unique=True, max_size=10)),
        "AttributePayload": draw(st.dictionaries(names, values, max_size=3)),
    }
    if draw(st.booleans()):
        thing["ThingTypeName"] = draw(names)
    certificate = {
        "CertificateId": {"Ref": CERTIFICATE_ID},
        "Status": draw(st.sampled_from(["ACTIVE", "Inactive"])),
    }
    return {
        "Parameters": {name: {"Type": "String"} for name in (*PARAMETERS, CERTIFICATE_ID)},
        "Mappings": {"Sites": {"lab": {"Broker": draw(names)}}},
        "Resources": {
            "thing": {
                "Type": "AWS::IoT::Thing",
                "Properties": thing,
                "OverrideSettings": draw(_override_settings),
            },
            "certificate": {"Type": "AWS::IoT::Certificate", "Properties": certificate},
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "sensor-runtime"}},
        },
        "DeviceConfiguration": draw(st.dictionaries(names, values, max_size=3)),
    }


_override_settings = st.fixed_dictionaries(
    {},
    optional={
        "AttributePayload": st.sampled_from(["DO_NOTHING", "REPLACE", "MERGE"]),
        "ThingTypeName": st.sampled_from(["DO_NOTHING", "REPLACE"]),
        "ThingGroups": st.sampled_from(["DO_NOTHING", "REPLACE", "MERGE"]),
    },
)


@st.composite
def broken_bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Bodies with any JSON put somewhere into a valid one."""
    # A copy: parts that are drawn may be shared between examples.
    body = copy.deepcopy(draw(fleet_bodies()))
    for _ in range(draw(st.integers(1, 3))):
        container: Any = body
        while True:
            keys = list(container) if isinstance(container, dict) else list(range(len(container)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if not isinstance(container[key], dict | list) or draw(st.booleans()):
                container[key] = draw(json_values | _odd_functions)
                break
            container = container[key]
    return body


_odd_functions = st.builds(
    lambda name, argument: {name: argument},
    st.sampled_from(["Ref", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::FindInMap", "Fn::Sub", "Fn::If"]),
    json_values,
)
