"""What a regular expression lets through."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.aws_iot.pattern_language import PatternLanguage

NAME = frozenset(string.ascii_letters + string.digits + ":_-")


@pytest.mark.parametrize(
    ("pattern", "character"),
    [
        ("[A-Z]+/[0-9]+", "/"),
        ("(a|b(c|[.x]))+", "."),
        (r"\S{3}", "~"),
        (r"[^a-z]{2,}", "@"),
        ("(?i:x)+", "X"),
        ("(?:A(?=.)[!-~])?B", "#"),
        (r"\W?\d{4}", "{"),
        (".", "*"),
        ("(?>a|b)c++d*+", "d"),
    ],
)
def test_a_character_that_can_stand_in_a_match_is_shown_by_one(pattern, character):
    example = PatternLanguage(pattern).example_with({character})
    assert character in example
    assert re.fullmatch(pattern, example)


@pytest.mark.parametrize(
    ("pattern", "characters"),
    [
        ("[A-Za-z0-9][A-Za-z0-9_-]{0,127}", set(string.printable) - NAME),
        ("(?!.*[/])[!-~]+", {"/"}),
        ("[^/]+", {"/"}),
        (r"(?-i:a)/{0}", {"/", "A"}),
        ("a(?:/){0,0}", {"/"}),
    ],
)
def test_a_character_that_can_stand_in_no_match_has_no_example(pattern, characters):
    assert PatternLanguage(pattern).example_with(characters) is None


@pytest.mark.parametrize("pattern", ["[A-Z]+", "(/|a)+", "[!-~]{8}", "x(/y)?", "(?!/)[!-~]+", ""])
def test_some_match_may_have_allowed_characters_alone(pattern):
    assert PatternLanguage(pattern).may_stay_within(NAME)


@pytest.mark.parametrize("pattern", ["[A-Z]+/[0-9]", "(a/|b[.])+", r"[^\w:-]{2}", "(?:[A-Z]+[.]){2,}"])
def test_every_match_has_a_character_that_is_not_allowed(pattern):
    assert not PatternLanguage(pattern).may_stay_within(NAME)


_PIECE = st.sampled_from(["a", "/", "[0-9]", "[^a]", ".", r"\w", r"\W", "(?:a|/)", "(b/)", "[.:]"])
_REPEAT = st.sampled_from(["", "?", "*", "+", "{2}", "{0}", "{1,3}"])


@given(st.lists(st.tuples(_PIECE, _REPEAT), min_size=1, max_size=5), st.text("a/0.:b", max_size=6))
def test_a_text_that_matches_is_never_ruled_out(pieces, text):
    pattern = "".join(piece + repeat for piece, repeat in pieces)
    language = PatternLanguage(pattern)
    if text and re.fullmatch(pattern, text):
        assert language.may_stay_within(frozenset(text))
        assert all(language.example_with({character}) for character in text)
