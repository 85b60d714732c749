"""Keys that are derived, keys that are signed, and proofs that are checked, by the emulator's AWS KMS."""

import json
import os
import stat

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.support.allow_list_command import a_file, left, run
from tests.support.certificates import an_authority, subject
from tests.support.faulty_wire import Fault
from tests.support.proving import BATCH, a_key, authenticated, derived_key, public_pem, signed

PEM = serialization.Encoding.PEM


@pytest.fixture(scope="module")
def kms(emulator):
    return emulator.client("kms")


@pytest.fixture(scope="module")
def hmac_key(kms):
    return kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]


@pytest.fixture(scope="module", params=["ECC_NIST_P256", "RSA_2048"])
def signing_key(kms, request):
    return kms.create_key(KeySpec=request.param, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]


@pytest.fixture(autouse=True)
def account(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)


def private_pem(key, password=None):
    kind = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, kind).decode()


def csr_pem(key):
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject("A-1"))
    return builder.sign(key, hashes.SHA256()).public_bytes(PEM).decode()


def derive(key, out, *arguments):
    return run("derive-key", *arguments, "--batch", BATCH, "--key", key, "--out", out)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_each_device_gets_the_key_that_the_hook_derives_for_it(kms, hmac_key, tmp_path):
    out = tmp_path / "keys"
    listed = a_file(tmp_path, "serial_number,batch_name\nA-2,line-4\nA-1,\n")
    result = derive(hmac_key, out, "A-1", "--file", listed)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"2 keys are in {out}\n")
    assert left(out) == ["A-1.key", "A-2.key"]
    for serial_number in ("A-1", "A-2"):
        file = out / f"{serial_number}.key"
        assert file.read_text() == f"{derived_key(kms, hmac_key, BATCH, serial_number).hex()}\n"
        assert mode(file) == 0o600
    assert mode(out) == 0o700


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("devices.csv", "serial_number;blocked\nA-1;\n"),
        ("devices.jsonl", json.dumps({"serial_number": "A-1"})),
    ],
)
def test_a_list_is_one_of_those_that_are_imported(hmac_key, tmp_path, name, text):
    out = tmp_path / "keys"
    assert derive(hmac_key, out, "--file", a_file(tmp_path, text, name)).exit_code == 0
    assert left(out) == ["A-1.key"]


def test_serial_numbers_get_keys_in_the_form_in_which_devices_present_them(kms, hmac_key, tmp_path):
    out = tmp_path / "keys"
    changes = ["--normalise", "lower", "--normalise", "no-separators"]
    assert derive(hmac_key, out, "AA:BB", *changes).exit_code == 0
    assert (out / "aabb.key").read_text().strip() == derived_key(kms, hmac_key, BATCH, "aabb").hex()


def test_no_serial_number_leads_out_of_the_directory_and_each_has_a_file_of_its_own(hmac_key, tmp_path):
    out = tmp_path / "keys"
    names = ["../../A", "..", ".", ".A", "A/B", "A%2FB", "A\\B", "C:A", "/etc/passwd", "/" * 128, "/" * 127]
    result = derive(hmac_key, out, *names)
    assert result.exit_code == 0, result.stderr
    assert left(tmp_path) == ["keys"]
    assert len(left(out)) == len(names)
    assert f"../../A: is in {out / '%2E.%2F..%2FA.key'}" in result.stderr.splitlines()


def test_a_run_that_is_made_again_writes_what_is_missing_and_nothing_else(hmac_key, tmp_path):
    out = tmp_path / "keys"
    assert derive(hmac_key, out, "A-1").exit_code == 0
    before = (out / "A-1.key").stat()
    assert derive(hmac_key, out, "A-1", "A-2").exit_code == 0
    after = (out / "A-1.key").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert left(out) == ["A-1.key", "A-2.key"]


def test_a_key_of_something_else_is_overwritten_only_by_force(kms, hmac_key, tmp_path):
    out = tmp_path / "keys"
    out.mkdir()
    a_file(out, "another\n", "A-1.key")
    result = derive(hmac_key, out, "A-1", "A-2")
    assert result.exit_code == 1
    assert "A-1.key: holds something else and will not be overwritten" in result.stderr
    assert (out / "A-1.key").read_text() == "another\n"
    assert left(out) == ["A-1.key", "A-2.key"]
    assert derive(hmac_key, out, "A-1", "--force").exit_code == 0
    assert (out / "A-1.key").read_text().strip() == derived_key(kms, hmac_key, BATCH, "A-1").hex()
    assert mode(out / "A-1.key") == 0o600


