"""The state of a device in words."""

import pytest

from device_provisioning.allow_list import device_state
from device_provisioning.allow_list.device_state import CertificateState, certificate_state, state_in_words
from device_provisioning.console.aws_refusals import NotAllowedError, NotFoundError

CERTIFICATE = "c" * 64
USED = {"serial_number": "A-1", "certificate_id": CERTIFICATE, "reserved_at": 1798761600}
DATE = "2027-01-01 00:00:00 UTC"


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (
            CertificateState("PENDING_ACTIVATION"),
            f"reserved since {DATE} by certificate {CERTIFICATE}, which is",
        ),
        (
            CertificateState("gone"),
            f"reserved since {DATE} by certificate {CERTIFICATE}, which does not exist",
        ),
        (CertificateState("ACTIVE", ["s-1"]), f"registered as s-1 with certificate {CERTIFICATE} on {DATE}"),
        (
            CertificateState("ACTIVE", []),
            f"registered without a thing with certificate {CERTIFICATE} on {DATE}",
        ),
        (CertificateState("REVOKED", ["s-1"]), f"on {DATE}, which is REVOKED"),
        (CertificateState(None), "you need iot:DescribeCertificate to see which"),
        (CertificateState("ACTIVE", None), "you need iot:ListPrincipalThings to see as which thing"),
    ],
)
def test_the_certificate_that_a_record_names_decides_what_is_said(certificate, words):
    assert words in state_in_words(USED, certificate, 0)


def test_a_record_of_earlier_code_is_read_as_it_is():
    earlier = {"serial_number": "A-1", "certificate_id": CERTIFICATE, "claimed_at": 1798761600}
    assert f"on {DATE}" in state_in_words(earlier, CertificateState("ACTIVE", ["s-1"]), 0)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, ""),
        ({"blocked": True}, "; blocked"),
        ({"blocked": "maybe"}, "; blocked"),
        ({"expires_at": 1798761600}, f"; may register until {DATE}"),
        ({"expires_at": 1}, "; expired 1970-01-01 00:00:01 UTC"),
        ({"expires_at": "soon"}, "; expired: expires_at is not a number"),
        ({"expires_at": 10**15}, f"; may register until second {10**15}"),
        ({"parameter_overrides": {"Site": "plant7", "Line": "4"}}, "; the list gives Line=4, Site=plant7"),
    ],
)
def test_what_else_the_record_says_follows(more, words):
    state = state_in_words({"serial_number": "A-1", **more}, None, 1700000000)
    assert state == f"listed and never registered{words}"


class Calls:
    """AWS IoT, of which some calls fail."""

    def __init__(self, **failures):
        self._failures = failures

    def __call__(self, _subject, _service):
        return self

    def call(self, operation, **_arguments):
        self._fail(operation)
        return {"certificateDescription": {"status": "ACTIVE", "certificateArn": "arn"}}

    def pages(self, operation, _key, **_arguments):
        self._fail(operation)
        return ["s-1"]

    def _fail(self, operation):
        if error := self._failures.get(operation):
            raise error("refused")


@pytest.mark.parametrize(
    ("failures", "state"),
    [
        ({}, CertificateState("ACTIVE", ["s-1"])),
        ({"describe_certificate": NotFoundError}, CertificateState("gone")),
        ({"describe_certificate": NotAllowedError}, CertificateState(None)),
        ({"list_principal_things": NotAllowedError}, CertificateState("ACTIVE", None)),
    ],
)
def test_what_is_not_allowed_is_not_known(monkeypatch, failures, state):
    monkeypatch.setattr(device_state, "AwsCalls", Calls(**failures))
    assert certificate_state(CERTIFICATE) == state
