"""What is released: the wheel and the source distribution, alone and with each extra, installed for real.

Each environment has what the wheel asks for, in the versions of ``requirements.lock``, and nothing else.
"""

import subprocess
import tarfile
import zipfile

import pytest

from device_provisioning.version import __version__
from tests.support.released import PYTHONS, ROOT, TOOLS, done, environment_with, run, wheel_in
from tests.support.template_files import FOLDER

SOUND = str(FOLDER / "fleet" / "valid-smallest.json")
READ = {"css", "csv", "html", "jinja", "js", "json", "typed", "yaml", "yml"}
"""Endings of files beside the code: the picture, what ``init`` writes, examples of rules, marks."""
MOST_BYTES = 1_000_000
COMPILED = ("awscrt", "cryptography", "debugpy", "grpcio", "pyarrow", "pydantic-core", "pyyaml", "regex")
AWS = "this needs botocore: pip install 'device-provisioning[aws]'\n"
pytestmark = [pytest.mark.distribution, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """Make an environment with the wheel and some extras; gives the folder of its commands."""

    def install(extras=""):
        folder = tmp_path_factory.mktemp(f"with{extras.strip('[]')}-")
        return environment_with(folder, f"{wheel_in(built)}{extras}")

    return install


def test_both_pass_their_checker(built):
    done(TOOLS / "twine", "check", "--strict", *built.glob("device_provisioning-*"))


def test_the_version_is_the_one_of_the_package(built):
    assert wheel_in(built).name.split("-")[1] == __version__


def test_the_wheel_holds_the_package_and_nothing_else(built):
    names = {name.split("/")[0] for name in zipfile.ZipFile(wheel_in(built)).namelist()}
    assert names == {
        "device_provisioning",
        f"device_provisioning-{__version__}.dist-info",
    }


def test_the_wheel_is_small_and_holds_code_and_what_code_reads(built):
    packed = zipfile.ZipFile(wheel_in(built)).namelist()
    assert wheel_in(built).stat().st_size < MOST_BYTES
    kinds = {name.rpartition(".")[2] for name in packed if name.startswith("device_provisioning/")}
    assert kinds == READ | {"py"}
    assert "device_provisioning/py.typed" in packed


def test_the_source_distribution_holds_every_file_of_the_package(built):
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        packed = {name.partition("/")[2] for name in source.getnames()}
    tracked = done("git", "-C", ROOT, "ls-files", "constructs").splitlines()
    assert set(tracked) <= packed


def test_the_wheel_alone_checks_and_tries_templates_without_an_engine(installed, tmp_path):
    tools = installed()
    command = tools / "device-provisioning"
    assert done(command, "--version") == f"{__version__}\n"
    done(command, "lint", SOUND)
    done(command, "schema", "fleet")
    done(command, "explain", SOUND, "--html", tmp_path / "page.html")
    assert "provisioned" in done(command, "simulate", SOUND, "--device", "SerialNumber=A-1")
    loaded = done(tools / "python", "-c", "import device_provisioning, sys; print(*sys.modules)").split()
    assert not {"aws_cdk", "boto3", "pulumi", "typer"} & set(loaded)
    for verb, needed in (
        (["bulk", "status", "task"], AWS),
        (["ca", "create"], AWS.replace("botocore", "cryptography")),
        (["claim", "sensors", "--out", "claim"], AWS),
        (["devices", "export", "--table", "devices"], AWS),
        (
            ["init", "sensors", "--engine", "cdk"],
            AWS.replace("botocore", "copier").replace("aws", "init"),
        ),
        (["greengrass", "config", "Edge", "--core", "core-1", "--out", "config.yaml"], AWS),
        (["panorama", "archive", "Cameras", "--out", "usb"], AWS),
        (["template", "status", "sensors"], AWS),
    ):
        ran = run(command, *verb, cwd=tools)
        assert (ran.returncode, ran.stderr) == (2, needed)
    ran = run(tools / "pulumi-resource-device-provisioning", "127.0.0.1:1")
    assert (ran.returncode, ran.stderr) == (2, AWS.replace("botocore", "pulumi").replace("aws", "pulumi"))


def test_the_extra_cdk_alone_synthesises(installed, tmp_path):
    tools = installed("[cdk]")
    done(tools / "python", ROOT / "examples" / "quickstart.py", env={"CDK_OUTDIR": str(tmp_path)})
    assert (tmp_path / "Sensors.template.json").is_file()


def test_the_extra_pulumi_alone_serves_every_component(installed):
    tools = installed("[pulumi]")
    names = done(tools / "python", "-c", "from device_provisioning.pulumi import *; print(len(dir()))")
    assert int(names) > 40
    serving = subprocess.Popen(
        [tools / "pulumi-resource-device-provisioning", "127.0.0.1:1"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert serving.stdout.readline().strip().isdigit()
    finally:
        serving.kill()
        serving.communicate()


def test_the_extra_cfn_lint_alone_finds_what_lint_finds(installed):
    tools = installed("[cfn-lint]")
    file = FOLDER / "stack" / "DP035-breaks-other-version.json"
    found = run(tools / "cfn-lint", "-a", "device_provisioning.cfn_lint", "-t", file)
    assert "E9035" in found.stdout


def test_the_extra_aws_alone_makes_a_ca_and_asks_aws(installed, tmp_path):
    tools = installed("[aws]")
    done(tools / "device-provisioning", "ca", "create", cwd=tmp_path)
    asked = run(tools / "device-provisioning", "template", "status", "sensors", env={"HOME": str(tmp_path)})
    assert "no AWS Region is chosen: give --region" in asked.stderr


def test_the_extra_iotda_alone_has_the_client(installed):
    tools = installed("[iotda]")
    block = "from device_provisioning.iotda.client import IotdaClient; print(IotdaClient.__name__)"
    assert done(tools / "python", "-c", block)


USES_THE_PACKAGE = """
from aws_cdk import App, Stack

from device_provisioning.aws_iot import ref
from device_provisioning.cdk import FleetProvisioning, ListedDevice

stack = Stack(App(), "Sensors")
fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", attributes={"site": ref("S")})
fleet.device_allow_list.add_devices([ListedDevice(serial_number="A-0001")])
arn: str = fleet.template.template_arn
"""
TYPE_CHECKERS = (("mypy", "--strict", "--python-executable"), ("pyright", "--pythonpath"))


def test_a_project_that_uses_the_package_is_checked_by_its_types(installed, tmp_path, subtests):
    python = installed("[cdk]") / "python"
    program = tmp_path / "program.py"
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    wrong = USES_THE_PACKAGE.replace('="sensor-"', "=7").replace("arn: str", "arn: int")
    for checker, *options in TYPE_CHECKERS:
        with subtests.test(checker):
            check = [TOOLS / checker, *options, python, program]
            program.write_text(USES_THE_PACKAGE)
            done(*check, cwd=tmp_path)
            program.write_text(wrong)
            assert run(*check, cwd=tmp_path).stdout.count("error:") == 2


@pytest.mark.parametrize("version", PYTHONS)
def test_all_that_is_compiled_has_wheels_for_every_python(version):
    options = ["--all-extras", "--quiet", "--no-header", "--no-annotate", "--python-version", version]
    wheels = [part for name in COMPILED for part in ("--only-binary", name)]
    resolved = done(TOOLS / "uv", "pip", "compile", "pyproject.toml", *options, *wheels, cwd=ROOT)
    assert {line.partition("==")[0] for line in resolved.splitlines()} >= set(COMPILED)
