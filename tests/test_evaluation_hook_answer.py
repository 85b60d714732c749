"""What the answer of a pre-provisioning hook means."""

import pytest

from device_provisioning.aws_iot.evaluation import RefusedError, read_hook_answer


@pytest.mark.parametrize("allow", [True, "true", "TRUE", 1, 1.5])
def test_an_answer_that_allows_gives_its_overrides(allow):
    answer = {
        "allowProvisioning": allow,
        "parameterOverrides": {"Site": "lab", "N": 7, "B": True, "Gone": None},
    }
    assert read_hook_answer(answer) == {"Site": "lab", "N": "7", "B": "true", "Gone": None}


@pytest.mark.parametrize(
    "answer", [{"allowProvisioning": True}, {"allowProvisioning": True, "parameterOverrides": None}]
)
def test_overrides_may_be_left_out(answer):
    assert read_hook_answer(answer) == {}


@pytest.mark.parametrize(
    ("answer", "reason", "problem"),
    [
        ({"allowProvisioning": False}, "AccessDenied", "the hook does not allow it"),
        ({"allowProvisioning": "False"}, "AccessDenied", "the hook does not allow it"),
        ({"allowProvisioning": 0}, "AccessDenied", "the hook does not allow it"),
        (None, "InvalidResult", "the hook returned nothing"),
        ({}, "InvalidResult", "the hook's answer has no allowProvisioning that is true or false"),
        ("yes", "InvalidResult", "the hook's answer has no allowProvisioning that is true or false"),
        ({"allowProvisioning": "yes"}, "InvalidResult", "the hook's answer has no allowProvisioning"),
        ({"allowProvisioning": None}, "InvalidResult", "the hook's answer has no allowProvisioning"),
        ({"allowProvisioning": [True]}, "InvalidResult", "the hook's answer has no allowProvisioning"),
        (
            {"allowProvisioning": True, "parameterOverrides": []},
            "InvalidResult",
            "parameterOverrides are not an object",
        ),
        (
            {"allowProvisioning": True, "parameterOverrides": {"a": {}}},
            "InvalidResult",
            "are not an object of strings",
        ),
        (
            {"allowProvisioning": False, "parameterOverrides": {"a": []}},
            "InvalidResult",
            "not an object of strings",
        ),
    ],
)
def test_every_other_answer_refuses_the_device(answer, reason, problem):
    with pytest.raises(RefusedError) as refused:
        read_hook_answer(answer)
    assert refused.value.failure.reason == reason
    assert problem in refused.value.failure.problem
    assert refused.value.failure.path == ""
