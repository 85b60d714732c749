"""The thing of a template, for one device."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from .. import limits
from ..limits import TextLimit
from .checks import attempt, attempt_all, text, texts
from .expressions import Evaluator, Place, Values, checked, compile_value, constant, refusing
from .outcome import ExistingThing, Failure, FailureReason
from .override_settings import settle
from .problems import Problem

_EVALUATED = {"ThingName", "ThingTypeName", "BillingGroup", "ThingGroups", "AttributePayload"}


class ThingState(NamedTuple):
    """A thing as a template wants it, where ``None`` means that it says nothing, or as a device gets it."""

    name: str
    thing_type_name: str | None
    billing_group: str | None
    thing_groups: list[str] | None
    attributes: dict[str, str] | None


class CompiledThing:
    """A thing resource, compiled.

    The type, the groups and the billing group are taken to exist. A billing group of a thing that exists is
    replaced: no override setting is documented for it.
    """

    def __init__(self, properties: Mapping[str, Any], settings: Mapping[str, Any], place: Place) -> None:
        self._settings = settings
        self._place = place
        inner = place.at("Properties")
        name = inner.at("ThingName")
        self._attributes = _attributes(properties.get("AttributePayload"), inner.at("AttributePayload"))
        self._evaluators = [
            checked(properties.get("ThingName"), name, text(limits.THING_NAME, name)),
            _optional(properties, "ThingTypeName", limits.THING_TYPE_NAME, inner),
            _optional(properties, "BillingGroup", limits.BILLING_GROUP_NAME, inner),
            _groups(properties.get("ThingGroups"), inner.at("ThingGroups")),
            *(
                compile_value(value, inner.at(other)).evaluate
                for other, value in properties.items()
                if other not in _EVALUATED
            ),
        ]

    def evaluate(
        self, values: Values, existing: Mapping[str, ExistingThing], failures: list[Failure]
    ) -> ThingState | None:
        """The thing that a device gets, or ``None`` and failures."""
        before = len(failures)
        name, thing_type, billing_group, groups, *_ = attempt_all(self._evaluators, values, failures)
        attributes: Any = self._attributes and dict(
            zip(self._attributes, attempt_all(self._attributes.values(), values, failures), strict=True)
        )
        wanted = ThingState(name, thing_type, billing_group, groups, attributes)
        if len(failures) > before:
            return None
        thing = existing.get(wanted.name)
        state = self._settled(thing, wanted, failures) if thing else wanted
        self._count(state, failures)
        return state

    def _settled(self, thing: ExistingThing, wanted: ThingState, failures: list[Failure]) -> ThingState:
        def settled(setting: str, current: Any, new: Any, **options: Any) -> Any:
            place = self._place.at("OverrideSettings").at(setting)
            return attempt(lambda _: settle(current, new, self._settings, place, **options), {}, failures)

        return ThingState(
            wanted.name,
            settled("ThingTypeName", thing.thing_type_name, wanted.thing_type_name),
            wanted.billing_group or thing.billing_group,
            settled("ThingGroups", list(thing.thing_groups), wanted.thing_groups, merge=_joined),
            settled(
                "AttributePayload", dict(thing.attributes), wanted.attributes, merge=lambda a, b: {**a, **b}
            ),
        )

    def _count(self, state: ThingState, failures: list[Failure]) -> None:
        attributes, groups = len(state.attributes or ()), len(state.thing_groups or ())
        most = limits.MAX_ATTRIBUTES if state.thing_type_name else limits.MAX_ATTRIBUTES_WITHOUT_THING_TYPE
        if attributes > most:
            without = "" if state.thing_type_name else " without a thing type"
            failures.append(self._too_many("AttributePayload", f"{most} attributes{without}", attributes))
        if groups > limits.MAX_THING_GROUPS:
            failures.append(self._too_many("ThingGroups", f"{limits.MAX_THING_GROUPS} groups", groups))

    def _too_many(self, name: str, most: str, given: int) -> Failure:
        place = self._place.at("Properties").at(name)
        problem = Problem.TOO_MANY_OF_THING.format(most=most)
        return Failure(FailureReason.PROVISIONING_FAILED, place.path, problem, given)


def _optional(properties: Mapping[str, Any], name: str, limit: TextLimit, place: Place) -> Evaluator:
    value = properties.get(name)
    if value is None:
        return constant(None).evaluate
    return checked(value, place.at(name), text(limit, place.at(name)))


def _groups(value: Any, place: Place) -> Evaluator:
    if value is None:
        return constant(None).evaluate
    return checked(value, place, texts(limits.THING_GROUP_NAME, place))


def _attributes(value: Any, place: Place) -> dict[str, Evaluator] | None:
    if value is None:
        return None
    functions = [name for name in value if name == "Ref" or name.startswith("Fn::")]
    if len(value) == 1 and functions:
        problem = Problem.ATTRIBUTES_FROM_FUNCTION.format(name=functions[0])
        return {functions[0]: refusing(place.invalid(problem)).evaluate}
    return {name: _attribute(name, item, place.at(name)) for name, item in value.items()}


def _attribute(name: str, value: Any, place: Place) -> Evaluator:
    problem = limits.ATTRIBUTE_NAME.problem(name)
    if problem:
        refusal = Problem.NAME.format(problem=problem)
        return refusing(place.refused(FailureReason.PROVISIONING_FAILED, refusal, name)).evaluate
    return checked(value, place, text(limits.ATTRIBUTE_VALUE, place))


def _joined(current: list[str], wanted: list[str]) -> list[str]:
    return list(dict.fromkeys([*current, *wanted]))
