"""Whatever is changed in a file, each tool that reads it ends with an answer or the documented error."""

import json
from random import Random

import pytest

from tests.support.forms import FORMATS, files_of, pulumi_state
from tests.support.fuzz_targets import TARGETS
from tests.support.json_mutation import mutated

READERS = ["lint", "fixing", "explaining"]
HANDLER = "device_provisioning.lambdas.pre_provisioning_hook.handler.handler"


def a_hook(environment):
    function = {"Handler": HANDLER, "Environment": environment}
    template = {"TemplateBody": "{}", "PreProvisioningHook": {"TargetArn": {"Fn::GetAtt": ["Hook", "Arn"]}}}
    return {
        "Resources": {
            "Hook": {"Type": "AWS::Lambda::Function", "Properties": function},
            "Template": {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": template},
        }
    }


def a_state(dependencies):
    (file, *_) = files_of("Pulumi, a state")
    state = {**pulumi_state(file), "dependencies": dependencies}
    return {"version": 3, "deployment": {"resources": [state]}}


ODD = {
    "a body that is a list": {"templateBody": ["{}"], "setAsDefault": True},
    "a body that is no text": {"templateBody": True, "setAsDefault": True},
    "an environment that is a list": a_hook([]),
    "variables that are a list": a_hook({"Variables": ["LISTED_PARAMETERS"]}),
    "a dependency that is an object": a_state([{}]),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ODD)
def test_what_stands_in_a_wrong_place_is_answered(name, reader):
    assert TARGETS[reader](json.dumps(ODD[name]).encode()) is None


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_with_anything_changed_is_answered(name, reader):
    random = Random(name)
    files = files_of(name)
    for _ in range(10):
        text = FORMATS[name](random.choice(files))
        assert TARGETS[reader](mutated(text, random).encode("utf-8", "surrogatepass")) is None