def test_aws_kms_is_asked_again_while_it_is_busy(hmac_key, tmp_path, emulator, list_wire):
    list_wire.breaks("GenerateMac", Fault(400, "ThrottlingException"), times=3)
    assert derive(hmac_key, tmp_path / "keys", "A-1").exit_code == 0
    assert len(list_wire.met) == 3
    assert left(tmp_path / "keys") == ["A-1.key"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["A 1"], "the serial number 'A 1' has a space"),
        ([], "there is no serial number: give them as arguments, or a list by --file"),
        (["--file", "missing.csv"], "missing.csv: cannot be read: No such file or directory"),
        (["--file", "list.txt"], "list.txt: give a file that ends with .csv, .jsonl or .parquet"),
    ],
)
def test_what_is_wrong_with_serial_numbers_is_said_before_anything_is_written(
    hmac_key, tmp_path, monkeypatch, arguments, problem
):
    monkeypatch.chdir(tmp_path)
    result = derive(hmac_key, "keys", *arguments)
    assert (result.exit_code, result.stderr) == (2, f"{problem}\n")
    assert left(tmp_path) == []


def test_every_line_of_a_list_that_is_wrong_is_said(hmac_key, tmp_path):
    listed = a_file(tmp_path, "serial_number\nA 1\nA-2\nA 3\n")
    result = derive(hmac_key, tmp_path / "keys", "--file", listed)
    assert result.exit_code == 2
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [f"{listed}:2", f"{listed}:4"]
    assert left(tmp_path) == ["devices.csv"]


def test_a_key_that_is_not_there_is_said_in_a_line(tmp_path):
    result = derive("alias/nowhere", tmp_path / "keys", "A-1")
    assert result.exit_code == 2
    assert result.stderr.startswith("alias/nowhere: GenerateMac: NotFoundException")
    assert "look for the key with `aws kms list-aliases`" in result.stderr
    assert left(tmp_path / "keys") == []


