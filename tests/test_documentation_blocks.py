"""Every block of code and every command that the documentation shows is checked by a test.

What runs in a shell is in ``test_documentation_commands.py``; here is what is judged without.
"""

import ast
import json
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from device_provisioning.cli import app
from device_provisioning.cloudformation.checks import check_cloudformation_template
from device_provisioning.lambdas.pre_provisioning_hook.decision import Decision
from device_provisioning.lambdas.pre_provisioning_hook.log import decision_line
from device_provisioning.lint.configuration import find_project
from device_provisioning.lint.examples import sound_files
from tests.support.documented_pages import ROOT, blocks, is_excerpt, pages
from tests.support.documented_shell import NOT_RUN

PROGRAMS = {"python", "javascript"}
FILES = {"csv", "json", "python", "yaml"}
"""Languages of blocks that are to be saved as the file of their title."""
RUN_BY = {
    "examples/devices/python/proof.py": (
        "tests/test_documented_proof.py",
        "examples/devices/python/proof.py",
    ),
    "examples/nodejs/index.js": ("tests/test_pulumi_from_node.py", "examples/nodejs"),
    "examples/platform/acme_provisioning/__init__.py": (
        "tests/test_platform_example.py",
        "acme_provisioning",
    ),
    "examples/platform/acme_provisioning/cdk.py": ("tests/test_platform_example.py", "acme_provisioning.cdk"),
    "examples/platform/programs/cdk/app.py": (
        "docs/guides/company-package.md",
        "cd examples/platform/programs/cdk",
    ),
    "examples/templates/hook.py": (
        "docs/guides/trying-devices-out.md",
        "--hook examples.templates.hook:handler",
    ),
}
"""Who runs the files that blocks are excerpts of, and the words that say so; examples in the folder itself
are run by test_stacks.py and test_pulumi_examples.py, each of them."""
SILENCING, PRE_COMMIT, WORKFLOW, EDITOR, QUERY = (
    "Metadata:",
    "repos:",
    "- run:",
    "json.schemas",
    "fields @timestamp",
)
"""How those blocks begin that have a test of their own here."""


def kind(block):
    """How a block is judged, or nothing."""
    match block.language, block.title:
        case ("sh", None):
            return "shell"
        case (_, "output"):
            return "output"
        case (language, str()) if language in FILES:
            return "file"
        case (language, None) if language in PROGRAMS:
            return "excerpt"
        case ("toml", None):
            return "configuration"
        case (_, None) if block.text in sound_files().values():
            return "sound"  # test_rules.py checks those
        case ("yaml" | "json" | "text", None):
            beginning = block.text.lstrip('{\n "')
            special = (SILENCING, PRE_COMMIT, WORKFLOW, EDITOR, QUERY)
            return next((each for each in special if beginning.startswith(each)), None)
    return None


def of_kind(wanted):
    return [block for block in blocks() if kind(block) == wanted]


def test_every_block_says_its_language_and_is_judged_by_a_test():
    assert [f"{block}: {block.info or 'no language'}" for block in blocks() if kind(block) is None] == []


@pytest.mark.parametrize("block", of_kind("configuration"), ids=str)
def test_a_configuration_that_is_shown_is_one(block, tmp_path):
    (tmp_path / "pyproject.toml").write_text(block.text)
    assert find_project(start=tmp_path).configuration.silenced


@pytest.mark.parametrize("block", of_kind("excerpt"), ids=str)
def test_a_program_that_is_shown_is_part_of_a_file_that_tests_run(block):
    text = (ROOT / block.page).read_text("utf-8")
    named = set(re.findall(r"examples/[\w/.-]+\.(?:py|js)\b", text.replace("\\_", "_")))
    found = [name for name in sorted(named) if is_excerpt(block.text, ROOT / name)]
    assert found, f"{block} is not part of {sorted(named)}"
    assert found[0] in RUN_BY or (ROOT / found[0]).parent == ROOT / "examples"


@pytest.mark.parametrize("block", [each for each in of_kind("excerpt") if each.language == "python"], ids=str)
def test_a_part_of_a_program_ends_where_its_statements_end(block):
    assert ast.parse(textwrap.dedent(block.text)).body


