"""What just-in-time registration lets OpenSSL judge."""

import ctypes
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from device_provisioning.lambdas.just_in_time_registration import handler
from device_provisioning.lambdas.just_in_time_registration.decision import judge, thing_name
from device_provisioning.lambdas.just_in_time_registration.reasons import Denied, Failed
from device_provisioning.openssl.library import library
from tests.support.certificates import an_authority, pem_of, revoked, subject


@pytest.fixture(scope="module")
def authority():
    return an_authority()


@pytest.fixture(scope="module")
def ca(authority):
    return pem_of(authority.certificate)


@pytest.fixture(scope="module")
def device(authority):
    return authority.issue(subject("pump-1"), 1).certificate_pem


def test_a_certificate_of_the_ca_passes_with_and_without_a_revocation_list(authority, ca, device):
    assert judge(device, ca, None) is None
    assert judge(device, ca, revoked(authority)) is None


def test_a_revoked_certificate_is_denied_and_another_passes(authority, ca, device):
    other = authority.issue(subject("pump-2"), 1).certificate_pem
    with pytest.raises(Denied, match="certificate revoked"):
        judge(device, ca, revoked(authority, device))
    judge(other, ca, revoked(authority, device))


def test_a_revocation_list_in_der_is_read_too(authority, ca, device):
    listed = x509.load_pem_x509_crl(revoked(authority, device))
    with pytest.raises(Denied, match="certificate revoked"):
        judge(device, ca, listed.public_bytes(serialization.Encoding.DER))


def test_an_expired_certificate_is_denied(authority, ca):
    with pytest.raises(Denied, match="certificate has expired"):
        judge(authority.issue(subject("pump-1"), 0).certificate_pem, ca, None)


def test_a_list_that_is_out_of_date_lets_nobody_through(authority, ca, device):
    with pytest.raises(Failed, match="CRL has expired"):
        judge(device, ca, revoked(authority, days=-1))


def test_a_list_that_another_ca_of_the_same_name_signed_lets_nobody_through(ca, device):
    with pytest.raises(Failed, match="CRL"):
        judge(device, ca, revoked(an_authority()))


def test_a_list_that_was_changed_lets_nobody_through(authority, ca, device):
    der = x509.load_pem_x509_crl(revoked(authority)).public_bytes(serialization.Encoding.DER)
    with pytest.raises(Failed, match="CRL signature failure"):
        judge(device, ca, der[:-1] + bytes([der[-1] ^ 1]))


def test_a_certificate_of_another_ca_does_not_pass(ca):
    other = an_authority("Other").issue(subject("pump-1"), 1).certificate_pem
    with pytest.raises(Failed, match="unable to get local issuer certificate"):
        judge(other, ca, None)


def test_a_certificate_whose_signature_was_changed_is_denied(ca, device):
    der = x509.load_pem_x509_certificate(device).public_bytes(serialization.Encoding.DER)
    forged = x509.load_der_x509_certificate(der[:-1] + bytes([der[-1] ^ 1]))
    with pytest.raises(Denied, match="certificate signature failure"):
        judge(pem_of(forged), ca, None)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN X509 CRL-----\n", b"\x30\x82\xff\xff", b"list"])
def test_what_is_no_revocation_list_lets_nobody_through(ca, device, content):
    with pytest.raises(Failed, match="the revocation list can't be read"):
        judge(device, ca, content)


def test_what_is_no_certificate_lets_nobody_through(ca):
    with pytest.raises(Failed, match="the certificate can't be read"):
        judge(b"-----BEGIN CERTIFICATE-----\n", ca, None)
    with pytest.raises(Failed, match="the certificate can't be read"):
        thing_name(b"", "")


def test_a_failure_leaves_no_error_for_the_next_tls_connection(ca):
    with pytest.raises(Failed):
        judge(b"", ca, None)
    peek = library().ERR_peek_error
    assert peek() == 0


@pytest.fixture
def another_runtime():
    """Lets OpenSSL be looked for anew, and forgets afterwards what was found."""
    library.cache_clear()
    yield
    library.cache_clear()


def tls_of(file):
    return SimpleNamespace(__file__=file) if file else SimpleNamespace()


