"""A fleet that Pulumi deploys."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from ..console.aws_place import variables
from ..console.sources import UnreadableError
from .aws import Aws
from .leftovers import Left
from .naming import Names
from .processes import run, tool
from .pulumi_program import FILE
from .waiting import first

STATE = "state"
"""The folder of the state: as long as it is there, something is deployed."""
SECONDS_TO_STOP = 300
"""How long Pulumi may take to end what it has begun, and to note it in the state."""
SECONDS_TO_DETACH = 300
"""How long AWS IoT may refuse to delete a policy after it was detached.

https://docs.aws.amazon.com/iot/latest/apireference/API_DeletePolicy.html
"""
BUSY = "DeleteConflictException"


class PulumiEngine:
    """Deploy and destroy with the user's own ``pulumi``, with a state in a folder of the run.

    Args:
        aws: The clients.
        names: The names of the run.
        folder: Where tools write to.

    Raises:
        UnreadableError: If Pulumi or its AWS provider is not installed.
    """

    def __init__(self, aws: Aws, names: Names, folder: Path) -> None:
        self._names, self._state = names, folder / STATE
        self._region = aws.sts.region
        self._pulumi = Path(tool("pulumi") or _missing())
        if find_spec("pulumi_aws") is None:
            raise UnreadableError("there is no pulumi_aws: pip install 'device-provisioning[pulumi,verify]'")

    @property
    def makes(self) -> Sequence[str]:
        """What it makes to deploy it, in words."""
        return (f"a Pulumi stack, whose state is in {self._state} and nowhere else",)

    @property
    def commands(self) -> tuple[str, ...]:
        """What removes everything by hand."""
        python, pulumi, state, run = (
            shlex.quote(str(path))
            for path in (Path(sys.executable).parent, self._pulumi, self._state, self._state.parent)
        )
        settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in self._settings.items())
        destroy = f"{pulumi} destroy --yes --cwd {state} --stack {self._names.fleet}"
        return (f'PATH={python}:"$PATH" {settings} {destroy} && rm -r {run}',)

    def deploy(self) -> Mapping[str, str]:
        """Deploy; the outputs.

        Raises:
            UnreadableError: If that fails.
        """
        self._state.mkdir()
        self._run("up")
        values: Mapping[str, str] = json.loads((self._state / FILE).read_text("utf-8"))
        return values

    def destroy(self) -> Iterator[Left]:
        """Remove everything that was deployed; gives what could not be removed."""
        if not self._state.exists():
            return
        try:
            if not first(self._is_destroyed, SECONDS_TO_DETACH):
                self._run("destroy")
        except UnreadableError as error:
            yield Left(f"Pulumi stack {self._names.fleet}", str(error), self.commands[0])
        else:
            shutil.rmtree(self._state)

    def _is_destroyed(self) -> bool | None:
        """Destroy; nothing if something of AWS IoT is in the way, which may not be detached yet."""
        try:
            self._run("destroy")
        except UnreadableError as error:
            if BUSY in str(error):
                return None
            raise
        return True

    def _run(self, verb: str) -> None:
        program = f"{__package__}.pulumi_program"
        command = [sys.executable, "-m", program, verb, self._names.fleet, self._region]
        # Pulumi runs the dynamic providers in the first Python of the PATH.
        folders = [str(Path(sys.executable).parent), str(self._pulumi.parent), os.environ.get("PATH", "")]
        environment = {
            **variables(),
            **self._settings,
            "PATH": os.pathsep.join(folders),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        name = f"pulumi {verb}"
        run(command, environment, self._state, name=name, seconds_to_stop=SECONDS_TO_STOP)

    @property
    def _settings(self) -> Mapping[str, str]:
        """Where the state is; there are no secrets in it."""
        return {"PULUMI_BACKEND_URL": f"file://{self._state}", "PULUMI_CONFIG_PASSPHRASE": ""}


def _missing() -> str:
    raise UnreadableError("there is no pulumi: install it, https://www.pulumi.com/docs/install/ says how")