def test_what_runs_the_files_of_excerpts_says_so():
    for name, (runner, words) in RUN_BY.items():
        assert (ROOT / name).is_file()
        assert words in (ROOT / runner).read_text("utf-8")


@pytest.mark.parametrize(
    "words", [["check", "--ignore", "ANN,D"], ["format", "--check"]], ids=lambda words: words[0]
)
def test_programs_that_are_shown_are_in_the_style_of_the_examples(tmp_path, words):
    for number, block in enumerate(block for block in of_kind("file") if block.language == "python"):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / block.title).write_text(block.text, "utf-8")
    ruff = [Path(sys.executable).parent / "ruff", *words, "--no-cache", "--config", ROOT / "pyproject.toml"]
    ours = ["--config", "lint.isort.known-first-party=['device_provisioning']"]
    done = subprocess.run([*ruff, *ours, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def is_used(block):
    """Whether what follows a file on its page uses it: by its name, or as what cdk and pulumi look for."""
    page = next(page for page in pages() if page.name == block.page)
    later = [each for each in page.blocks if each.line > block.line]
    typed = "\n".join(each.text for each in later if kind(each) == "shell")
    used = {"cdk.json": "cdk ", "Pulumi.yaml": "pulumi ", "__main__.py": "pulumi "}
    name = used.get(block.title, block.title.removesuffix(".py"))
    return name in typed or any(block.title in each.text for each in later if kind(each) == "file")


@pytest.mark.parametrize("block", of_kind("file"), ids=str)
def test_a_file_that_is_shown_is_used_by_what_follows(block):
    assert is_used(block)


def test_no_command_is_left_out_but_those_that_are_shown_and_have_a_reason():
    shown = {
        (page.name, c.text) for page in pages() for b in page.blocks if kind(b) == "shell" for c in b.commands
    }
    assert shown >= {(name, text) for name, reasons in NOT_RUN.items() for text in reasons}
    for reasons in NOT_RUN.values():
        for reason in reasons.values():
            (runner,) = re.findall(r"test_\w+\.py", reason)
            assert (ROOT / "tests" / runner).is_file()


def test_the_readme_begins_with_the_quickstart():
    first = of_kind("excerpt")[0]
    assert first.page == "README.md"
    assert first.text == (ROOT / "examples/quickstart.py").read_text("utf-8")


@pytest.mark.parametrize("block", of_kind("file"), ids=str)
def test_a_file_that_is_shown_is_well_formed(block):
    match block.language:
        case "json" if block.title.endswith(".jsonl"):
            assert all(json.loads(line) for line in block.text.splitlines())
        case "json":
            assert json.loads(block.text)
        case "yaml":
            assert yaml.safe_load(block.text)
        case "python":
            compile(block.text, block.title, "exec")
        case "csv":
            assert len({line.count(",") for line in block.text.splitlines()}) == 1


def test_metadata_silences_the_rule_that_it_names():
    properties = {
        "Enabled": True,
        "ProvisioningRoleArn": "arn:aws:iam::111122223333:role/provisioning",
        "TemplateBody": (ROOT / "tests/templates/fleet/DP019-breaks-fail.json").read_text(),
    }
    resource = {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": properties}
    template = {"Resources": {"Template": resource}}
    codes = {finding.code for finding in check_cloudformation_template(template)}
    for block in of_kind(SILENCING):
        metadata = yaml.safe_load(block.text)["Metadata"]
        (silenced,) = metadata["device-provisioning"]["silenced"]
        assert silenced in codes
        there = {"Resources": {"Template": {**resource, "Metadata": metadata}}}
        assert silenced not in {finding.code for finding in check_cloudformation_template(there)}
    assert len(of_kind(SILENCING)) == 2


def test_the_configuration_of_pre_commit_is_valid_and_names_a_hook_that_exists(tmp_path):
    (block,) = of_kind(PRE_COMMIT)
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text(block.text)
    subprocess.run([Path(sys.executable).parent / "pre-commit", "validate-config", file], check=True)
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    (repository,) = yaml.safe_load(block.text)["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= known


def test_the_steps_of_code_scanning_are_those_of_the_example():
    (block,) = of_kind(WORKFLOW)
    example = yaml.safe_load((ROOT / "examples/workflows/provisioning-templates.yml").read_text())
    steps = example["jobs"]["lint"]["steps"]
    for shown in yaml.safe_load(block.text):
        assert [step for step in steps if shown.items() <= step.items()]


def test_the_editor_is_told_the_schema_that_the_command_writes():
    (block,) = of_kind(EDITOR)
    (mapped,) = json.loads(block.text)["json.schemas"]
    assert f"schema fleet > {Path(mapped['url']).name}" in (ROOT / block.page).read_text("utf-8")


def test_the_query_of_the_log_names_what_the_hook_writes():
    (block,) = of_kind(QUERY)
    line = json.loads(decision_line({}, "A-0001", Decision(False, "not listed"), "DeviceProvisioning"))
    fields = re.search(r"fields @timestamp, (.*)", block.text).group(1).split(", ")
    assert set(fields) <= line.keys()
    assert line["decision"] == re.search(r'decision = "(\w+)"', block.text).group(1)


INSTALLING = [
    pytest.param(command.text, id=f"{block.page}-{number}")
    for block in of_kind("shell")
    for number, command in enumerate(block.commands)
    if command.text.startswith("pip install")
]


@pytest.mark.parametrize("command", INSTALLING)
def test_what_is_installed_is_an_extra_or_a_requirement_of_this_package(command):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    required = [*extras.values(), groups["workshop"]]
    requirements = {re.match(r"[\w-]+", text)[0] for texts in required for text in texts}
    for word in shlex.split(command, comments=True)[2:]:
        name, wanted = re.fullmatch(r"(?:dist/)?([\w-]+)[^\[]*(?:\[([\w,-]+)\])?", word).groups()
        if name == "acme_provisioning-1":
            project_of_example = tomllib.loads((ROOT / "examples/platform/pyproject.toml").read_text())
            known = project_of_example["project"]["optional-dependencies"]
        else:
            assert name in {"device-provisioning", *requirements}
            known = extras
        assert set((wanted or "").split(",")) - {""} <= known.keys()


MAKEFILES = {
    "docs/guides/new-project.md": "constructs/device_provisioning/project/template/common/Makefile.jinja"
}


def test_what_make_is_given_is_a_target_or_a_variable_of_the_makefile():
    for block in of_kind("shell"):
        makefile = (ROOT / MAKEFILES.get(block.page, "Makefile")).read_text()
        for command in block.commands:
            words = shlex.split(command.text, comments=True)
            for word in words[1:] if words[0] == "make" else ():
                wanted = rf"^{word.split('=')[0]} \?=" if "=" in word else f"^{word}:"
                assert re.search(wanted, makefile, re.MULTILINE), f"{block}: {word}"


def test_what_a_sentence_tells_the_ready_stacks_is_what_they_look_for():
    app_text = (ROOT / "stacks/app.py").read_text()
    programs = [yaml.safe_load(file.read_text()) for file in (ROOT / "stacks/pulumi").rglob("Pulumi.yaml")]
    settings = {name for program in programs for name in program["config"]}
    reported = [code for page in pages() for code in page.codes]
    for name in {found for code in reported for found in re.findall(r"--context (\w+)=", code)}:
        assert f'try_get_context("{name}")' in app_text
    for name in {found for code in reported for found in re.findall(r"pulumi config set (\w+) ", code)}:
        assert name in settings


def options_of(command):
    return {option for each in command.params for option in (*each.opts, *each.secondary_opts)}


def test_every_command_inside_a_sentence_has_verbs_and_options_that_exist():
    reported = 0
    for page in pages():
        for code in page.codes:
            if not code.startswith("device-provisioning "):
                continue
            command = get_command(app)
            for word in shlex.split(code)[1:]:
                if not word.startswith("-") and hasattr(command, "commands"):
                    assert word in command.commands, f"{page.name}: {code}"
                    command = command.commands[word]
                elif word.startswith("--"):
                    assert word.split("=")[0] in options_of(command), f"{page.name}: {code}"
            reported += 1
    assert reported > 10


def test_every_link_leads_to_a_file_of_the_repository():
    broken = [
        f"{page.name}: {link}"
        for page in pages()
        for link in page.links
        if not re.match(r"https?://|#", link) and not (page.path.parent / link.partition("#")[0]).exists()
    ]
    assert broken == []
