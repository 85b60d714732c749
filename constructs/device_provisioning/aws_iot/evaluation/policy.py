"""The policies of a template, for one device."""

from collections.abc import Mapping
from typing import Any

from .. import limits
from .checks import policy_document, text
from .expressions import Evaluator, Place, checked, refusing
from .problems import Problem


def compile_policy(properties: Mapping[str, Any], place: Place) -> Evaluator:
    """A policy resource as ``{"policyName": …}`` or ``{"policyDocument": …}``.

    A policy that is named is taken to exist. AWS IoT supports no ``Fn::Join`` in policies; whether it
    supports the other functions there is not documented, and they work, as in the emulator.
    """
    inner = place.at("Properties")._replace(in_policy=True)
    name, document = properties.get("PolicyName"), properties.get("PolicyDocument")
    if name is not None and document is not None:
        return refusing(inner.invalid(Problem.TWO_POLICIES)).evaluate
    if name is not None:
        return _policy("policyName", name, inner.at("PolicyName"))
    if document is not None:
        return _policy("policyDocument", document, inner.at("PolicyDocument"))
    return refusing(inner.invalid(Problem.NO_POLICY)).evaluate


def _policy(key: str, value: Any, place: Place) -> Evaluator:
    check = text(limits.POLICY_NAME, place) if key == "policyName" else policy_document(place)
    return checked(value, place, lambda found: {key: check(found)})
