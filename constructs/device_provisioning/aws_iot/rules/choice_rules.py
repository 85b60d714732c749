"""Rules about what no device may choose: its policy, its groups and its name."""

from collections.abc import Iterator

from ..finding import Severity
from ..template_type import TemplateType
from ..unresolved import is_unresolved
from .body import POLICY, THING, Body, Located, references
from .registry import GUIDE, Evidence, Problem, rule

_SECTION = f"{GUIDE}provision-template.html"


@rule(
    "DP060",
    "no device chooses its policy",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=_SECTION,
    hint="name the policy in the body, let the allow list give the parameter, or silence this rule if your"
    " hook overrides it",
)
def fixed_policy(body: Body) -> Iterator[Problem]:
    """A device that names its policy gets any policy of the account, and the role reaches all of them.

    Of a hook that is not this library's it is not known what it overrides; in a JITP body the CA vouches for
    what a certificate says.
    """
    for place in body.properties(POLICY, "PolicyName"):
        for name in _sent(body, place):
            yield Problem(place.path, f"the policy is named by the parameter {name}, which a device sends")


@rule(
    "DP061",
    "no device chooses its thing groups",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}thing-groups.html",
    hint="name the group in the body, or let the allow list give the parameter",
)
def fixed_groups(body: Body) -> Iterator[Problem]:
    """A device that is listed gets the policies of the group that it names, and the jobs for it.

    Judged where the hook is this library's: without a hook every device chooses everything (DP052), and of
    another one it is not known what it overrides.
    """
    for groups in body.properties(THING, "ThingGroups"):
        for place in groups.elements():
            for name in _sent_beside_the_serial_number(body, place):
                yield Problem(place.path, f"the group is named by the parameter {name}, which a device sends")


@rule(
    "DP062",
    "no device chooses the name of its thing beside its serial number",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=_SECTION,
    hint="make the name of the serial number alone, or let the allow list give the parameter",
)
def fixed_name(body: Body) -> Iterator[Problem]:
    """A device that is listed can take the thing of another, whose name it asks for.

    Judged where the hook is this library's, as DP061.
    """
    for place in body.properties(THING, "ThingName"):
        for name in _sent_beside_the_serial_number(body, place):
            yield Problem(place.path, f"the thing is named by the parameter {name}, which a device sends")


def _sent(body: Body, place: Located) -> Iterator[str]:
    """The parameters of a value that a device sends as it likes, as far as that is known."""
    hook = body.context.hook
    if body.template_type is not TemplateType.FLEET_PROVISIONING or (hook and hook.listed_parameters is None):
        return
    listed = hook.listed_parameters or () if hook else ()
    for name in dict.fromkeys(name for _, name in references(place)):
        if not (name in listed or name.startswith("AWS::") or is_unresolved(name)):
            yield name


def _sent_beside_the_serial_number(body: Body, place: Located) -> Iterator[str]:
    """Those but the one that this library's hook holds against its list, if it is known which one that is."""
    serial_number = body.context.hook.serial_number_parameter if body.context.hook else None
    if isinstance(serial_number, str) and not is_unresolved(serial_number):
        yield from (name for name in _sent(body, place) if name != serial_number)
