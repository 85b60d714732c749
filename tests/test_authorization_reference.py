"""Every statement of every role and policy, on both engines, against AWS's service authorization reference.

Two packages have copied it at different times: where they disagree, what we allow has to work by both.
"""

import re

import pytest

from tests.support.authorization_reference import problems, readings
from tests.support.every_document import every_document, listed, statements, text

THINGS = "arn:aws:iot:eu-west-1:111122223333:thing/pump-*"
CERTIFICATES = "arn:aws:iot:eu-west-1:111122223333:cert/*"


# ARNs of the double of Pulumi's engine, which names a resource without its type.
SHORTENED = re.compile(r"^(arn:aws:(?:dynamodb|kms|secretsmanager):[^:]*:\d+):(?!table/|key/|secret:)")
TYPES = {"dynamodb": "table/", "kms": "key/", "secretsmanager": "secret:"}


def whole(arn):
    return SHORTENED.sub(lambda found: f"{found[1]}:{TYPES[found[1].split(':')[2]]}", arn)


def every_statement():
    """The statements of what this library and its examples define, each once, with their texts joined."""
    found = {}
    for name, resources in every_document().items():
        for statement in statements(resources):
            read = {**statement, "Action": listed(statement["Action"])}
            if "Resource" in statement:
                read["Resource"] = sorted(whole(text(one)) for one in listed(statement["Resource"]))
            if read["Action"] != ["kms:*"]:
                found.setdefault(str(read), (name, read))
    return found.values()


@pytest.mark.parametrize("package", readings())
def test_aws_knows_every_action_and_each_can_match_by_either_reading(package):
    found = list(every_statement())
    assert len(found) > 100
    assert [
        (name, statement.get("Sid"), problem)
        for name, statement in found
        for problem in problems(readings()[package], statement, lenient=True)
    ] == []


def test_every_condition_key_is_known_by_one_reading():
    for name, statement in every_statement():
        by_reading = [set(problems(reading, statement)) for reading in readings().values()]
        assert set.intersection(*by_reading) == set(), name


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ({"Action": "iot:AttachEverything", "Resource": "*"}, "there is no action iot:AttachEverything"),
        ({"Action": "iot:CreateThing", "Resource": CERTIFICATES}, "iot:CreateThing is about thing, not"),
        (
            {"Action": ["iot:CreateThing"], "Resource": [THINGS, CERTIFICATES]},
            f"no action is about {CERTIFICATES}",
        ),
        ({"Action": "iot:RegisterThing", "Resource": THINGS}, "iot:RegisterThing is about none, not"),
        (
            {
                "Action": "iot:CreateThing",
                "Resource": THINGS,
                "Condition": {"StringEquals": {"iot:Prefix": "pump-"}},
            },
            "iot:CreateThing has no condition key iot:Prefix",
        ),
        ({"Action": "iot:AddThingToThingGroup", "Resource": THINGS}, "is about thinggroup, not"),
    ],
)
@pytest.mark.parametrize("package", readings())
def test_what_aws_would_not_understand_is_found_by_either_reading(package, statement, problem):
    assert any(problem in found for found in problems(readings()[package], statement))


def test_attaching_a_certificate_limited_by_the_arn_of_a_thing_is_refused_by_both_readings():
    statement = {"Action": "iot:AttachThingPrincipal", "Resource": THINGS}
    assert all(list(problems(reading, statement)) for reading in readings().values())
