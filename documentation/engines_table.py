"""The tables of docs/engines.md, made of what both engines offer."""

import importlib
import inspect
import pkgutil
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, get_args

import pulumi.dynamic

from device_provisioning import cdk, pulumi_providers
from device_provisioning import pulumi as components_of_pulumi

from .engine_differences import (
    DYNAMIC,
    IMPORTS,
    ONLY_ON_CDK,
    ONLY_ON_PULUMI,
    OTHER_SETTINGS,
    POLICIES,
    components,
)
from .markdown_tables import rows


def on_cdk(name: str) -> dict[str, Any]:
    """The settings of a construct, each with its type."""
    parameters = inspect.signature(getattr(cdk, name).__init__, eval_str=True).parameters.values()
    return {p.name: p.annotation for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}


def on_pulumi(name: str) -> dict[str, Any]:
    """The settings of a component, each with its type."""
    settings: dict[str, Any] = getattr(components_of_pulumi, f"{name}Args").__annotations__
    return settings


def methods(beginning: str) -> set[tuple[str, str]]:
    """The methods of constructs whose names begin like this."""
    return {
        (name, method)
        for name in cdk.__all__
        if inspect.isclass(getattr(cdk, name))
        for method in dir(getattr(cdk, name))
        if method.startswith(beginning)
        and getattr(getattr(cdk, name), method).__module__.startswith("device_provisioning.")
    }


def dynamic_resources() -> set[str]:
    """The names of the dynamic providers' resources."""
    found = set()
    for module in pkgutil.iter_modules(pulumi_providers.__path__, f"{pulumi_providers.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(value) and issubclass(value, pulumi.dynamic.Resource):
                found.add(value)
    return {each._resource_type_name.rpartition(":")[2] for each in found - {pulumi.dynamic.Resource}}


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def settings_table() -> str:
    """Every component, and the settings that are not the same."""
    found = []
    for name in sorted(components()):
        cdk_settings, pulumi_settings = set(on_cdk(name)), set(on_pulumi(name))
        reasons = OTHER_SETTINGS.get(name, {})
        found.append(
            [
                f"`{name}`",
                str(len(cdk_settings & pulumi_settings)),
                _code(sorted(cdk_settings - pulumi_settings)),
                _code(sorted(pulumi_settings - cdk_settings)),
                "; ".join(dict.fromkeys(f"`{setting}`: {why}" for setting, why in reasons.items())),
            ]
        )
    return rows(["component", "same settings", "on CDK only", "on Pulumi only", "why"], found)


def names_table() -> str:
    """Names that one engine has and the other has not."""
    both = [(ONLY_ON_CDK, "CDK"), (ONLY_ON_PULUMI, "Pulumi")]
    found = [[f"`{name}`", engine, why] for names, engine in both for name, why in sorted(names.items())]
    return rows(["name", "on", "why"], found)


def _classes(annotation: Any) -> list[type]:
    """The classes that an annotation is made of, in their own words."""
    inner = get_args(annotation)
    if not inner:
        return [annotation] if inspect.isclass(annotation) else []
    return [found for each in inner for found in _classes(each)]


def _resource(annotation: Any) -> type | None:
    return next((c for c in _classes(annotation) if c.__module__.startswith("pulumi_aws.")), None)


def _pulumi_type(resource: type) -> str:
    return f"aws.{resource.__module__.split('.')[1]}.{resource.__name__}"


def own_resources_table() -> str:
    """Resources of your own: a construct or an interface on CDK, the resource inside on Pulumi."""
    where: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for name in sorted(components()):
        cdk_settings = on_cdk(name)
        for setting, annotation in on_pulumi(name).items():
            resource = _resource(annotation)
            if resource and setting in cdk_settings:
                kept = [c.__name__ for c in _classes(cdk_settings[setting]) if c is not type(None)]
                where[setting, kept[-1], _pulumi_type(resource)].append(name)
    found = [[f"`{s}`", f"`{a}`", f"`{b}`", _code(names)] for (s, a, b), names in sorted(where.items())]
    return rows(["setting", "on CDK", "on Pulumi", "of"], found)


def grants_table() -> str:
    """Grants, and the policy documents in their place."""
    found = [[f"`{name}.{method}`", f"`{output}`"] for (name, method), output in sorted(POLICIES.items())]
    return rows(["on CDK", "output on Pulumi"], found)


def imports_table() -> str:
    """What takes something that exists."""
    found = [[f"`{name}.{method}`", instead] for (name, method), instead in sorted(IMPORTS.items())]
    return rows(["on CDK", "on Pulumi"], found)


def dynamic_table() -> str:
    """Dynamic providers, and what CDK has in their place."""
    return rows(
        ["on Pulumi", "on CDK"], [[f"`{name}`", instead] for name, instead in sorted(DYNAMIC.items())]
    )


TABLES = {
    "settings": settings_table,
    "names": names_table,
    "own": own_resources_table,
    "grants": grants_table,
    "imports": imports_table,
    "dynamic": dynamic_table,
}
