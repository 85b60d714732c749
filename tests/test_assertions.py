"""Every test can fail: it asserts something and never returns early."""

from pathlib import Path

import pytest

from tests.support.asserting import asserts, functions_of, returns


def all_tests():
    """Every test with its file."""
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    return [(file, test) for file in files for test in functions_of(file)]


def test_every_test_asserts_something():
    assert len(all_tests()) > 1000
    assert [f"{file.name}::{test.name}" for file, test in all_tests() if not asserts(test, file)] == []


def test_no_test_returns_early():
    assert [f"{file.name}::{test.name}" for file, test in all_tests() if returns(test)] == []


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("def test_a():\n    assert 1", True),
        ("def test_a():\n    run(check=True)", True),
        ("def test_a():\n    helper()\ndef helper():\n    assert 1", True),
        ("def test_a():\n    with pytest.raises(ValueError):\n        run()", True),
        ("def test_a():\n    run(check=False)", False),
        ("def test_a():\n    run(lambda: pytest.fail('never called'))", False),
        ("def test_a():\n    run(lambda: helper())\ndef helper():\n    assert 1", False),
        ("def test_a():\n    helper()\ndef helper():\n    helper()", False),
    ],
)
def test_an_assertion_is_found_where_it_is_reached(tmp_path, text, fine):
    file = tmp_path / "test_a.py"
    file.write_text(text)
    (test,) = functions_of(file)
    assert asserts(test, file) is fine


def test_a_return_of_a_nested_function_does_not_count(tmp_path):
    file = tmp_path / "test_a.py"
    file.write_text(
        "def test_a():\n    if 1:\n        return\ndef test_b():\n    def inner():\n        return\n"
    )
    assert {test.name: returns(test) for test in functions_of(file)} == {"test_a": True, "test_b": False}
