"""Pulumi's own engine, deploying programs to the emulator.

The Automation API serves the program from this process, so that no language host is needed. Providers are
those of the folder ``pulumi_plugins``: the AWS provider is this project's stand-in.
"""

import os
import runpy
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from device_provisioning.verification.processes import last_lines

from .demo.claim import CERTIFICATE_SOURCES, CLAIM_CLIENT_IDS
from .emulator import REGION, Emulator
from .problem import LocalProblem
from .processes import CommandFailed
from .toolchain import tool_environment

if TYPE_CHECKING:
    from pulumi.automation import PulumiCommand, Stack

    from .demo.progress import Progress

PLUGINS = Path(__file__).parent / "pulumi_plugins"
FLEET = Path("stacks/pulumi")
SETTINGS = {
    "disposable": "true",
    "claimClientIdPatterns": ",".join(CLAIM_CLIENT_IDS),
    "certificateSources": ",".join(CERTIFICATE_SOURCES),
}
OUTPUTS = ("TemplateName", "ClaimCertificateSecretArn", "DeviceAllowListTableName")
QUIET = {
    "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK": "true",
    "PULUMI_CONFIG_PASSPHRASE": "emulator",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    # The state is written once, at the end of an operation: after each step it takes most of a deployment.
    "PULUMI_EXPERIMENTAL": "true",
    "PULUMI_SKIP_CHECKPOINTS": "true",
}


def engine_problem() -> str | None:
    """Why programs can't be deployed here; nothing if they can."""
    if shutil.which("pulumi", path=tool_environment()["PATH"]) is None:
        return "there is no pulumi on the PATH: install it, or let make engine build it"
    return None


def require_engine() -> None:
    """Make sure that the engine can run here.

    Raises:
        LocalProblem: If there is none, or no program to deploy in this folder.
    """
    if problem := engine_problem():
        raise LocalProblem(problem)
    if not (FLEET / "Pulumi.yaml").is_file():
        raise LocalProblem(f"there is no {FLEET} in {Path.cwd()}: change to the root of the repository")


def pulumi_environment(emulator: Emulator, folder: Path) -> dict[str, str]:
    """The variables with which the engine and its providers run against the emulator.

    Args:
        emulator: The emulator.
        folder: Where state and everything else of Pulumi is kept.
    """
    return {
        **emulator.environment(),
        **QUIET,
        "PATH": os.pathsep.join([str(PLUGINS), tool_environment()["PATH"]]),
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_HOME": str(folder / "home"),
        "TMPDIR": str(folder),
    }


def stack_of(
    project: Path,
    emulator: Emulator,
    folder: Path,
    *,
    program: Callable[[], None] | None = None,
    settings: Mapping[str, str] | None = None,
) -> "Stack":
    """A stack on the emulator, with Pulumi's own engine.

    Args:
        project: A folder with ``Pulumi.yaml``.
        emulator: The emulator.
        folder: Where the state is kept, and a copy of the project with the stack's configuration.
        program: The program; by default ``__main__.py`` of the project.
        settings: Configuration of the stack; the defaults of the project by default.
    """
    from pulumi import automation

    copy = shutil.copytree(project, folder / "project", dirs_exist_ok=True)
    options = automation.LocalWorkspaceOptions(
        work_dir=str(copy),
        env_vars=pulumi_environment(emulator, folder),
        pulumi_command=_command(folder),
    )
    stack = automation.create_or_select_stack(
        "local", project_name=_project_name(project), program=program or _program_of(copy), opts=options
    )
    values = {"aws:region": REGION, **(settings or {})}
    stack.set_all_config({name: automation.ConfigValue(value) for name, value in values.items()})
    return stack


@contextmanager
def deployed_by_pulumi(emulator: Emulator, progress: "Progress") -> Iterator[Mapping[str, str]]:
    """Deploy, hand out the stack's outputs, and destroy if all went well.

    Raises:
        CommandFailed: If one of the commands fails.
    """
    with tempfile.TemporaryDirectory(prefix="pulumi-", ignore_cleanup_errors=True) as name:
        stack = stack_of(FLEET, emulator, Path(name), settings=SETTINGS)
        with progress.step("pulumi up") as step, _reported("pulumi up"):
            outputs = stack.up().outputs
            step.result = FLEET.as_posix()
        yield {output: outputs[output].value for output in OUTPUTS}
        with progress.step("pulumi destroy"), _reported("pulumi destroy"):
            stack.destroy()


@contextmanager
def _reported(command: str) -> Iterator[None]:
    from pulumi.automation import CommandError

    try:
        yield
    except CommandError as error:
        raise CommandFailed(f"{command} failed:\n{last_lines(str(error))}") from None


def _program_of(folder: Path) -> Callable[[], None]:
    """The program of a folder, as the language host would run it."""

    def program() -> None:
        runpy.run_path(str(folder / "__main__.py"), run_name="__main__")

    return program


def _command(folder: Path) -> "PulumiCommand":
    """The engine, which the Automation API wants in a folder ``bin``, wherever it is."""
    from pulumi.automation import PulumiCommand

    engine = shutil.which("pulumi", path=tool_environment()["PATH"])
    assert engine  # noqa: S101  # require_engine has made sure
    link = folder / "bin" / "pulumi"
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(Path(engine).absolute())
    return PulumiCommand(str(folder), skip_version_check=True)


def _project_name(project: Path) -> str:
    import yaml

    return str(yaml.safe_load((project / "Pulumi.yaml").read_text())["name"])
