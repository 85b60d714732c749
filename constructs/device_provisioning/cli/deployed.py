"""What is deployed: outputs of stacks, secrets, and files that only their owner may read."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Output = TypeVar("Output", bound=BaseModel)


class DeployedError(ValueError):
    """Something that is deployed could not be read or fetched; the message says what to do."""


def client(service: str) -> Any:
    """A client with the credentials and the Region that AWS's own tools would use.

    Raises:
        DeployedError: If no Region is chosen.
    """
    import boto3

    with told():
        # The stubs know only services that are named in code.
        make: Callable[[str], Any] = boto3.Session().client  # type: ignore[assignment]
        return make(service)


@contextmanager
def told() -> Iterator[None]:
    """Tell what AWS answers in one line, without the text of its message where that may hold a value.

    Raises:
        DeployedError: If AWS refuses or can't be reached.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        detail = error.response["Error"]
        raise DeployedError(f"{error.operation_name} failed: {detail['Code']}: {detail['Message']}") from None
    except BotoCoreError as error:
        raise DeployedError(str(error)) from None


def outputs_of_stack(stack: str, kind: type[Output]) -> Sequence[Output]:
    """The outputs of a stack that are of a kind.

    Args:
        stack: The name of a CloudFormation stack, or a file of ``pulumi stack output --json``.
        kind: What is looked for.

    Raises:
        DeployedError: If the stack or the file can't be read, or has no such output.
    """
    values = _exported(Path(stack)) if Path(stack).is_file() else _outputs(stack)
    found = list(_of_kind(values, kind))
    if not found:
        raise DeployedError(f"{stack} has no output of the kind {kind.__name__}: deploy it again")
    return found


def secret_of(secret_id: str) -> str:
    """What a secret holds.

    Raises:
        DeployedError: If it can't be read.
    """
    secrets = client("secretsmanager")
    with told():
        return str(secrets.get_secret_value(SecretId=secret_id)["SecretString"])


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read: whole or not at all.

    Raises:
        DeployedError: If it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError as error:
        raise DeployedError(f"{path} can't be written: {error.strerror or error}") from None


def _outputs(stack_name: str) -> list[Any]:
    cloudformation = client("cloudformation")
    with told():
        (stack,) = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    return [output["OutputValue"] for output in stack.get("Outputs", [])]


def _exported(file: Path) -> list[Any]:
    try:
        exported = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        exported = None
    if not isinstance(exported, dict):
        raise DeployedError(f"{file} is no JSON object: write it by pulumi stack output --json")
    return list(exported.values())


def _of_kind(values: Sequence[Any], kind: type[Output]) -> Iterator[Output]:
    for value in values:
        # JSON as text is what both engines export; Pulumi's command may show it as what it is.
        with suppress(ValueError, ValidationError):
            yield kind.model_validate(json.loads(value) if isinstance(value, str) else value)