KINDS = {
    "--public-key": public_pem,
    "--csr": csr_pem,
    "--certificate": lambda key: an_authority().issue(subject("A-1"), 1, key).certificate_pem.decode(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_manufacturer_signs_is_a_proof_of_the_device_and_of_no_other(tmp_path, kind):
    device, maker = a_key(), a_key()
    own = a_file(tmp_path, KINDS[kind](device), "own.pem")
    other = a_file(tmp_path, public_pem(a_key()), "other.pem")
    key, public = a_file(tmp_path, private_pem(maker), "maker.key"), tmp_path / "maker.pub"
    public.write_text(public_pem(maker))
    out = tmp_path / "A-1.proof"
    told = ["--batch", BATCH, "--key", key, "--out", out]
    result = run("sign", "--serial-number", "A-1", kind, own, *told)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert mode(out) == 0o600
    checked = run("verify", out, "--serial-number", "A-1", kind, own, "--manufacturer-key", public)
    assert (checked.exit_code, checked.stdout) == (0, f"{out}: is valid for A-1 of the batch {BATCH}\n")
    wrong = [("A-2", own, public), ("A-1", other, public), ("A-1", own, other)]
    for serial_number, file, signer in wrong:
        of_key = kind if file == own else "--public-key"
        checked = run(
            "verify", out, "--serial-number", serial_number, of_key, file, "--manufacturer-key", signer
        )
        assert checked.exit_code == 1
        assert "is not valid" in checked.stdout


def test_a_key_in_aws_kms_signs_and_is_checked_with(signing_key, tmp_path):
    own = a_file(tmp_path, public_pem(a_key()), "own.pem")
    out = tmp_path / "A-1.proof"
    device = ["--serial-number", "A-1", "--public-key", own, "--kms-key", signing_key]
    signed_for = run("sign", *device, "--batch", BATCH, "--out", out)
    assert (signed_for.exit_code, signed_for.stderr) == (0, "")
    assert run("verify", out, *device).exit_code == 0
    assert run("verify", out, *device[2:], "--serial-number", "A-2").exit_code == 1


def test_a_proof_by_a_derived_key_is_checked_with_it_and_with_aws_kms(kms, hmac_key, tmp_path):
    key = a_key()
    own = a_file(tmp_path, public_pem(key), "own.pem")
    derive(hmac_key, tmp_path / "keys", "A-1", "A-2")
    proof = authenticated(derived_key(kms, hmac_key, BATCH, "A-1"), "A-1", key)
    file = a_file(tmp_path, proof, "A-1.proof")
    told = ["verify", file, "--public-key", own]
    for way in (["--device-key", tmp_path / "keys" / "A-1.key"], ["--kms-key", hmac_key]):
        assert run(*told, "--serial-number", "A-1", *way).exit_code == 0
        assert run(*told, "--serial-number", "A-2", *way).exit_code == 1
    other = ["--device-key", tmp_path / "keys" / "A-2.key"]
    assert run(*told, "--serial-number", "A-1", *other).exit_code == 1


def test_a_proof_in_another_form_is_not_valid(tmp_path):
    own = a_file(tmp_path, public_pem(a_key()), "own.pem")
    file = a_file(tmp_path, "line-4", "A-1.proof")
    result = run("verify", file, "--serial-number", "A-1", "--public-key", own, "--manufacturer-key", own)
    assert result.exit_code == 1
    assert "it is not of the form BATCH.VALUE" in result.stdout


def test_many_are_signed_for_by_a_list_and_again_only_those_that_are_missing(tmp_path):
    maker, lines = a_key(), ["serial_number,csr"]
    (tmp_path / "csrs").mkdir()
    for number in (1, 2):
        a_file(tmp_path / "csrs", csr_pem(a_key()), f"{number}.csr")
        lines.append(f"A-{number},csrs/{number}.csr")
    listed = a_file(tmp_path, "\n".join(lines), "list.csv")
    key, out = a_file(tmp_path, private_pem(maker), "maker.key"), tmp_path / "proofs"
    told = ["sign", "--file", listed, "--batch", BATCH, "--key", key, "--out", out]
    assert run(*told).exit_code == 0
    assert left(out) == ["A-1.proof", "A-2.proof"]
    kept, gone = (out / "A-1.proof").read_text(), out / "A-2.proof"
    gone.unlink()
    assert run(*told).exit_code == 0
    assert (out / "A-1.proof").read_text() == kept
    assert gone.exists()
    a_file(out, "nonsense", "A-1.proof")
    result = run(*told)
    assert result.exit_code == 1
    assert "holds something else" in result.stderr


def test_everything_that_is_wrong_with_a_list_to_sign_is_said_and_nothing_is_written(tmp_path):
    own = a_file(tmp_path, public_pem(a_key()), "own.pem")
    lines = ["serial_number,public_key", "A 1,own.pem", "A-2,none.pem", "A-3,", "A-4,own.pem", "A-4,own.pem"]
    listed = a_file(tmp_path, "\n".join(lines), "list.csv")
    key, out = a_file(tmp_path, private_pem(a_key()), "maker.key"), tmp_path / "proofs"
    result = run("sign", "--file", listed, "--batch", BATCH, "--key", key, "--out", out)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"{listed}:2: the serial number 'A 1' has a space",
        f"{listed}:3: {tmp_path / 'none.pem'}: cannot be read: No such file or directory",
        f"{listed}:4: give the device's key by one of --public-key, --csr and --certificate",
        f"{listed}: A-4 is listed twice: list each device once",
    ]
    assert own.exists()
    assert not out.exists()


def bad_csr():
    text = csr_pem(a_key())
    der = bytearray(x509.load_pem_x509_csr(text.encode()).public_bytes(serialization.Encoding.DER))
    der[-1] ^= 1
    return bytes(der)


SECRET = "correct horse"
FILES = {
    "maker.key": lambda: private_pem(a_key()).encode(),
    "own.pem": lambda: public_pem(a_key()).encode(),
    "locked.key": lambda: private_pem(a_key(), SECRET.encode()).encode(),
    "right": lambda: f"{SECRET}\n".encode(),
    "wrong": lambda: b"another\n",
    "p384.key": lambda: private_pem(ec.generate_private_key(ec.SECP384R1())).encode(),
    "weak.key": lambda: private_pem(rsa.generate_private_key(65537, 1024)).encode(),
    "edwards.key": lambda: private_pem(ed25519.Ed25519PrivateKey.generate()).encode(),
    "edwards.pem": lambda: public_pem(ed25519.Ed25519PrivateKey.generate()).encode(),
    "bad.csr": bad_csr,
    "nothing": lambda: b"",
    "noise": lambda: bytes(range(256)),
}
OWN, MAKER = ["--public-key", "own.pem"], ["--key", "maker.key"]
KINDS_OF_MAKERS = "give a key on the curve P-256, or RSA of at least 2048 bits"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([*OWN, "--key", "locked.key"], "locked.key: is encrypted: give --password-file"),
        (
            [*OWN, "--key", "locked.key", "--password-file", "wrong"],
            "locked.key: contains no private key in PEM, or the password is another one",
        ),
        (
            [*OWN, *MAKER, "--password-file", "right"],
            "maker.key: is not encrypted: leave out --password-file",
        ),
        ([*OWN, "--key", "p384.key"], f"p384.key: {KINDS_OF_MAKERS}"),
        ([*OWN, "--key", "weak.key"], f"weak.key: {KINDS_OF_MAKERS}"),
        ([*OWN, "--key", "edwards.key"], f"edwards.key: {KINDS_OF_MAKERS}"),
        ([*OWN, "--key", "own.pem"], "own.pem: contains no private key in PEM"),
        ([*OWN, "--key", "noise"], "noise: contains no private key in PEM"),
        ([*OWN], "give the manufacturer's key by --key or by --kms-key"),
        ([*OWN, *MAKER, "--kms-key", "alias/x"], "give the manufacturer's key by --key or by --kms-key"),
        (["--public-key", "nothing", *MAKER], "nothing: contains no public key in PEM or DER"),
        (["--public-key", "maker.key", *MAKER], "maker.key: contains no public key in PEM or DER"),
        (
            ["--public-key", "edwards.pem", *MAKER],
            "edwards.pem: AWS IoT accepts devices with EC and RSA keys only",
        ),
        (["--csr", "own.pem", *MAKER], "own.pem: contains no CSR in PEM or DER"),
        (
            ["--csr", "bad.csr", *MAKER],
            "bad.csr: is not signed with its own key: have the device make it again",
        ),
        (["--certificate", "noise", *MAKER], "noise: contains no certificate in PEM or DER"),
        (["--certificate", "missing", *MAKER], "missing: cannot be read: No such file or directory"),
        ([*MAKER], "give the device's key by one of --public-key, --csr and --certificate"),
        (
            [*OWN, "--csr", "bad.csr", *MAKER],
            "give the device's key by one of --public-key, --csr and --certificate",
        ),
    ],
)
def test_what_can_not_sign_or_be_signed_is_said_in_a_line(tmp_path, monkeypatch, arguments, problem):
    monkeypatch.chdir(tmp_path)
    for name in FILES.keys() & set(arguments):
        (tmp_path / name).write_bytes(FILES[name]())
    given = ["--serial-number", "A-1", "--batch", BATCH, "--out", "A-1.proof", *arguments]
    result = run("sign", *given)
    assert (result.exit_code, result.stderr) == (2, f"{problem}\n")
    assert not (tmp_path / "A-1.proof").exists()


