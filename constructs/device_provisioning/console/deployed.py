"""What is deployed: outputs of stacks, and secrets."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .aws_calls import AwsCalls
from .sources import UnreadableError

Output = TypeVar("Output", bound=BaseModel)


def outputs_of_stack(stack: str, kind: type[Output]) -> Sequence[Output]:
    """The outputs of a stack that are of a kind.

    Args:
        stack: The name of a CloudFormation stack, or a file of ``pulumi stack output --json``.
        kind: What is looked for.

    Raises:
        UnreadableError: If the stack or the file can't be read, or has no such output.
    """
    values = _exported(Path(stack)) if _is_file(stack) else _outputs(stack)
    found: list[Output] = []
    problems: list[str] = []
    for value in map(_document, values):
        try:
            found.append(kind.model_validate(value))
        except ValidationError as error:
            if _resembles(value, kind):
                problems += [_problem(problem) for problem in error.errors(include_input=False)]
    if not found:
        reasons = "".join(f"\n{stack}: {problem}" for problem in problems)
        raise UnreadableError(f"{stack} has no output of the kind {kind.__name__}: deploy it again{reasons}")
    return found


def secret_of(secret_id: str) -> str:
    """What a secret holds.

    Raises:
        UnreadableError: If it can't be read, or is not text.
    """
    calls = AwsCalls(f"the secret {secret_id}", "secretsmanager")
    answer = calls.call("get_secret_value", SecretId=secret_id)
    if "SecretString" not in answer:
        raise UnreadableError(f"the secret {secret_id} is binary: it has to be text")
    return str(answer["SecretString"])


def _outputs(stack_name: str) -> list[Any]:
    calls = AwsCalls(f"the stack {stack_name}", "cloudformation")
    (stack,) = calls.call("describe_stacks", StackName=stack_name)["Stacks"]
    return [output["OutputValue"] for output in stack.get("Outputs", [])]


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except OSError as error:
        raise UnreadableError(f"{given}: cannot be read: {error.strerror or error}") from None


def _exported(file: Path) -> list[Any]:
    try:
        exported = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UnreadableError(f"{file}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        exported = None
    if not isinstance(exported, dict):
        raise UnreadableError(f"{file} is not a JSON object: write it by pulumi stack output --json")
    return list(exported.values())


def _document(value: Any) -> Any:
    """An output: JSON as text is what both engines export, and Pulumi's command may show it as what it is."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def _resembles(value: Any, kind: type[BaseModel]) -> bool:
    """Whether an output is of a kind but for some of its fields."""
    return isinstance(value, dict) and 2 * len(value.keys() & kind.model_fields.keys()) > len(value)


def _problem(problem: Mapping[str, Any]) -> str:
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg'].removeprefix('Value error, ')}"
