"""A fleet that the AWS CDK's command deploys."""

import json
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..console.aws_place import variables
from ..console.sources import UnreadableError
from .aws import Aws
from .leftovers import Left
from .naming import Names
from .processes import run, tool
from .stack import Bucket, Stack

QUIET = {"CDK_DISABLE_CLI_TELEMETRY": "true", "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}


class CdkEngine:
    """Deploy with ``cdk deploy``, from a bucket of its own, and destroy with CloudFormation.

    Args:
        aws: The clients.
        names: The names of the run.
        folder: Where tools write to.

    Raises:
        UnreadableError: If the command is not installed.
    """

    app = f"{shlex.quote(sys.executable)} -m {__package__}.cdk_app"
    makes: Sequence[str] = ("a CloudFormation stack", "an S3 bucket for what is deployed")

    def __init__(self, aws: Aws, names: Names, folder: Path) -> None:
        self._names, self._folder = names, folder
        self._stack, self._bucket = Stack(aws, names), Bucket(aws, names)
        self._is_begun = self._is_answered = False
        self._command = tool("cdk") or _missing()

    @property
    def commands(self) -> tuple[str, ...]:
        """What removes everything by hand."""
        return (self._stack.command, self._bucket.command)

    def deploy(self) -> Mapping[str, str]:
        """Deploy; the outputs.

        Raises:
            UnreadableError: If that fails.
        """
        try:
            values = self._deployed()
        except UnreadableError:
            self._is_answered = True
            raise
        self._is_answered = True
        return values

    def _deployed(self) -> Mapping[str, str]:
        self._bucket.make()
        self._is_begun = True
        return self._deployed_stack()

    def _deployed_stack(self) -> Mapping[str, str]:
        outputs = self._folder / "outputs.json"
        options = {
            "--app": self.app,
            "--context": f"name={self._names.fleet}",
            "--method": "direct",
            "--output": str(self._folder / "cdk.out"),
            "--outputs-file": str(outputs),
            "--require-approval": "never",
        }
        given = [part for option in options.items() for part in option]
        environment = {**variables(), **QUIET, "CDK_HOME": str(self._folder)}
        command = [self._command, "deploy", self._names.fleet, *given, "--ci", "--no-notices"]
        run(command, environment, self._folder)
        values: Mapping[str, str] = json.loads(outputs.read_text("utf-8"))[self._names.fleet]
        return values

    def destroy(self) -> Iterator[Left]:
        """Remove everything that was deployed; gives what could not be removed."""
        if self._is_begun:
            yield from self._stack.remove(is_answered=self._is_answered)
        yield from self._bucket.remove(is_answered=self._is_answered)


def _missing() -> str:
    raise UnreadableError("there is no cdk: pip install 'device-provisioning[verify]'")