NO_OPENSSL = importlib.util.find_spec("_ctypes").origin
RUNTIMES_WITHOUT_OPENSSL = {
    "no TLS at all": None,
    "TLS inside the interpreter, which shows no symbols": tls_of(None),
    "a library that is not there": tls_of("/nowhere/_ssl.so"),
    "a library without OpenSSL's symbols": tls_of(NO_OPENSSL),
}


@pytest.mark.parametrize("tls", RUNTIMES_WITHOUT_OPENSSL.values(), ids=RUNTIMES_WITHOUT_OPENSSL)
@pytest.mark.usefixtures("another_runtime")
def test_a_runtime_whose_openssl_cannot_be_reached_lets_nobody_through(ca, device, monkeypatch, tls):
    monkeypatch.setitem(sys.modules, "_ssl", tls)
    for ask in (lambda: judge(device, ca, None), lambda: thing_name(device, "pump-")):
        with pytest.raises(Failed, match="the OpenSSL of this Python can't be reached: "):
            ask()


class OfVersion:
    """This machine's OpenSSL, which tells another version."""

    def __init__(self, real, version):
        self._real = real
        self.OpenSSL_version_num = lambda: version

    def __getattr__(self, name):
        return getattr(self._real, name)


@pytest.mark.parametrize(
    ("number", "version"),
    [
        (0x1010117F, 1),  # OpenSSL 1.1.1, and what AWS-LC and BoringSSL say of themselves
        (0x20000000, 2),  # LibreSSL
        (0x40000000, 4),
    ],
)
@pytest.mark.usefixtures("another_runtime")
def test_another_openssl_than_the_one_that_was_tried_lets_nobody_through(
    ca, device, monkeypatch, number, version
):
    load = ctypes.CDLL
    monkeypatch.setattr(ctypes, "CDLL", lambda file: OfVersion(load(file), number))
    with pytest.raises(Failed, match=f"says that it is version {version}: this function knows version 3"):
        judge(device, ca, None)


@pytest.mark.usefixtures("another_runtime")
def test_an_event_that_cannot_be_judged_is_raised_to_lambda_and_the_log_says_why(
    ca, device, monkeypatch, capsys
):
    described = {"certificatePem": device.decode(), "caCertificateId": "ca", "status": "PENDING_ACTIVATION"}
    answer = {"certificateDescription": described}
    iot = SimpleNamespace(describe_certificate=lambda **_: answer)
    monkeypatch.setattr(handler, "_client", lambda _service: iot)
    settings = {
        "ALLOW_LIST_TABLE_NAME": "devices",
        "CA_CERTIFICATE": ca.decode(),
        "CA_CERTIFICATE_ID": "ca",
        "METRICS_NAMESPACE": "Test",
        "POLICY_NAME": "pump",
        "THING_NAME_PREFIX": "pump-",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(sys.modules, "_ssl", None)
    with pytest.raises(Failed):
        handler.handler({"certificateId": "0" * 64})
    line = json.loads(capsys.readouterr().out)
    assert (line["result"], line["Failed"]) == ("Failed", 1)
    assert line["detail"].startswith("the OpenSSL of this Python can't be reached: ")


def test_the_common_name_is_the_name_of_the_thing(device):
    assert thing_name(device, "pump-") == "pump-1"


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ([], "has 0 common names"),
        (["pump-1", "pump-2"], "has 2 common names"),
        (["valve-1"], "does not begin with pump-"),
        (["pump-1 "], "can't be the name of a thing"),
        (["pump-ü"], "can't be the name of a thing"),
    ],
)
def test_a_common_name_that_is_none_of_the_things_is_denied(authority, names, problem):
    with pytest.raises(Denied, match=problem):
        thing_name(authority.issue(subject(*names), 1).certificate_pem, "pump-")


def test_the_function_needs_nothing_but_the_standard_library_and_botocore():
    folder = Path("constructs").resolve()
    code = "import sys; sys.path.insert(0, sys.argv[1]);"
    code += " from device_provisioning.lambdas.just_in_time_registration import openssl;"
    code += " from device_provisioning.openssl.library import library; library()"
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(folder)], check=True)
