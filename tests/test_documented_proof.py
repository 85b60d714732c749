"""What the guide lets a device compute, in examples/devices/python/proof.py, is what the hook expects."""

import runpy
from pathlib import Path

import pytest

from device_provisioning.attestation.proof import device_mac, read_proof
from device_provisioning.openssl.public_keys import public_key_of
from tests.support.certificates import an_authority, subject
from tests.support.proving import BATCH

PROGRAM = Path(__file__).parents[1] / "examples/devices/python/proof.py"


@pytest.mark.parametrize("serial_number", ["A-1", "AA:BB:CC", "~" * 128])
def test_a_device_that_follows_the_guide_proves_itself(serial_number):
    certificate = an_authority().issue(subject("AWS IoT Certificate"), 1).certificate_pem.decode()
    made = runpy.run_path(str(PROGRAM))["proof"](BATCH, serial_number, b"k" * 32, certificate)
    public_key = public_key_of(certificate.encode())
    read = read_proof(made)
    assert read.batch == BATCH
    assert read.value == device_mac(b"k" * 32, BATCH, serial_number, public_key)
