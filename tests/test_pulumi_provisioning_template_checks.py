"""The rules over raw templates in a Pulumi program, on Pulumi's own engine."""

import json
import re

import pulumi
import pulumi_aws as aws
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pulumi.automation import CommandError

from device_provisioning.aws_iot import Severity
from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.files import lint_text
from device_provisioning.pulumi import FleetProvisioning, check_provisioning_templates
from tests.support.needing_engine import needs_engine
from workshop.pulumi_engine import stack_of

pytestmark = [needs_engine, pytest.mark.timeout(600)]
ROLE = "arn:aws:iam::111122223333:role/provisioning"


def body(certificate_id="AWS::IoT::Certificate::Id", policy="pump"):
    certificate = {"CertificateId": {"Ref": certificate_id}, "Status": "ACTIVE"}
    return json.dumps(
        {
            "Parameters": {"AWS::IoT::Certificate::Id": {"Type": "String"}},
            "Resources": {
                "certificate": {"Type": "AWS::IoT::Certificate", "Properties": certificate},
                "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": policy}},
            },
        }
    )


def a_template(resource_name, template_body, **settings):
    settings = {"provisioning_role_arn": ROLE, "enabled": True, **settings}
    return aws.iot.ProvisioningTemplate(resource_name, template_body=template_body, **settings)


def template_names(emulator):
    templates = emulator.client("iot").list_provisioning_templates()["templates"]
    return [template["templateName"] for template in templates]


@pytest.fixture
def operation(emulator, tmp_path):
    """Run an operation of the engine over a program; gives whether it passed and what it told."""
    project = tmp_path / "program"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: raw\nruntime: python\n")

    def run(define, name="preview", **checks):
        def program():
            check_provisioning_templates(**checks)
            define()

        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        reported = []
        try:
            run.stack = stack_of(project, emulator, folder, program=program)
            getattr(run.stack, name)(on_output=reported.append)
        except CommandError:
            return False, "\n".join(reported)
        return True, "\n".join(reported)

    run.state = lambda: run.stack.export_stack().deployment
    return run


def test_a_preview_fails_with_every_error_of_all_templates(operation):
    def define():
        a_template("first", body("Missing"))
        a_template("second", "{")
        aws.iot.CaCertificate(
            "authority",
            active=True,
            allow_auto_registration=True,
            ca_certificate_pem="pem",
            certificate_mode="SNI_ONLY",
            registration_config={"template_body": body(), "template_name": "pumps"},
        )

    passed, reported = operation(define)
    assert not passed
    assert "first: DP005 /templateBody/Resources/certificate" in reported
    assert "declare it under Parameters" in reported
    assert "first: DP012" in reported
    assert "second: DP003" in reported
    assert "authority: DP044" in reported
    assert "break rules" in reported


def a_signing_request():
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    return request.public_bytes(Encoding.PEM).decode()


def a_hook(role):
    code = pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context): ...")})
    settings = {"code": code, "handler": "index.handler", "runtime": "python3.13", "timeout": 30}
    return aws.lambda_.Function("hook", role=role, **settings)


def a_fleet():
    """A template with all that belongs to it, none of it as safe as it should be."""
    everything = json.dumps({"Statement": [{"Effect": "Allow", "Action": "iot:*", "Resource": "*"}]})
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "iot.amazonaws.com"}}
    role = aws.iam.Role("role", assume_role_policy=json.dumps({"Statement": [trust]}))
    aws.iam.RolePolicyAttachment(
        "registration",
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AWSIoTThingsRegistration",
    )
    hook = a_hook(role.arn)
    permission = aws.lambda_.Permission(
        "invoke", action="lambda:InvokeFunction", function=hook.name, principal="iot.amazonaws.com"
    )
    aws.iot.Policy("device", name="pump", policy=everything)
    claim = aws.iot.Policy("claim", policy=everything)
    certificate = aws.iot.Certificate("certificate", active=True, csr=a_signing_request())
    aws.iot.PolicyAttachment("attachment", policy=claim.name, target=certificate.arn)
    settings = {"provisioning_role_arn": role.arn, "pre_provisioning_hook": {"target_arn": hook.arn}}
    a_template("pumps", body(), opts=pulumi.ResourceOptions(depends_on=[permission]), **settings)


