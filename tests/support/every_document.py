"""Every template that AWS CDK makes here, and every program of Pulumi, read for policy documents."""

import json
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.support.everything_on_cdk import NAMES, synthesise
from tests.support.everything_on_pulumi import PROGRAMS
from tests.support.pulumi_program import ran
from tests.support.synthesis import in_partition_aws


@cache
def every_document():
    """The resources of every template and of every program, by name."""
    found = {f"pulumi {name}": with_outputs(ran(define)) for name, define in PROGRAMS.items()}
    with pytest.MonkeyPatch.context() as monkeypatch, tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            templates = synthesise(name, Path(folder) / name, monkeypatch).values()
            found[name] = [in_partition_aws(template["Resources"]) for template in templates]
    return found


def with_outputs(program):
    return {
        urn: {**resource, "outputs": program.outputs.get(urn)} for urn, resource in program.resources.items()
    }


def statements(value):
    """Every statement of every policy document, wherever it is."""
    if isinstance(value, dict):
        if isinstance(value.get("Statement"), list):
            yield from value["Statement"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from statements(inner)


def listed(value):
    return value if isinstance(value, list) else [value]


def text(value):
    match value:
        case {"Fn::Join": [_, parts]}:
            return "".join(map(text, parts))
        case {"Ref": name}:
            return f"<{name.removeprefix('AWS::')}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
    return value if isinstance(value, str) else json.dumps(value)
