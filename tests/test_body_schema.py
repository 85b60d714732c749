"""The JSON Schema of bodies, held against the template files by a JSON Schema library."""

import json

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from device_provisioning.cli import app
from tests.support.template_files import template_files

BEYOND_A_SCHEMA = {
    "DP002": "the size of the whole",
    "DP005": "a reference and its declaration are two places",
    "DP008": "a warning about what certificates may lack",
    "DP014": "a function inside text",
    "DP015": "the length of text without its blanks, and JSON inside text",
    "DP016": "a warning about what a policy allows",
    "DP017": "how many resources have a type",
    "DP019": "a warning",
    "DP022": "a key and its mapping are two places",
    "DP025": "with a thing type there may be more",
    "DP055": "which of AWS's parameters a template has",
    "DP057": "what stands twice in a text",
    "DP059": "a note about what is left out",
    "DP060": "a warning about what a device sends",
    "DP102": "how many resources have a type",
    "DP106": "a warning about what is left out",
    "DP207": "a reference and its declaration are two places",
    "DP208": "a reference and its declaration are two places",
    "DP209": "the name stands in the request, not in the body",
    "DP210": "the description stands in the request, not in the body",
    "fleet/DP013-breaks-no-policy": "how many resources have a type",
    "fleet/DP023-breaks-129-characters-in-sub": "text inside a function",
    "fleet/DP023-breaks-blank-in-join": "text inside a function",
    "fleet/DP024-breaks-blank-in-a-join": "text inside a function",
    "iotda/DP202-breaks-unknown-field-of-the-request": "it stands in the request, not in the body",
}
"""Rules, and single files, that a schema can't judge whole, with the reason."""
BODIES = template_files("fleet", "jitp", "bulk", "iotda")


@pytest.fixture(scope="module")
def validators():
    runs = {kind: CliRunner().invoke(app, ["schema", kind]) for kind in ("fleet", "jitp", "bulk", "iotda")}
    return {kind: Draft202012Validator(json.loads(run.stdout)) for kind, run in runs.items()}


def body_of(file):
    """The body of a file, which for IoTDA may be a create request; ``None`` if it is not a JSON object."""
    try:
        document = json.loads(file.text)
    except ValueError:
        return None
    return document.get("template_body", document) if isinstance(document, dict) else None


@pytest.mark.parametrize("kind", ["fleet", "jitp", "bulk", "iotda"])
def test_the_command_writes_a_schema_of_its_dialect(validators, kind):
    schema = validators[kind].schema
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", BODIES, ids=str)
def test_what_no_rule_complains_of_is_valid_and_what_a_schema_can_say_is_said(validators, file):
    body = body_of(file)
    if body is None:
        assert file.broken_rules
    elif not file.broken_rules:
        assert list(validators[file.kind].iter_errors(body)) == []
    elif not {str(file), *file.broken_rules} & BEYOND_A_SCHEMA.keys():
        assert not validators[file.kind].is_valid(body)