def test_a_key_with_a_password_signs(tmp_path):
    for name in ("locked.key", "right", "own.pem"):
        (tmp_path / name).write_bytes(FILES[name]())
    given = ["--key", tmp_path / "locked.key", "--password-file", tmp_path / "right"]
    own = ["--serial-number", "A-1", "--public-key", tmp_path / "own.pem"]
    result = run("sign", *own, "--batch", BATCH, *given, "--out", tmp_path / "A-1.proof")
    assert result.exit_code == 0, result.stderr


def test_the_proof_of_a_test_that_knows_no_library_is_valid(tmp_path):
    maker, key = a_key(), a_key()
    file = a_file(tmp_path, signed(maker, "A-1", key) + "\n", "A-1.proof")
    own, public = (
        a_file(tmp_path, public_pem(key), "own.pem"),
        a_file(tmp_path, public_pem(maker), "maker.pub"),
    )
    told = ["--serial-number", "A-1", "--public-key", own, "--manufacturer-key", public]
    assert run("verify", file, *told).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"00" * 31, b"zz" * 32, bytes(range(32, 64)) + b"\xff"])
def test_a_file_that_holds_no_key_of_a_device_is_said(tmp_path, content):
    key = a_key()
    (tmp_path / "A-1.key").write_bytes(content)
    own, proof = a_file(tmp_path, public_pem(key), "own.pem"), a_file(tmp_path, f"{BATCH}.a2V5", "proof")
    told = ["--serial-number", "A-1", "--public-key", own, "--device-key", tmp_path / "A-1.key"]
    result = run("verify", proof, *told)
    assert result.exit_code == 2
    assert "contains no key of a device" in result.stderr


def test_files_that_can_not_be_written_are_said(hmac_key, tmp_path):
    in_the_way = a_file(tmp_path, "", "keys")
    result = derive(hmac_key, in_the_way, "A-1")
    assert (result.exit_code, result.stderr) == (2, f"{in_the_way}: is not a directory: give another one\n")
    if os.getuid():
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        result = derive(hmac_key, closed, "A-1")
        assert result.exit_code == 2
        assert "A-1.key: cannot be written: Permission denied" in result.stderr
