"""The same bodies, sound and broken, in every form of file that holds one: each is judged as it is alone."""

import pytest

from device_provisioning.lint.files import lint_text
from tests.support.forms import BODIES, FORMATS, files_of, some_of
from tests.support.left_over import telling

# What is around the body here: no hook, or a hook of the framework that has no source and ends too late.
AROUND = {"DP052", "DP033", "DP034"}
# With a hook whose code is not known, it may be the hook that gives a policy its name.
UNKNOWN_WITH_A_HOOK = {
    "Serverless, an event": {"DP060"},
    "AWS, a request": {"DP060"},
    "AWS, a request in YAML": {"DP060"},
}


def codes(text, file):
    found = lint_text(text, file.body_type, {})
    assert found is not None
    return {finding.code for _, finding in found if finding.severity != "info"}


@pytest.mark.parametrize("number", telling([8, len(BODIES)], {8}))
@pytest.mark.parametrize("name", FORMATS)
def test_a_body_is_judged_the_same_in_every_form_of_file(name, number):
    wrong = {}
    for file in some_of(files_of(name), name, number):
        found = codes(FORMATS[name](file), file) - AROUND
        if found != file.broken_rules - UNKNOWN_WITH_A_HOOK.get(name, set()):
            wrong[str(file)] = found
    assert wrong == {}


@pytest.mark.parametrize("name", ["JSON", "YAML", "Terraform", "Pulumi", "Serverless", "AWS", "SAM", "CDK"])
def test_there_are_enough_sound_and_broken_files_of_every_tool(name):
    files = [file for each in FORMATS if name in each for file in files_of(each)]
    broken = [file for file in files if file.broken_rules]
    assert len(broken) >= 60
    assert len(files) - len(broken) >= 60
