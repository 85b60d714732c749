"""The AWS CDK's command, deploying this repository's stacks to the emulator."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from .demo.claim import CERTIFICATE_SOURCES, CLAIM_CLIENT_IDS
from .demo.progress import Progress
from .emulator import ACCOUNT, REGION, Emulator
from .problem import LocalProblem
from .processes import run
from .toolchain import require_node, tool_environment

STACK = "FleetProvisioning"
SETTINGS = (
    "disposable=true",
    f"claim_client_id_patterns={','.join(CLAIM_CLIENT_IDS)}",
    f"certificate_sources={','.join(CERTIFICATE_SOURCES)}",
)


def require_cdk() -> None:
    """Make sure that the AWS CDK can run here.

    Raises:
        LocalProblem: If there is no Node that is new enough, or no app to deploy in this folder.
    """
    require_node()
    if not Path("cdk.json").is_file():
        raise LocalProblem(f"there is no cdk.json in {Path.cwd()}: change to the root of the repository")


@contextmanager
def deployed_by_cdk(emulator: Emulator, progress: Progress) -> Iterator[Mapping[str, str]]:
    """Bootstrap and deploy, hand out the stack's outputs, and destroy if all went well.

    Raises:
        CommandFailed: If one of the commands fails.
    """
    with tempfile.TemporaryDirectory(prefix="cdk-") as name:
        folder = Path(name)
        environment = {**tool_environment(), **emulator.environment(), "CDK_HOME": name}

        def cdk(*arguments: str, where: Path | None = None) -> None:
            run(["cdk", *arguments, "--no-notices", "--ci"], environment, where or Path.cwd())

        with progress.step("cdk bootstrap"):
            # Where there is no app, none is synthesised for it.
            cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}", where=folder)
        with progress.step("cdk deploy") as step:
            assembly, outputs = folder / "cdk.out", folder / "outputs.json"
            files = ("--output", str(assembly), "--outputs-file", str(outputs))
            settings = chain.from_iterable(("--context", setting) for setting in SETTINGS)
            cdk("deploy", STACK, *settings, "--require-approval", "never", *files)
            step.result = STACK
        yield json.loads(outputs.read_text())[STACK]
        with progress.step("cdk destroy"):
            cdk("destroy", STACK, "--force", "--app", str(assembly))
