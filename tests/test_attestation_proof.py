"""The text of a proof: one text for one proof, and nothing else is one."""

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import example, given
from hypothesis import strategies as st

from device_provisioning.attestation.proof import (
    Proof,
    device_mac,
    key_message,
    proof_message,
    proof_text,
    read_proof,
)
from tests.support.proving import BATCH, a_key, authenticated, statement

VALUE = bytes(range(32))


@given(st.from_regex("[A-Za-z0-9_-]{1,64}", fullmatch=True), st.binary(min_size=1, max_size=512))
def test_what_is_written_is_read(batch, value):
    assert read_proof(proof_text(Proof(batch, value))) == Proof(batch, value)


@given(st.text())
@example("line-4.AAECAw==")
@example("line-4.AB")
@example("a.b.c")
def test_a_text_is_no_proof_or_the_only_text_of_one(text):
    proof = read_proof(text)
    assert proof is None or proof_text(proof) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "line-4",
        "line-4.",
        ".AAEC",
        "line 4.AAEC",
        "line-4.AAEC\n",
        "line-4.AA+C",
        "line-4.AA/C",
        "line-4.AAEC=",
        "line-4.A",
        "line-4.AB",
        "line-4.AAEC.AAEC",
        f"{'x' * 65}.AAEC",
        f"line-4.{'A' * 1025}",
        "líne-4.AAEC",
    ],
)
def test_what_is_no_proof_is_none(text):
    assert read_proof(text) is None


def test_a_device_can_put_its_proof_together_as_the_guide_says():
    key = a_key()
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert proof_message(BATCH, "A-1", der) == statement(BATCH, "A-1", key)
    mac = device_mac(VALUE, BATCH, "A-1", der)
    assert proof_text(Proof(BATCH, mac)) == authenticated(VALUE, "A-1", key)


def test_no_two_devices_have_one_message():
    """A batch and a serial number can't be cut at another place: neither has a line break."""
    pairs = [("a", "b-1"), ("a-b", "1"), ("ab", "-1"), ("a", "b"), ("b", "a")]
    assert len({key_message(*pair) for pair in pairs}) == len(pairs)
    assert len({proof_message(*pair, b"") for pair in pairs}) == len(pairs)
    assert not {key_message(*pair) for pair in pairs} & {proof_message(*pair, b"") for pair in pairs}


def test_a_value_is_of_the_alphabet_for_urls():
    assert proof_text(Proof("b", b"\xff\xef\xfe")) == "b._-_-"
