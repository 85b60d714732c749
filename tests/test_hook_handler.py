"""The function that AWS IoT invokes: an answer whatever happens, and one line that tells nothing secret."""

import ast
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_provisioning import lambdas
from device_provisioning.lambdas.pre_provisioning_hook import handler as hook_handler
from device_provisioning.lambdas.pre_provisioning_hook.decision import Decision
from device_provisioning.lambdas.pre_provisioning_hook.handler import handler
from device_provisioning.lambdas.pre_provisioning_hook.log import decision_line
from device_provisioning.lambdas.pre_provisioning_hook.reasons import Reason
from tests.support.hooks import PEM, a_request, devices_in

FOLDER = Path(lambdas.__file__).parent / "pre_provisioning_hook"
DENIED = {"allowProvisioning": False, "parameterOverrides": {}}


@pytest.fixture
def environment(monkeypatch):
    for name in [*os.environ]:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    clients = hook_handler._client
    clients.cache_clear()
    yield monkeypatch
    clients.cache_clear()


@pytest.fixture
def deployed(environment, emulator):
    """The hook as it is deployed, over a table of the emulator."""
    for name, value in emulator.environment().items():
        environment.setenv(name, value)
    with devices_in(emulator.client("dynamodb")) as devices:
        environment.setenv("ALLOW_LIST_TABLE_NAME", devices.table_name)
        yield devices


def the_line(capsys):
    output = capsys.readouterr()
    (line,) = output.out.splitlines()
    assert not output.err
    return json.loads(line)


def test_a_listed_device_is_answered_yes_with_what_the_list_decides(deployed, capsys):
    deployed.put("A-1", parameter_overrides={"M": {"Site": {"S": "plant7"}}})
    event = a_request("A-1")
    assert handler(event) == {"allowProvisioning": True, "parameterOverrides": {"Site": "plant7"}}
    line = the_line(capsys)
    identified = {
        "serial_number": "A-1",
        "client_id": "claim-7",
        "claim_certificate_id": "c" * 64,
        "certificate_id": event["certificateId"],
        "decision": "allowed",
        "reason": "listed",
        "TemplateName": "sensors",
        "Allowed": 1,
        "Denied": 0,
    }
    assert {name: line[name] for name in identified} == identified


def test_an_answer_never_carries_over_to_the_next_device(deployed):
    deployed.put("A-2", parameter_overrides={"M": {"Site": {"S": "plant7"}}})
    deployed.put("A-3")
    first = handler(a_request("A-2"))
    first["parameterOverrides"]["Site"] = "changed by whoever got it"
    assert handler(a_request("A-3")) == {"allowProvisioning": True, "parameterOverrides": {}}
    assert handler(a_request("X-9")) == DENIED


def test_a_denial_is_one_line_in_the_embedded_metric_format(deployed, capsys):
    assert handler(a_request("X-1")) == DENIED
    line = the_line(capsys)
    assert (line["decision"], line["reason"]) == ("denied", "not on the allow list")
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == "DeviceProvisioning"
    for dimensions in metrics["Dimensions"]:
        assert all(isinstance(line[name], str) for name in dimensions)
    assert {metric["Name"]: line[metric["Name"]] for metric in metrics["Metrics"]} == {
        "Allowed": 0,
        "Denied": 1,
    }
    assert isinstance(line["_aws"]["Timestamp"], int)


@pytest.mark.parametrize(
    ("reason", "counted"),
    [
        (Reason.PROVISIONED, {"Allowed": 0, "Denied": 1, "DeniedAsProvisioned": 1}),
        (Reason.PROVISIONED_AGAIN.format(times=2), {"Allowed": 0, "Denied": 1, "DeniedAsProvisioned": 1}),
        (Reason.BLOCKED, {"Allowed": 0, "Denied": 1}),
    ],
)
def test_a_serial_number_that_is_in_use_has_a_metric_of_its_own(reason, counted):
    line = json.loads(decision_line(a_request("A-4"), "A-4", Decision(False, reason), "DeviceProvisioning"))
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert {metric["Name"]: line[metric["Name"]] for metric in metrics["Metrics"]} == counted


def test_neither_certificate_nor_token_nor_other_parameters_are_logged(deployed, capsys):
    event = a_request("X-2", certificateOwnershipToken="a-token")
    event["parameters"]["Password"] = "a-password"
    handler(event)
    text = json.dumps(the_line(capsys))
    assert "CERTIFICATE" not in text
    assert "MIIsecret" not in text
    assert "a-token" not in text
    assert "a-password" not in text


def test_a_hostile_text_is_cut_and_stays_one_line(deployed, capsys):
    hostile = 'x"\n{"decision": "allowed"}\r\u2028' * 100
    assert handler(a_request(hostile, clientId=hostile, templateArn=hostile)) == DENIED
    line = the_line(capsys)
    assert len(line["serial_number"]) == len(line["client_id"]) == 256
    assert line["decision"] == "denied"


def test_an_unforeseen_error_denies_and_does_not_repeat_what_the_device_sent(environment, capsys):
    def broken(_service):
        raise RuntimeError(f"could not read {PEM}")

    environment.setattr(hook_handler, "_client", broken)
    environment.setenv("ALLOW_LIST_TABLE_NAME", "devices")
    assert handler(a_request()) == DENIED
    assert the_line(capsys)["reason"] == "the hook failed: RuntimeError"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ALLOW_LIST_TABLE_NAME", "", "the hook's settings are wrong: ALLOW_LIST_TABLE_NAME is not set"),
        (
            "REPROVISIONING",
            "YES",
            "the hook's settings are wrong: REPROVISIONING is 'YES': NEVER, ALLOW or a whole number from 1 is"
            " allowed",
        ),
    ],
)
def test_a_hook_that_is_set_up_wrongly_denies_and_says_so(environment, capsys, name, value, reason):
    environment.setenv("ALLOW_LIST_TABLE_NAME", "devices")
    environment.setenv(name, value)
    assert handler(a_request()) == DENIED
    assert the_line(capsys)["reason"] == reason


def test_a_hook_without_credentials_or_region_denies(environment, capsys):
    environment.setenv("ALLOW_LIST_TABLE_NAME", "devices")
    environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert handler(a_request()) == DENIED
    assert "NoRegionError" in the_line(capsys)["reason"]


def test_a_function_that_is_nearly_out_of_time_denies_without_a_call(deployed, capsys):
    class Context:
        def get_remaining_time_in_millis(self):
            return 1000

    deployed.put("A-4")
    assert handler(a_request("A-4"), Context()) == DENIED
    assert the_line(capsys)["reason"] == "no time left to decide"
    assert "certificate_id" not in deployed.record("A-4")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["claimCertificateId", "certificateId", "certificatePem", "templateArn", "clientId", "parameters"]
)


@settings(max_examples=200, deadline=None)
@given(event=json_values | st.dictionaries(names, json_values | st.just({"SerialNumber": "A-1"})))
def test_whatever_is_sent_is_answered_with_a_denial_in_the_form_that_aws_iot_reads(event):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALLOW_LIST_TABLE_NAME", "devices")
        patch.setattr(hook_handler, "_client", lambda _service: None)
        assert handler(event) == DENIED


def test_the_module_keeps_no_state_of_its_own():
    for file in FOLDER.glob("*.py"):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.Assign):
                assert not isinstance(node.value, ast.Dict | ast.List | ast.Set), (
                    f"{file.name}: {ast.unparse(node)}"
                )
