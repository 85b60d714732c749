"""The reference has every public name once, each with a docstring that describes what it takes."""

import re
import tomllib
from collections import Counter
from importlib.metadata import version

import griffe
import pytest

from documentation.contents import ENGINES, EXTRAS
from documentation.git_host import without_parts_for_git_hosts
from documentation.reference import FOLDER, ROOT, found, owners, package, pages, reference

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
PACKAGE = "device_provisioning"
PUBLIC = [f"device_provisioning.{each}.{name}" for each in PACKAGES for name in package()[each].exports]


MADE_WITH = re.search(r"^typer==(\S+)", (ROOT / "requirements.lock").read_text("utf-8"), re.M)[1]
OF_TYPER = "command.md"


def test_the_pages_of_the_reference_are_current():
    files = {file.relative_to(FOLDER).as_posix(): file.read_text("utf-8") for file in FOLDER.rglob("*.md")}
    pages = reference()
    assert set(files) == set(pages)
    changed = [name for name in pages if files[name] != pages[name] and name != OF_TYPER]
    assert changed == [], "run python -m documentation.reference"


def test_every_extra_is_described():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert EXTRAS.keys() == declared["optional-dependencies"].keys()


@pytest.mark.skipif(version("typer") != MADE_WITH, reason=f"the page is made with typer {MADE_WITH}")
def test_the_page_of_the_command_is_current():
    text = (FOLDER / OF_TYPER).read_text("utf-8")
    assert text == reference()[OF_TYPER], "run python -m documentation.reference"


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


@pytest.mark.parametrize("name", PUBLIC)
def test_what_a_construct_has_is_described(name):
    thing = found(name)
    if thing.is_class and thing.canonical_path.split(".")[1] in ENGINES and not is_dictionary(thing):
        assert sorted(had(thing) - set(described(thing)) - attributes(thing)) == []


def had(construct):
    """Its own attributes that nothing describes where they are."""
    members = [each for each in construct.all_members.values() if each.is_attribute and each.is_public]
    return {each.name for each in members if each.parent.package.name == PACKAGE and not each.docstring}


def attributes(construct):
    sections = construct.docstring.parse("google", warnings=False)
    kind = griffe.DocstringSectionKind.attributes
    return {each.name for section in sections if section.kind is kind for each in section.value}


def test_examples_of_docstrings_are_shown_as_code():
    assert (
        "\nExamples:\n    ```python\n" in found("device_provisioning.cdk.FleetProvisioning").docstring.value
    )
    assert "\nExamples:\n    >>> ref(" in found("device_provisioning.aws_iot.ref").docstring.value


def test_a_fixed_set_is_shown_with_its_values():
    assert "Values: `JSON` = `'json'`" in found("device_provisioning.aws_iot.PayloadFormat").docstring.value


def test_a_model_is_shown_with_its_settings_and_their_defaults():
    shown = {each.name: each.default for each in found("device_provisioning.aws_iot.Certificate").parameters}
    assert shown["status"] == "'ACTIVE'" or shown["status"] == '"ACTIVE"'
    assert shown["ca_certificate_pem"] == "None"


def test_an_output_is_shown_without_the_code_that_makes_it():
    assert package()["pulumi.ClaimCertificate.certificate_arn"].value is None


COMPONENTS = [name for name in PUBLIC if name.split(".")[1] in ENGINES and found(name).is_class]


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_git_host_shows_every_setting_with_its_description(name):
    owner, shown_as = owners(pages())[found(name).canonical_path]
    text = (FOLDER / owner.file).read_text("utf-8")
    part = text.partition(f'<a id="{shown_as}"></a>')[2].partition("<!-- until here -->")[0]
    sections = found(name).docstring.parse("google")
    settings = [
        each.name for section in sections if section.kind.value == "parameters" for each in section.value
    ]
    fields = list(found(name).attributes) if name.endswith("Args") else []
    given_by_the_engine = {"scope", "construct_id", "name", "args", "opts"}
    wanted = {*settings, *fields} - given_by_the_engine
    assert wanted == {row for row in wanted if re.search(rf"^\| `{row}` \|.*\| \S.* \|$", part, re.M)}


def test_the_site_shows_docstrings_and_no_table_that_repeats_them():
    text = without_parts_for_git_hosts((FOLDER / "cdk" / "fleet-provisioning.md").read_text("utf-8"))
    assert "| setting |" not in text
    assert "::: device_provisioning.cdk.FleetProvisioning\n" in text
    assert "::: device_provisioning.cdk.DevicePolicy\n" in text
