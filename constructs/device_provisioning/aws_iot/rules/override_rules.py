"""Rules about what happens to a thing or a certificate that exists."""

import json
from collections.abc import Iterator, Mapping

from ..finding import Severity
from ..fix import Fix, Renaming, Replacement
from ..unresolved import is_unresolved
from .body import CERTIFICATE, POLICY, THING, Body, Located
from .registry import GUIDE, Evidence, Problem, rule

_BASIC = ("DO_NOTHING", "REPLACE", "FAIL")
_MERGEABLE = (*_BASIC, "MERGE")
OVERRIDES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    THING: {"AttributePayload": _MERGEABLE, "ThingTypeName": _BASIC, "ThingGroups": _MERGEABLE},
    CERTIFICATE: {"Status": _BASIC},
    POLICY: {},
}
_SECTION = f"{GUIDE}provision-template.html"


@rule(
    "DP018",
    "override settings are those that the guide lists",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=_SECTION,
    hint="a thing has AttributePayload, ThingTypeName and ThingGroups, a certificate Status, a policy none;"
    " the values are DO_NOTHING, REPLACE and FAIL, and MERGE for AttributePayload and ThingGroups",
)
def override_settings(body: Body) -> Iterator[Problem]:
    """The guide's examples write the keys in CamelCase; another case is a warning, as is a value's."""
    for resource_type, settings in OVERRIDES.items():
        for resource in body.resources(resource_type):
            overrides = resource / "OverrideSettings"
            if overrides.value is not None and not isinstance(overrides.value, Mapping):
                yield Problem(overrides.path, f"OverrideSettings is {overrides.value!r}, no object")
            for name, place in overrides.items():
                yield from _setting(settings, name, place, overrides)


def _setting(
    settings: Mapping[str, tuple[str, ...]], name: str, place: Located, overrides: Located
) -> Iterator[Problem]:
    value, path = place.value, place.path
    spelling = {_folded(known): known for known in settings}.get(_folded(name))
    if is_unresolved(name) or is_unresolved(value):
        return
    if spelling is None:
        yield Problem(path, f"there is no override setting {name!r} here")
    elif str(value).upper() not in settings[spelling]:
        yield Problem(path, f"{name} is {value!r}, and may be {', '.join(settings[spelling])}")
    elif name != spelling or value not in settings[spelling]:
        yield Problem(
            path,
            f"{name}: {value} is written in another case than the guide's examples (not documented)",
            Severity.WARNING,
            f"write {spelling}: {str(value).upper()}",
            fix=_respelled(place, name, spelling, overrides),
        )


def _respelled(place: Located, name: str, spelling: str, overrides: Located) -> Fix | None:
    """The spelling of the guide, where no other entry has it."""
    renamings = [Renaming(place.path, spelling)] if name != spelling else []
    if renamings and [_folded(str(other)) for other in overrides.value].count(_folded(name)) > 1:
        return None
    value = str(place.value).upper()
    replacements = [Replacement(place.path, json.dumps(value))] if place.value != value else []
    return Fix((*replacements, *renamings))


def _folded(name: str) -> str:
    return name.replace("_", "").lower()


@rule(
    "DP019",
    "no override setting is FAIL",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=_SECTION,
    hint="use DO_NOTHING, REPLACE or MERGE, or silence this rule if a device registers once only",
)
def no_fail(body: Body) -> Iterator[Problem]:
    """Such a device can't register again: not after a reset, nor after a lost certificate."""
    for resource_type in OVERRIDES:
        for resource in body.resources(resource_type):
            for name, place in (resource / "OverrideSettings").items():
                if place.value == "FAIL":
                    yield Problem(
                        place.path,
                        f"{name} is FAIL, so a device that exists cannot register again",
                        fix=Fix((Replacement(place.path, '"DO_NOTHING"'),), is_safe=False),
                    )
