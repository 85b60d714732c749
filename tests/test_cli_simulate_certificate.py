"""Just-in-time provisioning of a certificate, simulated."""

from device_provisioning.aws_iot.rules.parameter_rules import RESERVED
from device_provisioning.certificates import subject
from tests.support.simulated import JITP, a_file, outcomes, simulate


def certificate(folder, *subject):
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.ObjectIdentifier(oid), value) for oid, value in subject])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=1))
    signed = builder.sign(key, hashes.SHA256())
    return a_file(folder, "device.pem", signed.public_bytes(serialization.Encoding.PEM))


def test_jitp_takes_its_parameters_from_the_subject_of_a_certificate(tmp_path):
    file = certificate(tmp_path, ("2.5.4.3", "pump-7"), ("2.5.4.6", "DE"))
    (outcome,) = outcomes(simulate(JITP, "--type", "jitp", "--certificate", file))
    assert outcome["thingName"] == "pump-7"
    assert outcome["device"] == {
        "AWS::IoT::Certificate::CommonName": "pump-7",
        "AWS::IoT::Certificate::Country": "DE",
    }


def test_a_subject_without_a_declared_field_fails(tmp_path):
    result = simulate(JITP, "--type", "jitp", "--certificate", certificate(tmp_path, ("2.5.4.6", "DE")))
    assert result.exit_code == 1
    assert "the certificate's subject has no value for it" in result.stderr


def test_every_reserved_parameter_but_the_id_has_its_field(tmp_path):
    oids = ["2.5.4.6", "2.5.4.10", "2.5.4.11", "2.5.4.46", "2.5.4.8", "2.5.4.3", "2.5.4.5"]
    values = ["DE", "Org", "Unit", "qualifier", "Bavaria", "name", "0042"]
    file = certificate(tmp_path, *zip(oids, values, strict=True), ("2.5.4.11", "second unit"))
    assert subject.subject_parameters(file) == dict(zip(RESERVED, values, strict=False))
