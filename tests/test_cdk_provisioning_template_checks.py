"""The rules as a validation plugin of the CDK, over templates that were written by hand."""

import json
import re
from pathlib import Path

from aws_cdk import Acknowledgment, App, CfnResource, Stack, Validations
from aws_cdk import aws_iot as iot

from device_provisioning.cdk import FleetProvisioning, ProvisioningTemplateChecks
from tests.support.synthesis import IRELAND

ROLE = "arn:aws:iam::111122223333:role/provisioning"


def body(certificate_id):
    certificate = {"CertificateId": {"Ref": certificate_id}, "Status": "ACTIVE"}
    return json.dumps(
        {
            "Parameters": {"AWS::IoT::Certificate::Id": {"Type": "String"}},
            "Resources": {
                "certificate": {"Type": "AWS::IoT::Certificate", "Properties": certificate},
                "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "pump"}},
            },
        }
    )


def a_checked_app(define):
    app = App()
    stack = Stack(app, "Stack", env=IRELAND)
    define(stack)
    Validations.of(app).add_plugins(ProvisioningTemplateChecks())
    return app


def raw_template(stack, certificate_id="Missing"):
    return iot.CfnProvisioningTemplate(
        stack, "Raw", provisioning_role_arn=ROLE, enabled=True, template_body=body(certificate_id)
    )


def report(app):
    """Whether the CDK goes on, and what its report says."""
    try:
        app.synth()
        passed = True
    except RuntimeError:
        passed = False
    return passed, (Path(app.outdir) / "validation-report.json").read_text()


def test_a_raw_template_that_breaks_rules_fails_the_synthesis_with_paths_and_fixes():
    passed, reported = report(a_checked_app(raw_template))
    assert not passed
    assert "/Resources/Raw/Properties/TemplateBody/Resources/certificate/Properties/CertificateId" in reported
    assert "declare it under Parameters" in reported
    assert "DP005" in reported
    assert "DP012" in reported


def test_acknowledged_findings_pass():
    def define(stack):
        template = raw_template(stack)
        for code in ("DP005", "DP012"):
            acknowledgement = Acknowledgment(id=f"device-provisioning::{code}", reason="a script fills it in")
            Validations.of(template).acknowledge(acknowledgement)

    assert a_checked_app(define).synth()


def test_a_raw_template_that_breaks_no_rule_passes():
    assert a_checked_app(lambda stack: raw_template(stack, "AWS::IoT::Certificate::Id")).synth()


def test_warnings_are_reported_and_do_not_fail_the_synthesis():
    def define(stack):
        raw_template(stack, "AWS::IoT::Certificate::Id").enabled = None

    passed, reported = report(a_checked_app(define))
    assert passed
    assert "DP041" in reported


def test_what_concerns_the_whole_stack_is_reported_as_well():
    def define(stack):
        raw_template(stack, "AWS::IoT::Certificate::Id")
        document = {"Fn::Sub": "${iot:ClientId}"}
        CfnResource(stack, "Policy", type="AWS::IoT::Policy", properties={"PolicyDocument": document})

    passed, reported = report(a_checked_app(define))
    assert not passed
    assert "DP047" in reported


def test_our_own_constructs_pass():
    assert a_checked_app(lambda stack: FleetProvisioning(stack, "Fleet", thing_name_prefix="pump-")).synth()


def test_the_configuration_of_the_project_counts_in_an_app(tmp_path, monkeypatch):
    (tmp_path / "device-provisioning.toml").write_text(
        '[lint]\nsilenced = {DP005 = "declared by a script", DP012 = "put in by a script"}\n'
    )
    monkeypatch.chdir(tmp_path)
    passed, told = report(a_checked_app(raw_template))
    assert passed
    assert not {"DP005", "DP012"} & set(re.findall(r"DP\d+", told))


def test_a_severity_of_the_project_counts_in_an_app(tmp_path, monkeypatch):
    (tmp_path / "device-provisioning.toml").write_text('[lint.severities]\nDP052 = "error"\n')
    monkeypatch.chdir(tmp_path)
    passed, told = report(a_checked_app(lambda stack: raw_template(stack, "AWS::IoT::Certificate::Id")))
    assert not passed
    assert "DP052" in told
