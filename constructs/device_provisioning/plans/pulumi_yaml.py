"""Programs of Pulumi in YAML: https://www.pulumi.com/docs/languages-sdks/yaml/yaml-language-reference/."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ..aws_iot.json_pointer import escaped
from ..cloudformation.stack_values import token
from .plan import KNOWN_LATER, Plan
from .pulumi_state import camel_case, snake_case, terraform_type
from .resource_kinds import KINDS, attach_policies, translated

_FILLED_IN = re.compile(r"(?<!\$)\$\{([^}]*)\}")
_WHOLE = re.compile(r"\$\{([A-Za-z0-9_-]+)(?:\.(\w+))?\}")


def is_pulumi_yaml(value: Mapping[str, Any]) -> bool:
    """Whether a document is a program."""
    runtime = value.get("runtime")
    name = runtime.get("name") if isinstance(runtime, Mapping) else runtime
    return name == "yaml" and isinstance(value.get("resources"), Mapping)


def read_pulumi_yaml(value: Mapping[str, Any]) -> Plan:
    """A program as the CloudFormation template that it amounts to.

    Args:
        value: The document.
    """
    resources: dict[str, Any] = {}
    places: dict[str, str] = {}
    given = value["resources"]
    for name, resource in given.items():
        kind = terraform_type(resource.get("type")) if isinstance(resource, Mapping) else ""
        properties = resource.get("properties") if kind in KINDS else None
        if not isinstance(properties, Mapping):
            continue
        here, pointer = f"/Resources/{escaped(str(name))}", f"/resources/{escaped(str(name))}/properties"
        values = {snake_case(str(key)): _value(inner, given) for key, inner in properties.items()}
        resources[str(name)], sources = translated(kind, values)
        places[here] = places[f"{here}/Properties"] = pointer
        for cloudformation, source in sources.items():
            key = camel_case(source)
            inside = "/fn::toJSON" if _is_json(properties.get(key)) else ""
            places[f"{here}/Properties/{cloudformation}"] = f"{pointer}/{key}{inside}"
    attach_policies(resources)
    return Plan({"Resources": resources}, places)


def _is_json(value: Any) -> bool:
    return isinstance(value, Mapping) and [str(key).lower() for key in value] == ["fn::tojson"]


def _value(value: Any, resources: Mapping[str, Any]) -> Any:
    if _is_json(value):
        (inner,) = value.values()
        return json.dumps(_texts(inner), default=str)
    if isinstance(value, Mapping):
        if len(value) == 1 and str(next(iter(value))).lower().startswith("fn::"):
            return KNOWN_LATER
        return {snake_case(str(key)): _value(inner, resources) for key, inner in value.items()}
    if isinstance(value, list):
        return [_value(inner, resources) for inner in value]
    if not isinstance(value, str):
        return value
    whole = _WHOLE.fullmatch(value)
    if whole and whole[1] in resources:
        return {"Fn::GetAtt": [whole[1], "Arn"]} if whole[2] == "arn" else {"Ref": whole[1]}
    return _text(value)


def _texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_texts(inner) for inner in value]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    return _FILLED_IN.sub(lambda found: token(found[1]), text).replace("$${", "${")
