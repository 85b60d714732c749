"""What linters of others say of everything that can be synthesised."""

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks, NIST80053R4Checks, NIST80053R5Checks
from constructs import Construct

from device_provisioning import cdk
from tests.support.cfn_linted import warnings_of_cfn_lint
from tests.support.everything_on_cdk import NAMES, STACKS, synthesise
from tests.support.left_over import telling
from tests.support.own_environment import own_environment
from tests.support.synthesis import IRELAND

pytestmark = pytest.mark.timeout(600)
PACKS = [AwsSolutionsChecks, NIST80053R4Checks, NIST80053R5Checks]
# What an example or a stack is told of its reader's own, by the id of the construct.
OWN = {
    "own_hook.py": ("Decide", "a function of the reader's own, kept short"),
    "stacks": ("Role", "the technicians' role is the reader's own, and CDK grants in an inline policy"),
    "trusted_user.py": ("Technicians", "CDK grants in an inline policy of the reader's own role"),
}
# Checkov asks for nothing over the network like this, and could reach nothing.
QUIET_CHECKOV = {
    "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "PATH": os.environ["PATH"],
}


@pytest.fixture(
    scope="module",
    params=[tuple(STACKS), pytest.param(NAMES, marks=pytest.mark.exhaustive)],
    ids=["constructs", "all"],
)
def assemblies(request, tmp_path_factory):
    """Every template as text, by its file in a folder of the name: of what is public, or of examples too."""
    # Without the hyphen 40 letters of a path may stand in a row, which checkov takes for a key of AWS.
    folder = tmp_path_factory.mktemp("linted-")
    with pytest.MonkeyPatch.context() as monkeypatch:
        files = [file for name in request.param for file in synthesise(name, folder / name, monkeypatch)]
    return {file: file.read_text() for file in files}


def violations(folder):
    """The paths of the constructs that the last synthesis was stopped for, with the rules."""
    reports = json.loads((folder / "validation-report.json").read_text())["pluginReports"]
    return {
        (construct["constructPath"], violation["ruleName"])
        for report in reports
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    }


def is_own(name, logical_id):
    return name in OWN and logical_id.startswith(OWN[name][0])


def report_of_checkov(files, home):
    command = [own_environment("checkov") / "checkov", "--framework", "cloudformation", "--skip-download"]
    options = ["--compact", "--quiet", "--output", "json", "--file", *files]
    environment = {**QUIET_CHECKOV, "HOME": str(home)}
    ran = subprocess.run([*command, *options], env=environment, capture_output=True, text=True)
    report = json.loads(ran.stdout)
    assert report["summary"]["parsing_errors"] == 0
    return report


@pytest.mark.parametrize("name", telling([name for name in NAMES if name not in OWN], STACKS))
def test_cdk_nag_finds_nothing_that_has_no_reason(name, tmp_path, monkeypatch):
    assert synthesise(name, tmp_path, monkeypatch, *PACKS)


@pytest.mark.parametrize("name", telling(STACKS, {"everything"}))
def test_cdk_nag_finds_nothing_where_account_and_region_are_not_known(name, tmp_path, monkeypatch):
    assert synthesise(name, tmp_path, monkeypatch, *PACKS, env=None)


@pytest.mark.parametrize("name", telling(OWN, {"stacks"}))
def test_cdk_nag_finds_in_examples_only_what_is_their_readers_own(name, tmp_path, monkeypatch):
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        synthesise(name, tmp_path, monkeypatch, *PACKS)
    assert {path.split("/")[1] for path, _ in violations(tmp_path)} == {OWN[name][0]}


def test_cdk_nag_is_really_asked(tmp_path):
    app = App(outdir=str(tmp_path))
    s3.Bucket(Stack(app, "Stack", env=IRELAND), "Bucket")
    Validations.of(app).add_plugins(*(pack(app) for pack in PACKS))
    with pytest.raises(RuntimeError, match="server access logs disabled"):
        app.synth()
    packs = {rule.rpartition("-")[0] for _, rule in violations(tmp_path)}
    assert packs == {"AwsSolutions", "NIST.800.53.R4", "NIST.800.53.R5"}


@pytest.mark.exhaustive
@pytest.mark.parametrize("assemblies", [NAMES], ids=["all"], indirect=True)
def test_checkov_finds_nothing_that_has_no_reason(assemblies, tmp_path):
    report = report_of_checkov(assemblies, tmp_path)
    failed = {
        (Path(check["file_path"]).parent.name, check["resource"].partition(".")[2], check["check_id"])
        for check in report["results"]["failed_checks"]
    }
    assert {found for found in failed if not is_own(*found[:2])} == set()
    # That it was really asked shows where it was told the reason, and where nobody told one.
    assert report["summary"]["skipped"] > 200
    assert failed


def test_cfn_lint_finds_nothing_not_even_a_warning(assemblies):
    found = [
        (file, warning)
        for file, text in assemblies.items()
        for warning in warnings_of_cfn_lint(text)
        if not is_own(file.parent.name, str(warning.path[1]))
    ]
    assert found == []


def test_cfn_lint_is_really_asked():
    stack = Stack(App(), "Stack", env=IRELAND)
    dynamodb.CfnTable(stack, "Table", key_schema=[])
    assert warnings_of_cfn_lint(json.dumps(Template.from_stack(stack).to_json()))


def test_every_construct_is_among_what_is_linted():
    app = App()
    for name, define in STACKS.items():
        define(Stack(app, name))
    made = {type(construct).__name__ for construct in app.node.find_all()}
    public = {
        name
        for name in cdk.__all__
        if inspect.isclass(value := getattr(cdk, name)) and issubclass(value, Construct)
    }
    assert public - made == set()


def test_every_reason_names_more_than_the_finding(assemblies):
    reasons = {
        (skipped["id"], skipped["comment"])
        for text in assemblies.values()
        for resource in json.loads(text)["Resources"].values()
        for skipped in resource.get("Metadata", {}).get("checkov", {}).get("skip", ())
    }
    assert reasons
    assert all(len(comment.split()) > 4 for _, comment in reasons)


def test_the_ready_stack_passes_the_cdks_own_validation(tmp_path):
    environment = {**os.environ, "CDK_OUTDIR": str(tmp_path)}
    environment.pop("CDK_VALIDATION", None)
    run = subprocess.run(
        [sys.executable, "-m", "stacks.app"], env=environment, capture_output=True, text=True
    )
    assert (run.returncode, run.stdout) == (0, "")
    assert (tmp_path / "FleetProvisioning.template.json").exists()
