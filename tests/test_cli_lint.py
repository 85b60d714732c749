"""The command ``device-provisioning lint``."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from device_provisioning.aws_iot.rules import RULES
from device_provisioning.cli import app
from device_provisioning.version import __version__
from tests.support.template_files import FOLDER, template_files

VALID = str(FOLDER / "fleet" / "valid-smallest.json")
WARNING = str(FOLDER / "fleet" / "DP019-breaks-fail.json")
ERROR = str(FOLDER / "fleet" / "DP024-breaks-blank-in-a-value.json")
STACK = str(FOLDER / "stack" / "DP034-breaks-6-seconds.json")


def lint(*arguments, stdin=None):
    return CliRunner().invoke(app, ["lint", *arguments], input=stdin)


def codes(result):
    return [entry["code"] for entry in json.loads(result.stdout)["findings"]]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([VALID], 0),
        ([WARNING], 0),
        ([WARNING, "--strict"], 1),
        ([VALID, "--strict"], 0),
        ([VALID, ERROR], 1),
        ([ERROR, "nowhere.json"], 2),
        ([VALID, "--type", "console"], 2),
        ([], 2),
    ],
)
def test_the_exit_status_tells_clean_from_errors_from_unreadable(arguments, status):
    assert lint(*arguments).exit_code == status


@pytest.mark.parametrize("file", [file for file in template_files() if file.broken_rules], ids=str)
def test_each_rule_is_found_in_a_file_that_breaks_it(file):
    kind = ["--type", file.kind] if file.kind != "stack" else []
    assert file.broken_rules <= set(codes(lint(str(file.path), *kind, "--format", "json")))


def test_json_says_its_version_and_all_of_every_finding():
    finding = {
        "file": ERROR,
        "line": 26,
        "column": 11,
        "code": "DP024",
        "severity": "error",
        "path": "/Resources/thing/Properties/AttributePayload/room",
        "message": "attribute 'room' has characters other than a-zA-Z0-9_.,@/:#=[]-: 'room 7'",
        "hint": RULES["DP024"].hint,
        "url": RULES["DP024"].page,
        "fix": None,
    }
    written = {"version": 1, "findings": [finding], "unreadable": [], "files": 1, "fixed": []}
    assert json.loads(lint(ERROR, "--format", "json").stdout) == written
    assert json.loads(lint(VALID, "--format", "json").stdout) == {**written, "findings": []}


def test_json_of_every_file_keeps_to_its_schema(tmp_path):
    schema = json.loads(CliRunner().invoke(app, ["schema", "report"]).stdout)
    files = [str(file.path) for file in template_files("fleet", "stack")]
    report = json.loads(lint(*files, str(tmp_path / "none"), "--format", "json").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)
    assert len(report["findings"]) > 100
    (unread,) = report["unreadable"]
    assert unread["reason"] == "cannot be read: No such file or directory"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**report, "version": 2}, schema)


def test_text_tells_the_line_the_place_and_what_to_do():
    result = lint(ERROR, WARNING)
    assert (
        f"{ERROR}:26:11: error DP024 /Resources/thing/Properties/AttributePayload/room: attribute"
        in result.stdout
    )
    assert "\n    names: 1 to 128" in result.stdout
    assert "1 error, 1 warning, 0 not checked in 2 files" in result.stderr


def test_text_is_coloured_on_a_terminal_only(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" not in lint(ERROR).stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31merror DP024" in lint(ERROR).stdout


def test_github_gets_an_annotation_at_the_line():
    result = lint(ERROR, WARNING, "--format", "github")
    first, second = result.stdout.splitlines()
    assert first.startswith(f"::error file={ERROR},line=26,col=11,title=DP024::/Resources/thing/")
    assert first.endswith(f"({RULES['DP024'].page})")
    assert second.startswith(f"::warning file={WARNING},line=")


def test_a_message_cannot_break_out_of_its_annotation(tmp_path):
    file = tmp_path / "a,b.json"
    file.write_text(json.dumps({"Resources": {}, "x\n::error::%": {}}))
    result = lint(str(file), "--format", "github")
    assert len(result.stdout.splitlines()) == 3
    assert "a%2Cb.json" in result.stdout
    assert "%0A::error::%25" in result.stdout


def test_nothing_in_a_file_moves_the_cursor(tmp_path):
    file = tmp_path / "body.json"
    file.write_text(json.dumps({"Resources": {"\x1b[2J": "x", "\u202e": "y"}}))
    assert not {"\x1b", "\u202e"} & set(lint(str(file)).stdout)


def test_sarif_holds_a_result_with_its_rule_and_place():
    log = json.loads(lint(ERROR, STACK, "--format", "sarif").stdout)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["DP024", "DP034", "DP053"]
    assert [rule["helpUri"] for rule in rules] == [RULES[rule["id"]].page for rule in rules]
    first, second, third = run["results"]
    assert (first["ruleId"], first["level"], second["level"]) == ("DP024", "error", "warning")
    assert (third["ruleId"], third["level"]) == ("DP053", "note")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith(
        "tests/templates/fleet/DP024-breaks-blank-in-a-value.json"
    )
    assert place["region"] == {"startLine": 26, "startColumn": 11}


def test_the_type_decides_how_a_body_that_stands_alone_is_judged():
    bulk = str(FOLDER / "bulk" / "valid-signing-request.json")
    assert codes(lint(bulk, "--type", "bulk", "--format", "json")) == []
    assert "DP011" in codes(lint(bulk, "--format", "json"))


@pytest.mark.parametrize("file", [ERROR, STACK, str(FOLDER / "stack" / "valid-short-form-functions.yaml")])
def test_standard_input_is_judged_as_the_same_file_is(file):
    given = lint("-", "--format", "json", stdin=Path(file).read_text("utf-8"))
    assert codes(given) == codes(lint(file, "--format", "json"))
    assert {entry["file"] for entry in json.loads(given.stdout)["findings"]} == {"<stdin>"}


def test_a_rule_is_silenced_by_code_with_a_reason():
    assert codes(lint(WARNING, "--silence", "DP019=devices register once", "--format", "json")) == []


@pytest.mark.parametrize("option", ["DP019", "DP019=", "DP999=why not"])
def test_silencing_without_a_reason_is_refused_in_one_line(option):
    result = lint(WARNING, "--silence", option)
    assert result.exit_code == 2
    assert "--silence" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"", "is neither a template body in JSON nor a CloudFormation template"),
        (b"a: [", "is neither JSON nor YAML"),
        (
            b"Resources: {A: {Type: 'AWS::S3::Bucket'}}",
            "contains neither a template body nor a resource that has one",
        ),
        (b"a: &a [*a]", "nested deeper than 100 levels"),
        (b"[" * 100_000, None),
        (b"a: " + b"[" * 5000, "YAML"),
        (
            b"a: &a [1,1,1,1,1,1,1,1,1,1]\n"
            + b"".join(
                b"%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n" % ((c + 1, c + 1) + (c,) * 10)
                for c in range(97, 105)
            ),
            "holds more than 500000 values",
        ),
        (b"? [a]\n: b", "is neither"),
        (b"a: 9999-99-99", "contains neither"),
    ],
    ids=[
        "binary",
        "empty",
        "broken",
        "another stack",
        "itself",
        "deep JSON",
        "deep YAML",
        "bomb",
        "key",
        "no date",
    ],
)
def test_bad_input_is_reported_in_one_line(tmp_path, content, reason):
    file = tmp_path / "given"
    file.write_bytes(content)
    result = lint(str(file))
    assert isinstance(result.exception, SystemExit)
    if reason:
        (line,) = [line for line in result.stderr.splitlines() if str(file) in line]
        assert reason in line
    assert result.exit_code == (2 if reason else 1)


def test_what_cannot_be_read_does_not_keep_the_rest_from_being_checked(tmp_path):
    result = lint(str(tmp_path / "none.json"), str(tmp_path), ERROR, "--format", "json")
    assert result.exit_code == 2
    assert codes(result) == ["DP024"]
    assert "none.json: cannot be read: No such file or directory" in result.stderr
    assert "the folder contains no *.template.json: give a cdk.out folder, or files" in result.stderr


def test_the_folder_of_our_own_stack_is_clean_and_what_surrounds_the_body_is_seen(tmp_path):
    folder = synthesised(tmp_path / "cdk.out")
    assert codes(lint(str(folder), "--strict", "--format", "json")) == []
    template = folder / "Fleet.template.json"
    resources = json.loads(template.read_text())
    for resource in resources["Resources"].values():
        spoil(resource)
    template.write_text(json.dumps(resources))
    assert sorted(set(codes(lint(str(folder), "--format", "json")))) == [
        "DP030",
        "DP032",
        "DP033",
        "DP034",
        "DP036",
        "DP041",
    ]


def synthesised(folder):
    from aws_cdk import App, Stack

    from device_provisioning.cdk import FleetProvisioning

    app = App(outdir=str(folder))
    FleetProvisioning(Stack(app, "Fleet"), "Sensors", thing_name_prefix="sensor-")
    app.synth()
    return folder


def spoil(resource):
    kind, properties = resource["Type"], resource.get("Properties", {})
    trust = json.dumps(properties.get("AssumeRolePolicyDocument"))
    if kind == "AWS::IoT::ProvisioningTemplate":
        del properties["Enabled"]
    elif kind == "AWS::IAM::Role" and "iot.amazonaws.com" in trust:
        properties["AssumeRolePolicyDocument"] = json.loads(
            trust.replace("iot.amazonaws.com", "s3.amazonaws.com")
        )
        del properties["Policies"][0]["PolicyDocument"]["Statement"][0]
    elif kind == "AWS::Lambda::Permission":
        properties["Principal"] = "s3.amazonaws.com"
    elif kind == "AWS::Lambda::Function" and properties.get("Timeout", 9) <= 5:
        properties["Timeout"] = 30
    elif kind == "AWS::IoT::Policy" and "provisioning-templates" in json.dumps(properties):
        text = json.dumps(properties["PolicyDocument"]).replace(":topicfilter/", ":topic/")
        properties["PolicyDocument"] = json.loads(text)


def test_help_has_an_example_and_the_version_is_reported():
    assert "Example: device-provisioning lint" in CliRunner().invoke(app, ["lint", "--help"]).stdout
    assert CliRunner().invoke(app, ["--version"]).stdout.strip() == __version__


def test_the_command_runs_as_a_module_and_loads_no_engine():
    program = (
        "import sys; sys.argv = ['device-provisioning', 'lint', sys.argv[1]]\n"
        "from device_provisioning.cli import main\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "assert not {'aws_cdk', 'boto3', 'pulumi'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program, VALID], check=True, capture_output=True)
    module = [sys.executable, "-m", "device_provisioning.cli", "lint", ERROR]
    assert subprocess.run(module, check=False, capture_output=True).returncode == 1
