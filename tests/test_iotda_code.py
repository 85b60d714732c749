"""What is shipped to Lambda for IoTDA: our client and the vendor's SDK, without anything compiled."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import pytest

from device_provisioning.cdk import iotda_code

COMPILED = {".so", ".pyd", ".dylib", ".pyc"}
PROGRAM = """
import device_provisioning.lambdas.iotda_resources.handler as function
from device_provisioning.iotda.client import AccessKey, Connection, IotdaClient, NoAnswerError

connection = Connection(project_id="p", region="cn-north-4", endpoint="http://127.0.0.1:1", retries=0)
with IotdaClient(connection, AccessKey("ak", "sk")) as client:
    try:
        client.templates.find("pumps")
    except NoAnswerError:
        print(function.__file__)
"""


@pytest.fixture(scope="module")
def asset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asset")
    iotda_code.write_iotda_code(folder)
    return folder


def test_the_asset_works_in_a_bare_interpreter_that_has_nothing_but_boto3(asset, tmp_path):
    for name in ("boto3", "botocore", "dateutil", "jmespath", "s3transfer"):
        (tmp_path / name).symlink_to(Path(find_spec(name).origin).parent)
    program = f"import sys; sys.path += [{str(asset)!r}, {str(tmp_path)!r}]\n{PROGRAM}"
    command = [sys.executable, "-I", "-S", "-B", "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(asset))


def test_the_asset_holds_nothing_that_is_compiled_or_of_this_machine(asset):
    files = [file for file in asset.rglob("*") if file.is_file()]
    assert not [file for file in files if file.suffix in COMPILED]
    assert not [file for file in files if file.name in ("RECORD", "direct_url.json")]
    assert not [file for file in files if "pydantic" in file.parts]
    assert sum(file.stat().st_size for file in files) < 50_000_000


def test_the_asset_holds_the_installed_version_of_the_sdk_with_its_licence(asset):
    info = asset / f"huaweicloudsdkiotda-{version('huaweicloudsdkiotda')}.dist-info"
    assert "Apache" in (info / "METADATA").read_text("utf-8")


def test_the_asset_is_the_same_each_time(asset, tmp_path):
    iotda_code.write_iotda_code(tmp_path)
    assert contents(tmp_path) == contents(asset)


def contents(folder):
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_without_the_sdk_it_is_told_what_to_install(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(iotda_code, "distribution", missing)
    with pytest.raises(ImportError, match=r"huaweicloudsdkiotda is missing.*pip install .*\[iotda\]"):
        iotda_code.iotda_code()
