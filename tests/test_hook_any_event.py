"""Whatever a device sends, the hook answers, asks nobody about what is malformed, and tells no secret."""

import contextlib
import hmac
import io
import json
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.lambdas.pre_provisioning_hook.decision import Decision
from device_provisioning.lambdas.pre_provisioning_hook.handler import _log
from device_provisioning.lambdas.pre_provisioning_hook.hook import Hook
from device_provisioning.lambdas.pre_provisioning_hook.reasons import Reason
from device_provisioning.lambdas.pre_provisioning_hook.settings import Attestation
from device_provisioning.records.batch import batch_key
from tests.support.hooks import PEM, a_request, hook_settings, plenty_of_time
from tests.support.proving import BATCH, Bench, a_key, text
from tests.support.strategies import json_values

BENCH, KEY = Bench(), a_key()

PATTERN = hook_settings().serial_number_pattern
LOOK_ALIKES = ["\u0410-1", "A\u0301-1", "\u00c1-1", "A-\uff11", "A-\u00b9", "\uff21-1"]
UNSEEN = ["A-1\0", "A-1\n", "\u202eA-1", "A-1 ", "A-1\u200b", "\ud800", "A-1\x1b[2J"]
INJECTIONS = ["*", "${AWS::Region}", "A-1' OR '1'='1", ":certificate", "{{7*7}}", "%00", "A-1/../A-2"]
serial_numbers = st.text() | st.sampled_from([*LOOK_ALIKES, *UNSEEN, *INJECTIONS]) | json_values
fields = ["claimCertificateId", "certificateId", "certificatePem", "templateArn", "clientId", "parameters"]
members = st.dictionaries(st.sampled_from(fields) | st.text(), json_values)


class NobodyMayBeAsked:
    """Neither DynamoDB nor AWS IoT hears of what is malformed."""

    def __getattr__(self, name):
        raise AssertionError(f"{name} was called")


class OneBatch(NobodyMayBeAsked):
    """A batch that is open without a list, and a KMS that derives keys; nothing may be written."""

    def get_item(self, **_):
        yes = {"BOOL": True}
        return {"Item": {**batch_key(BATCH), "is_open": yes, "without_list": yes}}

    def generate_mac(self, **settings):
        return {"Mac": hmac.digest(b"key of the batch", settings["Message"], "sha256")}


def does_not_match(value):
    return not (isinstance(value, str) and PATTERN.fullmatch(value))


def decide(event):
    nobody = NobodyMayBeAsked()
    return Hook(hook_settings(), nobody, lambda: nobody, lambda: nobody).decide(event, plenty_of_time)


@given(json_values | members)
def test_an_event_that_is_none_is_denied_before_anybody_is_asked(event):
    decision = decide(event)
    assert not decision.allowed
    assert decision.reason


@given(serial_numbers.filter(does_not_match))
def test_a_serial_number_that_does_not_match_is_denied_before_anybody_is_asked(serial_number):
    assert not decide(a_request(serial_number)).allowed


@given(
    st.text() | json_values | st.binary(max_size=600).map(partial(text, BATCH)),
    st.sampled_from([Attestation({BATCH: "key"}, {}), Attestation({}, {})]),
)
def test_every_malformed_proof_is_denied_with_one_reason_and_nothing_is_written(proof, attestation):
    batch = OneBatch()
    hook = Hook(hook_settings(attestation=attestation), batch, lambda: batch, lambda: batch)
    decision = hook.decide(BENCH.request("A-1", KEY, proof), plenty_of_time)
    assert not decision.allowed
    assert decision.reason == (
        Reason.NOT_PROVEN if isinstance(proof, str | None) else Reason.MALFORMED_PARAMETER
    )


@given(serial_numbers, members)
def test_a_decision_is_one_line_without_what_is_secret_and_of_bounded_length(serial_number, event):
    asked = {**a_request(serial_number), **event, "certificatePem": PEM}
    with contextlib.redirect_stdout(io.StringIO()) as log:
        _log(asked, Decision(False, "denied"), hook_settings())
    (line,) = log.getvalue().splitlines()
    assert "MIIsecret" not in line
    assert len(line) < 16384
    assert json.loads(line)["decision"] == "denied"
