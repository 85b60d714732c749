"""Secrets in the files of the repository."""

import json

from .tools import Problem, run

NONE = {
    "constructs/device_provisioning/aws_iot/certificate_mode.py": "Private Key",
    "tests/support/panorama_endpoint.py": "Private Key",
    "tests/test_cdk_certificate_authority.py": "Private Key",
    "tests/test_cli_ca.py": "Private Key",
    "tests/test_custom_resource_protocol.py": "Private Key",
    "tests/test_greengrass_nucleus_config.py": "Basic Auth Credentials",
    "tests/test_iotda_rules.py": "Private Key",
    "tests/test_pulumi_just_in_time_provisioning.py": "Private Key",
    "tests/test_pulumi_just_in_time_registration.py": "Private Key",
    "tests/test_setting_checks.py": "Private Key",
    "tests/test_settings_that_would_fail_later.py": "Private Key",
}
"""Files that name how a secret begins, or hold one that a test made up."""
_GUESSES = ("Base64HighEntropyString", "HexHighEntropyString", "KeywordDetector", "TelegramBotTokenDetector")
"""Detectors that take hashes, ids and settings of this repository for secrets."""


def check() -> None:
    """Look for keys, tokens and passwords in all files that git knows.

    Raises:
        Problem: If there is one; each file is named.
    """
    without = [part for name in _GUESSES for part in ("--disable-plugin", name)]
    results = json.loads(run("detect-secrets", "scan", *without))["results"]
    found = [
        f"{path}, line {each['line_number']}: {each['type']}"
        for path, secrets in results.items()
        for each in secrets
        if NONE.get(path) != each["type"]
    ]
    if found:
        raise Problem("look at these, and see release/secrets.py:\n" + "\n".join(found))
