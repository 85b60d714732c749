"""Rules about lengths and characters."""

from collections.abc import Iterator
from enum import Enum, auto

from ...aws_iot.finding import Severity
from ...aws_iot.limits import TextLimit
from ...aws_iot.rules.body import Located
from ...aws_iot.rules.registry import Evidence, Problem, rule
from ...aws_iot.unresolved import is_unresolved
from .. import limits
from .subject import CREATE, PAGES, Template, is_reference


class Chinese(Enum):
    """What the vendor says of Chinese characters: in tags, only the SDK's models allow them."""

    ALLOWED = auto()
    NOT_LISTED = auto()
    REFUSED = auto()


@rule(
    "DP209",
    "a template name has 1 to 128 letters, digits, _ and -, or Chinese characters",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint="give 1 to 128 letters, digits, _ or -, or Chinese characters",
)
def template_name(template: Template) -> Iterator[Problem]:
    """The vendor's Chinese pages allow Chinese characters, which the English pages don't list."""
    place = template.setting("template_name")
    if place.value is None and template.is_request:
        yield Problem(place.path, "there is no template_name")
    elif place.value is not None:
        yield from _text_problems(place, limits.TEMPLATE_NAME, "template_name", chinese=Chinese.ALLOWED)


@rule(
    "DP210",
    "a description has at most 2048 characters: letters, digits and _?'#().,&%@!-",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint="shorten it, and write - or _ for spaces, which are not among the documented characters",
)
def description(template: Template) -> Iterator[Problem]:
    """The vendor's Chinese pages allow Chinese characters, which the English pages don't list."""
    place = template.setting("description")
    if place.value is not None:
        yield from _text_problems(place, limits.DESCRIPTION, "description", chinese=Chinese.ALLOWED)


@rule(
    "DP211",
    "a fixed product_id has 1 to 36 letters, digits, _ and -",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint="give the id of a product, or a reference",
)
def product_id(template: Template) -> Iterator[Problem]:
    """Whether the product exists can't be seen here."""
    place = template.device / "product_id"
    if place.value is not None and not isinstance(place.value, dict):
        yield from _text_problems(place, limits.PRODUCT_ID, "product_id", chinese=Chinese.REFUSED)


@rule(
    "DP212",
    "a fixed tag has a tag_key of 1 to 64 and a tag_value of 1 to 128 letters, digits, _, . and -",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint="give tag_key and tag_value, each as text or as a reference, in a list of objects",
)
def tags(template: Template) -> Iterator[Problem]:
    """The page calls both optional, but a tag without a key or a value is none."""
    place = template.device / "tags"
    if place.value is not None and not isinstance(place.value, list) and not is_unresolved(place.value):
        yield Problem(place.path, f"tags is {place.value!r}, not a list")
    for tag in place.elements():
        if is_unresolved(tag.value):
            continue
        unknown = [name for name, _ in tag.items() if name not in ("tag_key", "tag_value")]
        if unknown or not isinstance(tag.value, dict):
            yield Problem(tag.path, f"{tag.value!r} is not a tag of tag_key and tag_value")
            continue
        for name, limit in (("tag_key", limits.TAG_KEY), ("tag_value", limits.TAG_VALUE)):
            value = tag / name
            if value.value is None:
                yield Problem(tag.path, f"the tag has no {name}")
            elif not isinstance(value.value, dict):
                yield from _text_problems(value, limit, name)


@rule(
    "DP213",
    "policy_ids are the ids of device policies, as text",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{PAGES}CreateDevicePolicy.html",
    hint="give a list of the 24 hexadecimal characters that creating a device policy answers with",
)
def policy_ids(template: Template) -> Iterator[Problem]:
    """They can't be references. That an id has 24 hexadecimal characters is seen in every example."""
    place = template.body / "resources" / "policy" / "policy_ids"
    if place.value is not None and not isinstance(place.value, list) and not is_unresolved(place.value):
        yield Problem(place.path, f"policy_ids is {place.value!r}, not a list")
    for policy_id in place.elements():
        if is_reference(policy_id.value):
            yield Problem(policy_id.path, "a policy id can't be a reference")
        elif not isinstance(policy_id.value, dict):
            yield from _text_problems(policy_id, limits.POLICY_ID, "policy id", chinese=Chinese.REFUSED)


def _text_problems(
    place: Located, limit: TextLimit, name: str, *, chinese: Chinese = Chinese.NOT_LISTED
) -> Iterator[Problem]:
    text = place.value
    if is_unresolved(text):
        return
    if not isinstance(text, str):
        yield Problem(place.path, f"{name} is {text!r}, not a string")
    elif problem := limit.problem(text) if chinese is Chinese.REFUSED else limits.problem_of(text, limit):
        yield Problem(place.path, f"{name} {problem}: {_shortened(text)!r}")
    elif chinese is Chinese.NOT_LISTED and limits.has_chinese(text):
        message = f"{name} has Chinese characters, which the English pages of the API do not list"
        yield Problem(place.path, f"{message}: {_shortened(text)!r}", Severity.WARNING, "use other letters")


def _shortened(text: str) -> str:
    return text if len(text) <= 150 else f"{text[:150]}…"
