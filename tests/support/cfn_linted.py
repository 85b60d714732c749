"""What cfn-lint says of a template."""

from cfnlint import ManualArgs
from cfnlint.config import ConfigMixIn
from cfnlint.decode import decode_str
from cfnlint.runner import Runner

from tests.support.synthesis import IRELAND

_SEVERITIES = {"E": "error", "W": "warning", "I": "info"}


def warnings_of_cfn_lint(text):
    """Every finding of a template, as ``cfnlint.api.lint`` gives it."""
    template, unreadable = decode_str(text)
    return unreadable or list(_runner().validate_template(template))


def found_by_our_rules(text):
    """The code and the severity of every finding of the rules of this library."""
    template, unreadable = decode_str(text)
    assert not unreadable
    rules = {"append_rules": ["device_provisioning.cfn_lint"], "include_checks": ["I"]}
    ids = [match.rule.id for match in _runner(**rules).validate_template(template)]
    return {(f"DP{each[2:]}", _SEVERITIES[each[0]]) for each in ids if each[1] == "9"}


_KEPT = {}


def _runner(**settings):
    """One for all templates, as the command has it: loading the rules takes as long as many a template."""
    if (key := str(settings)) not in _KEPT:
        _KEPT[key] = Runner(ConfigMixIn(**ManualArgs(regions=[IRELAND.region], **settings)))
    return _KEPT[key]
