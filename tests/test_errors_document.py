"""``docs/errors.md`` has every reason that the code knows, and no other."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from botocore import exceptions

from device_provisioning.aws_iot import FailureReason
from device_provisioning.aws_iot.evaluation.problems import CallProblem, Problem
from device_provisioning.aws_iot.limits import TextProblem
from device_provisioning.console import aws_failures, aws_refusals
from device_provisioning.extras import EXTRAS
from device_provisioning.iotda import evaluation as iotda
from device_provisioning.lambdas.certificate_rotation import reasons as certificate_rotation
from device_provisioning.lambdas.custom_resources import claim_rotation, cloudformation
from device_provisioning.lambdas.just_in_time_registration import decision
from device_provisioning.lambdas.just_in_time_registration import reasons as registration
from device_provisioning.lambdas.pre_provisioning_hook import reasons as hook
from device_provisioning.openssl.library import library
from device_provisioning.pulumi_providers import reasons as pulumi_providers
from device_provisioning.records.denials import DENIALS

PAGE = (Path(__file__).parent.parent / "docs" / "errors.md").read_text("utf-8")


def codes_of_the_emulator():
    """What it answers on the rejected topics, as AWS publishes no list."""
    source = Path(find_spec("ministack.services.iot").origin).read_text("utf-8")
    refusals = r"(?:_fleet_rejected|_ProvisioningRejected)\(\s*\"(\w+)\"|_HOOK_INVALID_RESULT = \(\"(\w+)\""
    return {code for found in re.findall(refusals, source) for code in found if code}


def words_of_openssl():
    openssl = library()
    return {openssl.X509_verify_cert_error_string(code).decode() for code in decision._OF_THE_DEVICE}


CODES_OF_AWS = {
    *aws_refusals._HINTS,
    *DENIALS,
    *aws_refusals._MISSING,
    *(code for _, code in aws_refusals._OF_OPERATIONS),
}
FAILURES = {
    aws_failures.NO_REGION,
    *(
        kind.fmt
        for kind in (
            exceptions.NoCredentialsError,
            exceptions.ProfileNotFound,
            exceptions.EndpointConnectionError,
            exceptions.SSOTokenLoadError,
        )
    ),
}
RECEIVED = (set(FailureReason) - {FailureReason.UNREADABLE_DEVICE}) | codes_of_the_emulator()
SECTIONS = {
    "What a device receives": [RECEIVED | {"InvalidCertificateSigningRequest"}],
    "What the hook says": [hook.Reason],
    "What just-in-time registration says": [registration.Reason, words_of_openssl()],
    "What the rotation of certificates says": [certificate_rotation.Reason, certificate_rotation.Unretired],
    "What the rotation of a claim says": [claim_rotation.Reason],
    "Why a device fails in a simulation": [{FailureReason.UNREADABLE_DEVICE}],
    "What is wrong for the device": [Problem, TextProblem],
    "What is wrong with a function": [CallProblem],
    "What is wrong for a device of IoTDA": [iotda.FailureReason, iotda.Problem],
    "With CloudFormation": [cloudformation.Reason],
    "With Pulumi": [pulumi_providers.Reason],
    "What the command says": [{"0", "1", "2", "130"}, EXTRAS],
    "When AWS can't be asked": [FAILURES],
    "When AWS refuses": [CODES_OF_AWS],
}


def tables(section):
    """The first cells of each table of a section, which are code, without those of its subsections."""
    ((text),) = re.findall(rf"^##+ {re.escape(section)}\n(.*?)(?=^##|\Z)", PAGE, re.M | re.S)
    found = re.findall(r"^\|---.*\n((?:\|.*\n)+)", text, re.M)
    return [re.findall(r"^\| (`+) ?(.*?) ?\1 \|", rows, re.M) for rows in found]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_has_every_reason_of_the_code_once_and_no_other(section):
    expected = [sorted(str(reason) for reason in reasons) for reasons in SECTIONS[section]]
    assert [sorted(reason for _, reason in rows) for rows in tables(section)] == expected


def test_every_row_says_why_and_what_to_do():
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows) > 100
    assert [row for row in rows if any(not cell.strip() for cell in row.split("|")[1:-1])] == []


def test_a_missing_package_is_reported_as_the_page_says():
    for package, extra in EXTRAS.items():
        assert f"| `{package}` | `pip install 'device-provisioning[{extra}]'` |" in PAGE


def test_the_page_has_a_section_for_every_set_of_reasons():
    with_tables = [name for name in re.findall(r"^##+ (.*)$", PAGE, re.M) if tables(name)]
    assert set(with_tables) - set(SECTIONS) == {"When a device receives no answer"}
