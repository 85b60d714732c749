"""Whatever a body is, evaluation answers: the documented error is the only one."""

import contextlib
import json

from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.aws_iot import Severity, TemplateType, check
from device_provisioning.aws_iot.evaluation import (
    ExistingThing,
    RefusedError,
    Result,
    compile_template,
    read_hook_answer,
)
from tests.support.strategies import CERTIFICATE_ID, PARAMETERS, broken_bodies, fleet_bodies, json_values

FLEET = TemplateType.FLEET_PROVISIONING
words = st.text(alphabet="abX19:_- ä", max_size=10)
parameters = st.dictionaries(st.sampled_from(PARAMETERS), words)
overrides = st.none() | st.dictionaries(st.sampled_from([*PARAMETERS, CERTIFICATE_ID]), st.none() | words)
things = st.builds(
    ExistingThing,
    st.none() | words,
    st.dictionaries(words, words),
    st.lists(words, max_size=12),
    st.none() | words,
)


class AnyName(dict):
    """Things of every name."""

    def __init__(self, thing):
        super().__init__()
        self.thing = thing

    def get(self, name, default=None):
        return self.thing

    def __contains__(self, name):
        return True

    def __bool__(self):
        return True


@given(fleet_bodies(), parameters, overrides, st.none() | things.map(AnyName))
def test_a_valid_body_gives_every_device_something_or_a_reason(body, supplied, overridden, existing):
    outcome = compile_template(body, FLEET).evaluate(supplied, existing, overridden)
    assert (outcome.result is Result.FAILED) == bool(outcome.failures)
    assert all(failure.path.startswith("/") for failure in outcome.failures)
    assert all(
        failure.reason != "InvalidTemplate" for failure in outcome.failures if "Fn::" not in failure.problem
    )
    json.dumps(outcome.document)


@given(broken_bodies(), st.sampled_from(TemplateType), st.dictionaries(st.text(), json_values))
def test_a_broken_body_cannot_be_compiled_or_gives_every_device_an_outcome(body, template_type, supplied):
    compiled = None
    with contextlib.suppress(ValueError):
        compiled = compile_template(body, template_type)
    if compiled:
        outcome = compiled.evaluate({"SerialNumber": "A-1", **supplied})
        assert outcome == compiled.evaluate({"SerialNumber": "A-1", **supplied})
        assert json.loads(json.dumps(outcome.document))["result"] == outcome.result


@given(broken_bodies())
def test_a_body_that_can_be_evaluated_for_no_device_breaks_a_rule(body):
    try:
        compile_template(body, FLEET)
    except ValueError:
        assert any(finding.severity is Severity.ERROR for finding in check(body, FLEET))


@given(
    json_values | st.fixed_dictionaries({"allowProvisioning": json_values, "parameterOverrides": json_values})
)
def test_any_answer_of_a_hook_is_read_or_refused(answer):
    with contextlib.suppress(RefusedError):
        assert all(isinstance(value, str | None) for value in read_hook_answer(answer).values())