def codes_in(reported):
    return set(re.findall(r"(?:error|warning): \S+: (DP\d{3}) ", reported))


@pytest.mark.exhaustive
def test_a_program_is_judged_as_its_state_is_with_all_that_belongs_to_a_template(operation):
    passed, reported = operation(a_fleet)
    assert passed, reported
    before = codes_in(reported)
    passed, reported = operation(a_fleet, "up")
    assert passed, reported
    state = json.dumps({"version": 3, "deployment": operation.state()})
    found = lint_text(state, BodyType.FLEET, {})
    expected = {finding.code for _, finding in found if finding.severity is not Severity.INFO}
    assert {"DP016", "DP030", "DP033", "DP034", "DP037", "DP054"} <= expected
    assert (before, codes_in(reported)) == (expected, expected)


@pytest.mark.exhaustive
def test_an_error_around_a_body_fails_a_preview(operation):
    def define():
        a_template("pumps", body(), pre_provisioning_hook={"target_arn": a_hook(ROLE).arn})

    passed, reported = operation(define)
    assert not passed
    assert "nothing permits iot.amazonaws.com to invoke the hook's function" in reported


def test_a_program_that_fails_itself_says_why_and_nothing_else(operation):
    def define():
        a_template("pumps", body())
        raise ValueError("the program is broken")

    passed, reported = operation(define)
    assert not passed
    assert "the program is broken" in reported
    assert "destroyed" not in reported


@pytest.mark.exhaustive
def test_what_is_silenced_and_what_is_only_a_warning_passes(operation):
    def define():
        a_template("first", body("Missing"))

    reasons = dict.fromkeys(("DP005", "DP012"), "a script fills it in")
    passed, reported = operation(define, silenced_rules=reasons)
    assert passed
    assert "warning: first: DP052" in reported
    assert "DP005" not in reported


def test_what_a_preview_does_not_know_is_checked_before_it_is_created(operation, emulator):
    def define():
        group = aws.iot.ThingGroup("plant")
        a_template("late", group.arn.apply(lambda arn: body(arn)), name="late")

    passed, reported = operation(define)
    assert passed
    passed, reported = operation(define, "up")
    assert not passed
    assert "late: DP005" in reported
    assert "late" not in template_names(emulator)


@pytest.mark.exhaustive
def test_what_is_secret_is_neither_checked_nor_reported(operation):
    passed, reported = operation(lambda: a_template("hidden", pulumi.Output.secret('{"Marked": 1}')))
    assert passed
    assert "Marked" not in reported


@pytest.mark.exhaustive
def test_templates_of_this_library_s_components_pass(operation):
    passed, reported = operation(lambda: FleetProvisioning("fleet", {"thing_name_prefix": "pump-"}))
    assert passed, reported


def test_a_sound_raw_template_is_created(operation, emulator):
    passed, reported = operation(lambda: a_template("sound", body(), name="sound-raw"), "up")
    assert passed, reported
    assert "sound-raw" in template_names(emulator)


def test_a_silenced_rule_needs_a_reason():
    with pytest.raises(ValueError, match="DP005 is silenced without a reason"):
        check_provisioning_templates({"DP005": ""})


@pytest.mark.exhaustive
def test_the_configuration_of_the_project_counts_in_a_program(operation, tmp_path, monkeypatch):
    (tmp_path / "device-provisioning.toml").write_text(
        '[lint]\nsilenced = {DP005 = "declared by a script", DP012 = "put in by a script"}\n'
    )
    monkeypatch.chdir(tmp_path)
    passed, told = operation(lambda: a_template("first", body("Missing")))
    assert passed
    assert "DP005" not in told
