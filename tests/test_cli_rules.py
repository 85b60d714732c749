"""The command ``device-provisioning rules``."""

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from device_provisioning.lint.every_rule import EVERY_RULE


def rules(*arguments):
    return CliRunner().invoke(app, ["rules", *arguments])


def test_every_rule_is_listed_in_the_order_of_the_codes():
    lines = rules().stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(EVERY_RULE)


@pytest.mark.parametrize("code", ["DP005", "dp005"])
def test_one_rule_is_shown_with_its_source_and_what_to_do(code):
    rule = EVERY_RULE["DP005"]
    shown = rules(code).stdout
    assert all(text in shown for text in (rule.title, rule.source, rule.hint, '--silence "DP005=REASON"'))


def test_a_code_that_does_not_exist_is_reported_in_one_line():
    result = rules("DP999")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == ["there is no rule DP999: device-provisioning rules lists them all"]
