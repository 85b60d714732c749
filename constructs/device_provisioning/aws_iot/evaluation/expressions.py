"""Values of a template body as functions of the parameters: what never changes is worked out once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..json_pointer import escaped
from . import intrinsics
from .outcome import Failure, FailureReason, RefusedError
from .problems import Problem

Values = Mapping[str, Any]
Evaluator = Callable[[Values], Any]


class Expression(NamedTuple):
    """A value, compiled."""

    evaluate: Evaluator
    is_constant: bool


class Place(NamedTuple):
    """Where in a body a value stands, as a JSON pointer (RFC 6901), and what it can look up."""

    path: str
    mappings: Mapping[str, Any]
    in_policy: bool = False

    def at(self, key: str) -> "Place":
        """The place of an inner value."""
        return self._replace(path=f"{self.path}/{escaped(key)}")

    def refused(self, reason: FailureReason, problem: str, given: Any = None) -> RefusedError:
        """The error of a value at this place."""
        return RefusedError(Failure(reason, self.path, str(problem), given))

    def invalid(self, problem: str, given: Any = None) -> RefusedError:
        """The error of a value that no parameter could make right."""
        return self.refused(FailureReason.INVALID_TEMPLATE, problem, given)


def compile_value(value: Any, place: Place) -> Expression:
    """A JSON value with its intrinsic functions, compiled."""
    if isinstance(value, list | tuple):
        return listed([compile_value(item, place) for item in value])
    if not isinstance(value, dict):
        return constant(value)
    if len(value) == 1:
        [(name, argument)] = value.items()
        if name == "Ref":
            return reference(argument, place)
        if isinstance(name, str) and name.startswith("Fn::"):
            return _function(name, argument, place)
    names = list(value)
    items = listed([compile_value(item, place) for item in value.values()])
    return mapped(items, lambda values: dict(zip(names, values, strict=True)))


def constant(value: Any) -> Expression:
    """A value that no parameter changes."""
    return Expression(lambda _: value, is_constant=True)


def listed(items: Sequence[Expression]) -> Expression:
    """Several values as a list."""
    evaluators = [item.evaluate for item in items]
    result = Expression(
        lambda values: [evaluate(values) for evaluate in evaluators], all(item.is_constant for item in items)
    )
    return _folded(result)


def mapped(expression: Expression, work: Callable[[Any], Any]) -> Expression:
    """What is made of a value: at once, if it never changes."""
    evaluate = expression.evaluate
    return _folded(Expression(lambda values: work(evaluate(values)), expression.is_constant))


def checked(value: Any, place: Place, check: Callable[[Any], Any]) -> Evaluator:
    """A JSON value, compiled, that has to pass a check."""
    return mapped(compile_value(value, place), check).evaluate


def reference(name: Any, place: Place) -> Expression:
    """The value of a parameter."""
    if not isinstance(name, str):
        return refusing(place.invalid(Problem.WRONG_REFERENCE, name))

    def evaluate(values: Values) -> Any:
        try:
            return values[name]
        except KeyError:
            problem = Problem.UNRESOLVED.format(name=name)
            raise place.refused(FailureReason.INVALID_PARAMETERS, problem) from None

    return Expression(evaluate, is_constant=False)


def refusing(error: RefusedError) -> Expression:
    """A value that is refused for every device."""

    def evaluate(_: Values) -> Any:
        raise RefusedError(error.failure)

    return Expression(evaluate, is_constant=True)


def _function(name: str, argument: Any, place: Place) -> Expression:
    if name == "Fn::Join" and place.in_policy:
        return refusing(place.invalid(Problem.JOIN_IN_POLICY))
    if name == "Fn::Sub":
        return _sub(argument, place)
    function = intrinsics.FUNCTIONS.get(name)
    if not function:
        return refusing(place.invalid(Problem.UNKNOWN_FUNCTION.format(name=name)))

    def call(value: Any) -> Any:
        try:
            return function(value, place.mappings)
        except intrinsics.InvalidCallError as error:
            raise _invalid_call(place, name, error) from None

    return mapped(compile_value(argument, place), call)


def _sub(argument: Any, place: Place) -> Expression:
    try:
        text, variables = intrinsics.sub_argument(argument)
    except intrinsics.InvalidCallError as error:
        return refusing(_invalid_call(place, "Fn::Sub", error))
    pieces = [
        constant(piece.text)
        if piece.is_literal
        else compile_value(variables[piece.text], place)
        if piece.text in variables
        else reference(piece.text, place)
        for piece in intrinsics.sub_pieces(text)
    ]

    def put_together(values: list[Any]) -> str:
        try:
            return intrinsics.joined("", values)
        except intrinsics.InvalidCallError as error:
            raise _invalid_call(place, "Fn::Sub", error) from None

    return mapped(listed(pieces), put_together)


def _invalid_call(place: Place, name: str, error: intrinsics.InvalidCallError) -> RefusedError:
    return place.invalid(Problem.INVALID_CALL.format(name=name, problem=error), error.given)


def _folded(expression: Expression) -> Expression:
    # A constant that is refused stays as it is, to be refused for every device.
    if not expression.is_constant:
        return expression
    try:
        return constant(expression.evaluate({}))
    except RefusedError:
        return expression
