"""The reference has every public name once, each with a docstring that describes what it takes."""

from collections import Counter

import griffe
import pytest

from documentation.contents import ENGINES
from documentation.reference import FOLDER, found, package, pages, reference

PACKAGES = (
    "aws_iot",
    "aws_iot.documents",
    "cdk",
    "greengrass",
    "iotda",
    "iotda.client",
    "panorama",
    "pulumi",
)
PUBLIC = [f"device_provisioning.{each}.{name}" for each in PACKAGES for name in package()[each].exports]


def test_the_pages_of_the_reference_are_current():
    files = {file.relative_to(FOLDER).as_posix(): file.read_text("utf-8") for file in FOLDER.rglob("*.md")}
    assert files == reference(), "run python -m documentation.reference"


def test_every_public_name_is_shown_exactly_once():
    shown = [
        line[4:] for text in reference().values() for line in text.splitlines() if line.startswith(":::")
    ]
    counted = Counter(found(name).canonical_path for name in shown)
    assert set(counted.values()) == {1}
    assert set(counted) == {found(name).canonical_path for name in PUBLIC} | {"device_provisioning.cfn_lint"}


def test_every_public_name_of_an_engine_is_in_a_table_of_it():
    of_engines = {name for name in PUBLIC if name.split(".")[1] in ENGINES}
    assert of_engines <= {name for page in pages() for name in page.names}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_a_docstring_that_describes_what_it_takes(name):
    thing = found(name)
    assert thing.docstring, f"{name} has no docstring"
    assert sorted(taken(thing)) == sorted(described(thing))


def taken(thing):
    """The parameters of a function, of a class, or the keys of a dictionary."""
    if is_dictionary(thing):
        return [member.name for member in thing.members.values() if member.is_attribute]
    if not (thing.is_function or "__init__" in thing.members):
        return []
    return [each.name.lstrip("*") for each in thing.parameters if each.name not in {"self", "cls"}]


def described(thing):
    if is_dictionary(thing):
        return [member.name for member in thing.members.values() if member.is_attribute and member.docstring]
    sections = thing.docstring.parse("google", warnings=False)
    parameters = griffe.DocstringSectionKind.parameters
    return [each.name.lstrip("*") for found in sections if found.kind is parameters for each in found.value]


def is_dictionary(thing):
    return thing.is_class and any("TypedDict" in str(base) for base in thing.bases)
