"""A page of the documentation, gone through in a shell as a reader would."""

import os
import shlex
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.documented_pages import ROOT

SECONDS = 300
NOT_TYPED = ("pip install", "make ")
"""What ``test_documentation_blocks.py`` judges instead: the one installs, the other has tests of its own."""
NOT_RUN = {
    "SECURITY.md": dict.fromkeys(
        (
            "sha256sum --check SHA256SUMS",
            "gh attestation verify device_provisioning-0.1.0-py3-none-any.whl --repo OWNER/REPOSITORY",
        ),
        "needs a release: test_distribution_quickstart.py checks one, which nobody has attested",
    ),
    "docs/guides/adopting-a-template.md": {
        "cd adopted-on-cdk && cdk import --resource-mapping mapping.json && cdk diff": (
            "the emulator imports neither templates nor permissions: test_adopt_on_cdk.py imports the rest"
        ),
    },
    "docs/guides/devices-that-prove-themselves.md": {
        **dict.fromkeys(
            (
                "device-provisioning devices derive-key --file devices.csv --batch line-4"
                " --key alias/line-4 --out keys",
                "device-provisioning devices sign --serial-number A-0001 --csr A-0001.csr"
                " --batch line-4 --key maker.key --out A-0001.proof",
                "device-provisioning devices verify A-0001.proof --serial-number A-0001"
                " --csr A-0001.csr --manufacturer-key maker.pub",
            ),
            "needs keys of a factory: test_cli_devices_factory.py derives, signs and verifies",
        ),
        **dict.fromkeys(
            (
                "device-provisioning devices batch open line-4 --table ALLOW_LIST --quota"
                " 500 --until 2027-01-31",
                "device-provisioning devices batch close line-4 --table ALLOW_LIST",
            ),
            "needs a deployment: test_cli_devices_batch.py opens and closes",
        ),
    },
    "docs/guides/company-package.md": {
        "uv build examples/platform --out-dir dist       # or: python -m build": (
            "takes what it builds with from a registry: test_distribution_platform.py builds it"
        ),
    },
    "docs/guides/verifying-in-your-account.md": {
        "device-provisioning verify --report report.md": (
            "asks, and has to be given the emulator's port for devices: test_verify.py runs it"
        ),
    },
    "docs/guides/new-project.md": {
        "cd sensors && make   # lint and tests, by uv": (
            "takes packages from a registry: test_distribution_init.py runs it"
        ),
        **dict.fromkeys(
            (
                'python3 factory.py claim line --secret "$SECRET_ARN"',
                'device-provisioning devices import line/devices.csv --table "$TABLE"',
                "python3 device.py sensors A-0001 --claim line --folder line/A-0001",
            ),
            "needs a deployment, which make makes: test_init_devices.py runs both programs",
        ),
    },
}
"""Commands that can't be run here, each with the reason and who runs it instead."""
CLONED = ("cdk.json", "examples", "stacks")


@dataclass(frozen=True)
class Step:
    """Something that is typed, and the exit status that it ends with."""

    block: object
    typed: str
    status: int = 0


class Shell:
    """A page's steps in bash, in a folder of its own: the first that ends otherwise is the last.

    Args:
        folder: Where to.
        environment: The variables.
    """

    def __init__(self, folder, environment):
        self.folder, self.log, self._environment = folder / "page", folder / "log", environment
        self.folder.mkdir()
        self.log.mkdir()

    def clone(self):
        """Put what a clone of the repository has here, as far as pages use it."""
        for name in CLONED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, self.folder / name)

    def go_through(self, steps):
        """Go through steps; raises an AssertionError that shows the first that ends otherwise."""
        script = "\n".join(self._lines(number, step) for number, step in enumerate(steps))
        process = subprocess.Popen(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(SECONDS)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        done = sorted(self.log.glob("*.status"))
        last = steps[len(done) - 1]
        status = int(done[-1].read_text())
        reported = f"{last.block}: {last.typed} ended with {status}\n{self._said(done[-1])}"
        assert (len(done), status) == (len(steps), last.status), reported

    def written(self, number):
        """What a step wrote to standard output."""
        return (self.log / f"{number:03}.out").read_text("utf-8", "replace")

    def _lines(self, number, step):
        log = shlex.quote(str(self.log / f"{number:03}"))
        return (
            f"{{\n{step.typed}\n}} >{log}.out 2>{log}.err\n"
            f'status=$?\necho "$status" >{log}.status\n[ "$status" = {step.status} ] || exit 1'
        )

    @staticmethod
    def _said(status):
        texts = [status.with_suffix(suffix).read_text("utf-8", "replace") for suffix in (".out", ".err")]
        return "\n".join(text[-3000:] for text in texts)


def is_typed(page, command):
    """Whether a command is one that a test types."""
    return not command.text.startswith(NOT_TYPED) and command.text not in NOT_RUN.get(page.name, {})


def steps_of(page):
    """What a reader does with a page: save files, type commands."""
    steps = []
    for block in page.blocks:
        if block.language == "sh":
            steps += [
                Step(block, command.text, command.status)
                for command in block.commands
                if is_typed(page, command)
            ]
        elif block.title and block.title != "output":
            steps.append(Step(block, _saved(block)))
    return steps


def _saved(block):
    end = "END-OF-THE-FILE-OF-A-PAGE"
    return f"cat >{shlex.quote(block.title)} <<'{end}'\n{block.text}{end}"


def outputs_of(page):
    """The blocks that show what the commands before them write, each with the number of steps until then."""
    found, number = [], 0
    for block in page.blocks:
        if block.title == "output":
            found.append((block, number))
        elif block.language == "sh":
            number += sum(is_typed(page, command) for command in block.commands)
        elif block.title:
            number += 1
    return found


def executable(path, text):
    """A command of the test, first on the PATH of its shells."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def shown_in(text, written):
    """Whether what a page shows is in what was written, blanks at the ends of lines aside."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(lines) in "\n".join(line.rstrip() for line in written.splitlines())


def quiet_environment(*folders):
    """The environment of a reader who has nothing of AWS and Pulumi set."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "PULUMI_", "PYTEST_", "CDK_"))
    }
    path = os.pathsep.join([*map(str, folders), os.environ["PATH"]])
    return {**inherited, "PATH": path, "PYTHONWARNINGS": "ignore"}


def home_in(folder: Path):
    """A home of its own, so that no tool finds or keeps anything of the user's."""
    home = folder / "home"
    home.mkdir()
    return {"HOME": str(home), "CDK_HOME": str(home)}
