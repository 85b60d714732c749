"""The two engines side by side: docs/engines.md says what both offer."""

from engine_differences import DYNAMIC, IMPORTS
from engines_table import MARKED, PAGE, TABLES, dynamic_resources, methods, with_tables


def test_the_page_says_what_the_engines_offer():
    text = PAGE.read_text("utf-8")
    assert {match[2] for match in MARKED.finditer(text)} == TABLES.keys()
    assert text == with_tables(text), "run python -m tests.engines_table"


def test_every_import_of_cdk_has_its_word_for_pulumi():
    assert methods("from_") == IMPORTS.keys()


def test_every_dynamic_provider_has_its_word_for_cdk():
    assert dynamic_resources() == DYNAMIC.keys()
