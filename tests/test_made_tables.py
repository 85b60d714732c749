"""Tables of the documentation that are made of the code: they say what it says."""

import re
from pathlib import Path

import pytest

from device_provisioning import cdk
from device_provisioning.fleet.custom_resources import CUSTOM_RESOURCES
from documentation.engine_differences import DYNAMIC, IMPORTS
from documentation.engines_table import dynamic_resources, methods
from documentation.made_tables import FOLDER, MARKED, PAGES, with_tables


@pytest.mark.parametrize("name", PAGES)
def test_the_tables_of_a_page_say_what_the_code_says(name):
    text, tables = (FOLDER / name).read_text("utf-8"), PAGES[name]
    assert {match[2] for match in MARKED.finditer(text)} == tables.keys()
    assert text == with_tables(text, tables), "run python -m documentation.made_tables"


def test_every_import_of_cdk_has_its_word_for_pulumi():
    assert methods("from_") == IMPORTS.keys()


def test_every_dynamic_provider_has_its_word_for_cdk_or_a_custom_resource_of_its_name():
    sources = Path(cdk.__file__).parent.glob("*.py")
    custom = {name for source in sources for name in re.findall(r'"Custom::(\w+)"', source.read_text())}
    assert DYNAMIC.keys() <= dynamic_resources()
    cared_for = {each.resource_type.removeprefix("Custom::") for each in CUSTOM_RESOURCES}
    assert dynamic_resources() - DYNAMIC.keys() <= custom | cared_for
