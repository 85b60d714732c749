"""What functions are shipped with: what they need, and nothing else."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from device_provisioning.fleet.function_code import FOLDER, function_files
from device_provisioning.fleet.functions import CARETAKER, PRE_PROVISIONING_HOOK

LAMBDAS = "device_provisioning/lambdas"
HANDLERS = [
    ".".join(file.relative_to(FOLDER).with_suffix("").parts) + ".handler"
    for file in sorted((FOLDER / LAMBDAS).glob("*/*.py"))
    # The resources of IoTDA are shipped with an SDK: test_iotda_code.py.
    if re.search("^def handler", file.read_text(), re.MULTILINE) and file.parent.name != "iotda_resources"
]


@pytest.fixture(scope="module")
def bare_folder(tmp_path_factory):
    """What boto3 needs, and nothing else of this environment."""
    folder = tmp_path_factory.mktemp("bare")
    for name in ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"):
        origin = Path(find_spec(name).origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (folder / source.name).symlink_to(source)
    return folder


def run_as_shipped(handler, folder, bare_folder, program):
    """Run a program with the files of a function, in an interpreter that has nothing else but boto3."""
    for file in function_files(handler):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FOLDER / file, folder / file)
    program = f"import sys; sys.path[:0] = [{str(folder)!r}, {str(bare_folder)!r}]\n{program}"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
    )


SHIPPED_WITH_FUNCTIONS = {"attestation", "openssl", "records"}


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_function_runs_with_its_own_files_the_standard_library_and_boto3(handler, tmp_path, bare_folder):
    module = handler.rpartition(".")[0]
    result = run_as_shipped(handler, tmp_path, bare_folder, f"from {module} import handler")
    assert result.returncode == 0, result.stderr


def test_the_hook_answers_as_it_is_shipped(tmp_path, bare_folder):
    program = (
        f"from {PRE_PROVISIONING_HOOK.handler.rpartition('.')[0]} import handler\n"
        "assert handler({}) == {'allowProvisioning': False, 'parameterOverrides': {}}\n"
    )
    result = run_as_shipped(PRE_PROVISIONING_HOOK.handler, tmp_path, bare_folder, program)
    assert result.returncode == 0, result.stderr
    assert "ALLOW_LIST_TABLE_NAME is not set" in result.stdout


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_function_is_shipped_with_no_code_of_others(handler):
    folders = {Path(file).parent.name for file in function_files(handler)}
    own = handler.split(".")[2]
    assert folders <= {"device_provisioning", "lambdas", own, *SHIPPED_WITH_FUNCTIONS}


def test_a_fix_of_a_custom_resource_changes_no_function_in_the_path_of_a_device():
    modules = [file for file in function_files(CARETAKER.handler) if "custom_resources" in file]
    for module in ("listed_devices", "panorama_device"):
        path = f"{LAMBDAS}/custom_resources/{module}.py"
        assert path in modules
        assert [h for h in HANDLERS if path in function_files(h)] == [CARETAKER.handler]


def test_a_release_changes_no_function():
    for handler in HANDLERS:
        assert "device_provisioning/version.py" not in function_files(handler)
        for file in function_files(handler):
            assert "__version__" not in (FOLDER / file).read_text()
