"""Plans and states of Terraform and OpenTofu: ``terraform show -json``, and the file of a state.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..aws_iot.json_pointer import escaped
from .plan import KNOWN_LATER, Plan
from .resource_kinds import KINDS, attach_policies, translated
from .terraform_references import References

_TEMPLATE = "aws_iot_provisioning_template"


def is_terraform(value: Mapping[str, Any]) -> bool:
    """Whether a document is a plan or a state."""
    shown = {"planned_values", "values"} & value.keys() and {
        "format_version",
        "terraform_version",
    } & value.keys()
    return bool(shown) or _is_state_file(value)


def _is_state_file(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("resources"), list) and {"terraform_version", "serial"} <= value.keys()


def read_terraform(value: Mapping[str, Any]) -> Plan:
    """A plan or a state as the CloudFormation template that it amounts to.

    Args:
        value: The document.
    """
    found = list(_in_state_file(value) if _is_state_file(value) else _shown(value))
    references = References(value.get("configuration"), [entry.address for entry in found])
    changes = _changes(value)
    reading = _Reading(references, {entry.address: entry for entry in found})
    for entry in found:
        reading.add(entry, changes.get(entry.address, {}))
    attach_policies(reading.resources)
    return Plan({"Resources": reading.resources}, reading.places, reading.addresses, made_by="Terraform")


@dataclass(frozen=True)
class _Found:
    """A resource of a plan or a state."""

    address: str
    kind: str
    values: Mapping[str, Any]
    pointer: str


@dataclass
class _Reading:
    references: References
    found: Mapping[str, _Found]
    resources: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_arn = {
            entry.values["arn"]: entry.address
            for entry in self.found.values()
            if isinstance(entry.values.get("arn"), str)
        }

    def add(self, entry: _Found, change: Mapping[str, Any]) -> None:
        unknown = change.get("after_unknown")
        values = {
            **entry.values,
            **dict(self._filled_in(entry, unknown if isinstance(unknown, Mapping) else {})),
        }
        for name, value in values.items():
            if isinstance(value, str) and name != "arn" and value in self._by_arn:
                values[name] = {"Fn::GetAtt": [self._by_arn[value], "Arn"]}
        resource, sources = translated(entry.kind, values)
        if entry.kind == _TEMPLATE:
            resource["Deployment"] = {**resource["Deployment"], **_versions(change, values)}
        self.resources[entry.address] = resource
        here = f"/Resources/{escaped(entry.address)}"
        self.places[here] = self.places[f"{here}/Properties"] = entry.pointer
        for name, source in sources.items():
            self.places[f"{here}/Properties/{name}"] = f"{entry.pointer}/{source}"
        self.addresses[entry.pointer] = entry.address

    def _filled_in(self, entry: _Found, unknown: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name in KINDS[entry.kind].properties:
            if unknown.get(name) is True:
                yield name, self.references.value(entry.address, name)
            elif (
                name in unknown
                and isinstance(unknown[name], list)
                and isinstance(entry.values.get(name), list)
            ):
                yield name, self._blocks(entry, name, unknown[name])

    def _blocks(self, entry: _Found, name: str, unknown: list[Any]) -> list[Any]:
        blocks = []
        for number, block in enumerate(entry.values[name]):
            later = unknown[number] if number < len(unknown) and isinstance(unknown[number], Mapping) else {}
            if later is True or not isinstance(block, Mapping):
                blocks.append(KNOWN_LATER if unknown[number : number + 1] == [True] else block)
                continue
            added = {
                key: self.references.value(entry.address, f"{name}.{number}.{key}")
                for key, is_unknown in later.items()
                if is_unknown is True
            }
            blocks.append({**block, **added})
        return blocks


def _versions(change: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    before = change.get("before")
    if not isinstance(before, Mapping):
        return {}
    newest, text = before.get("default_version_id"), before.get("template_body")
    is_number = isinstance(newest, int) and not isinstance(newest, bool)
    return {
        "newest_version": newest if is_number else None,
        "body_changes": values.get("template_body") != text,
    }


def _changes(value: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    entries = value.get("resource_changes")
    return {
        entry["address"]: entry["change"]
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, Mapping)
        and isinstance(entry.get("address"), str)
        and isinstance(entry.get("change"), Mapping)
    }


def _shown(value: Mapping[str, Any]) -> Iterator[_Found]:
    name = "planned_values" if "planned_values" in value else "values"
    shown = value[name]
    if isinstance(shown, Mapping):
        yield from _in_module(shown.get("root_module"), f"/{name}/root_module")


def _in_module(module: Any, pointer: str) -> Iterator[_Found]:
    if not isinstance(module, Mapping):
        return
    for number, entry in enumerate(_list(module.get("resources"))):
        if isinstance(entry, Mapping) and entry.get("mode", "managed") == "managed":
            kind, values, address = entry.get("type"), entry.get("values"), entry.get("address")
            if (
                isinstance(kind, str)
                and kind in KINDS
                and isinstance(values, Mapping)
                and isinstance(address, str)
            ):
                yield _Found(address, kind, values, f"{pointer}/resources/{number}/values")
    for number, inner in enumerate(_list(module.get("child_modules"))):
        yield from _in_module(inner, f"{pointer}/child_modules/{number}")


def _in_state_file(value: Mapping[str, Any]) -> Iterator[_Found]:
    for number, entry in enumerate(_list(value.get("resources"))):
        if not (isinstance(entry, Mapping) and entry.get("mode", "managed") == "managed"):
            continue
        kind = entry.get("type")
        module = f"{entry['module']}." if isinstance(entry.get("module"), str) else ""
        for index, instance in enumerate(_list(entry.get("instances"))):
            values = instance.get("attributes") if isinstance(instance, Mapping) else None
            if isinstance(kind, str) and kind in KINDS and isinstance(values, Mapping):
                key = instance.get("index_key")
                ending = "" if key is None else f'["{key}"]' if isinstance(key, str) else f"[{key}]"
                pointer = f"/resources/{number}/instances/{index}/attributes"
                yield _Found(f"{module}{kind}.{entry.get('name')}{ending}", kind, values, pointer)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
