"""What cfn-lint says of a template."""

from functools import cache

from cfnlint import ManualArgs
from cfnlint.config import ConfigMixIn
from cfnlint.decode import decode_str
from cfnlint.runner import Runner

from tests.support.synthesis import IRELAND


def warnings_of_cfn_lint(text):
    """Every finding of a template, as ``cfnlint.api.lint`` gives it."""
    template, unreadable = decode_str(text)
    return unreadable or list(_runner().validate_template(template))


@cache
def _runner():
    """One for all templates, as the command has it: loading the rules takes as long as many a template."""
    return Runner(ConfigMixIn(**ManualArgs(regions=[IRELAND.region])))
