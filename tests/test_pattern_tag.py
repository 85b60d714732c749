"""The tag of a table that says what serial numbers look like."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.fleet.pattern_tag import PATTERN_TAG, pattern_tag, tagged_pattern, united_pattern


@given(st.sampled_from(["[0-9A-F]{2}(:[0-9A-F]{2}){5}", "[!-~]{1,32}", "(?i:ü)+", "A|B"]))
def test_a_pattern_comes_back_from_its_tag_whose_value_has_allowed_characters_only(pattern):
    tag = pattern_tag([pattern])
    assert tagged_pattern(tag) == pattern
    assert re.fullmatch(r"[A-Za-z0-9_.:/=+@-]{1,256}", tag[PATTERN_TAG])


def test_a_pattern_that_is_too_long_for_a_tag_gets_none():
    assert pattern_tag(["[0-9]" * 39]) == {}


def test_what_any_of_several_hooks_lets_through_is_one_pattern():
    assert re.fullmatch(united_pattern(["A|B", "C"]), "B")
    assert not re.fullmatch(united_pattern(["A|B", "C"]), "BC")
    assert united_pattern(["A|B", "A|B"]) == "A|B"


@pytest.mark.parametrize("value", ["", "!", "Ww", "_w", "a"])
def test_a_tag_that_says_no_pattern_is_none(value):
    assert tagged_pattern({PATTERN_TAG: value}) is None
