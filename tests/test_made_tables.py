"""Tables of the documentation that are made of the code: they say what it says."""

import pytest
from engine_differences import DYNAMIC, IMPORTS
from engines_table import dynamic_resources, methods
from made_tables import FOLDER, MARKED, pages, with_tables


@pytest.mark.parametrize("name", pages())
def test_the_tables_of_a_page_say_what_the_code_says(name):
    text, tables = (FOLDER / name).read_text("utf-8"), pages()[name]
    assert {match[2] for match in MARKED.finditer(text)} == tables.keys()
    assert text == with_tables(text, tables), "run python -m tests.made_tables"


def test_every_import_of_cdk_has_its_word_for_pulumi():
    assert methods("from_") == IMPORTS.keys()


def test_every_dynamic_provider_has_its_word_for_cdk():
    assert dynamic_resources() == DYNAMIC.keys()
