"""Resources that a program registers, as Pulumi's states have them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pulumi

from ..plans.pulumi_references import REFERRED, referred
from ..plans.pulumi_state import UNKNOWN

_ROOT = "pulumi:pulumi:Stack"


async def state_of(args: pulumi.ResourceTransformArgs, before: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A resource as it would stand in a state.

    What is unknown or secret is what only an update knows, as is the name or the ARN of a resource before it:
    which one that is, is known.

    Args:
        args: What a transform is given.
        before: The resources before it.
    """
    given = args.opts.depends_on if args.opts else None
    urns = await _urns(given if isinstance(given, list) else [])
    names = {state["urn"]: _names(state) for state in before}
    inputs = {}
    for name, value in args.props.items():
        urn = referred(name, urns) if name in REFERRED else None
        inputs[name] = await _known(value, names.get(urn or "", ()))
    return {
        "urn": await _urn(args),
        "type": args.type_,
        "inputs": inputs,
        "propertyDependencies": dict.fromkeys(inputs.keys() & REFERRED.keys(), urns),
        "dependencies": urns,
    }


def _names(state: Mapping[str, Any]) -> list[str]:
    """What is in the name and the ARN of a resource; AWS names certificates."""
    if "aws:iot/certificate:" in state["type"]:
        return [":cert/"]
    given = state["inputs"].get("name")
    return [given if isinstance(given, str) else state["urn"].rpartition("::")[2]]


async def _urn(args: pulumi.ResourceTransformArgs) -> str:
    parent = args.opts.parent if args.opts else None
    above = await parent.urn.future() if parent else None
    kinds = str(above).split("::")[2] if above else _ROOT
    kind = args.type_ if kinds == _ROOT else f"{kinds}${args.type_}"
    return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{kind}::{args.name}"


async def _urns(resources: Iterable[Any]) -> list[str]:
    return sorted([str(await each.urn.future()) for each in resources if isinstance(each, pulumi.Resource)])


async def _known(value: Any, names: Sequence[str] = ()) -> Any:
    """A value without Outputs; a text with the name of another resource in it is for that to say."""
    if isinstance(value, pulumi.Output):
        is_hidden = await value.is_secret() or not await value.is_known()
        return UNKNOWN if is_hidden else await _known(await value.future(), names)
    if isinstance(value, Mapping):
        return {str(name): await _known(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [await _known(inner, names) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the engine has no others
    if not isinstance(value, str) or value.lstrip().startswith("{"):
        return value
    return UNKNOWN if any(name in value for name in names) else value
