"""``attestation`` of hooks and fleets on both engines."""

import json

import pulumi_aws as aws
import pytest
from aws_cdk import aws_kms as kms

from device_provisioning import pulumi as components
from device_provisioning.aws_iot import FleetTemplate, Parameter, Policy, Thing, ref
from device_provisioning.cdk import (
    Attestation,
    DeviceAllowList,
    FleetProvisioning,
    GreengrassCoreDevices,
    PreProvisioningHook,
    ProvisioningTemplate,
)
from device_provisioning.fleet.attestation import attestation_variable
from device_provisioning.lambdas.pre_provisioning_hook.settings import InvalidSettings, Settings
from tests.support.pulumi_program import ran
from tests.support.synthesis import a_stack, in_partition_aws, properties, synthesised

DERIVED = "arn:aws:kms:eu-west-1:111122223333:key/derived"
SIGNING = "arn:aws:kms:eu-west-1:111122223333:key/signing"
BOTH = {"derived_keys": {"line-4": DERIVED}, "signing_keys": {"maker": SIGNING}}
TEMPLATE = "AWS::IoT::ProvisioningTemplate"


def on_cdk(stack):
    derived = kms.Key.from_key_arn(stack, "Derived", DERIVED)
    signing = kms.Key.from_key_arn(stack, "Signing", SIGNING)
    attestation = Attestation(derived_keys={"line-4": derived}, signing_keys={"maker": signing})
    PreProvisioningHook(
        stack, "Hook", device_allow_list=DeviceAllowList(stack, "Devices"), attestation=attestation
    )


def on_pulumi():
    keys = {
        "derived_keys": {"line-4": aws.kms.Key.get("derived", DERIVED, arn=DERIVED)},
        "signing_keys": {"maker": aws.kms.Key.get("signing", SIGNING, arn=SIGNING)},
    }
    devices = components.DeviceAllowList("devices")
    components.PreProvisioningHook("hook", {"device_allow_list": devices.table, "attestation": keys})


def variables_and_statements(engine):
    if engine == "cdk":
        template = synthesised(on_cdk)
        role = in_partition_aws(properties(template, "AWS::IAM::Role"))
        variables = properties(template, "AWS::Lambda::Function")["Environment"]["Variables"]
        statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    else:
        program = ran(on_pulumi)
        variables = program.only("Function")["environment"]["variables"]
        statements = program.only("RolePolicy")["policy"]["Statement"]
    return variables, {statement["Sid"]: statement for statement in statements}


@pytest.mark.parametrize("engine", ["cdk", "pulumi"])
def test_the_hook_knows_its_keys_and_may_do_with_them_what_it_does_and_no_more(engine):
    variables, statements = variables_and_statements(engine)
    keys = variables["ATTESTATION"]
    assert (json.loads(keys) if isinstance(keys, str) else keys) == BOTH
    derived, signing = statements["DerivedKeys"], statements["SigningKeys"]
    assert (derived["Action"], derived["Resource"]) == ("kms:GenerateMac", DERIVED)
    assert derived["Condition"] == {"StringEquals": {"kms:MacAlgorithm": "HMAC_SHA_256"}}
    assert (signing["Action"], signing["Resource"]) == ("kms:GetPublicKey", SIGNING)
    assert "Condition" not in signing


def test_the_function_reads_what_the_engines_write():
    environment = {"ALLOW_LIST_TABLE_NAME": "devices", "ATTESTATION": attestation_variable(**BOTH)}
    attestation = Settings.from_environment(environment).attestation
    assert attestation.derived_keys == BOTH["derived_keys"]
    assert attestation.signing_keys == BOTH["signing_keys"]
    assert Settings.from_environment({"ALLOW_LIST_TABLE_NAME": "devices"}).attestation is None


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "true", '{"derived_keys": {}}', '{"derived_keys": [], "signing_keys": {}}']
)
def test_keys_that_are_none_let_nobody_through(text):
    with pytest.raises(InvalidSettings, match="ATTESTATION is"):
        Settings.from_environment({"ALLOW_LIST_TABLE_NAME": "devices", "ATTESTATION": text})


PROBLEMS = [
    (
        {"derived_keys": ["line 4"]},
        "attestation has a key of 'line 4': give 1 to 64 letters, digits, _",
    ),
    ({"signing_keys": [""]}, "attestation has a key of '': give 1 to 64"),
    (
        {"derived_keys": ["line-4"], "signing_keys": ["line-4"]},
        "attestation has two keys of 'line-4': give it in derived_keys or in signing_keys",
    ),
]


@pytest.mark.parametrize(("batches", "problem"), PROBLEMS)
def test_names_that_no_batch_can_have_are_refused_on_aws_cdk(batches, problem):
    key = kms.Key.from_key_arn(a_stack(), "Key", DERIVED)
    with pytest.raises(ValueError, match=problem):
        Attestation(**{setting: dict.fromkeys(names, key) for setting, names in batches.items()})


@pytest.mark.parametrize(("batches", "problem"), PROBLEMS)
def test_names_that_no_batch_can_have_are_refused_on_pulumi(batches, problem):
    def define():
        key = aws.kms.Key.get("key", DERIVED)
        devices = components.DeviceAllowList("devices")
        attestation = {setting: dict.fromkeys(names, key) for setting, names in batches.items()}
        components.PreProvisioningHook(
            "hook", {"device_allow_list": devices.table, "attestation": attestation}
        )

    with pytest.raises(ValueError, match=problem):
        ran(define)


@pytest.mark.parametrize(
    ("setting", "spec", "usage", "accepted"),
    [
        ("derived_keys", None, None, "HMAC_256"),
        ("derived_keys", kms.KeySpec.HMAC_512, kms.KeyUsage.GENERATE_VERIFY_MAC, "HMAC_256"),
        ("signing_keys", kms.KeySpec.ECC_NIST_P384, kms.KeyUsage.SIGN_VERIFY, "ECC_NIST_P256 or RSA_2048"),
    ],
)
def test_a_key_that_is_created_here_has_to_be_of_the_kind(setting, spec, usage, accepted):
    key = kms.Key(a_stack(), "Key", key_spec=spec, key_usage=usage)
    with pytest.raises(ValueError, match=rf"{setting}.line-4 has the key spec \w+: give a key of {accepted}"):
        Attestation(**{setting: {"line-4": key}})


def test_keys_of_the_kind_are_taken():
    stack = a_stack()
    derived = kms.Key(
        stack, "Derived", key_spec=kms.KeySpec.HMAC_256, key_usage=kms.KeyUsage.GENERATE_VERIFY_MAC
    )
    signing = kms.Key(
        stack, "Signing", key_spec=kms.KeySpec.ECC_NIST_P256, key_usage=kms.KeyUsage.SIGN_VERIFY
    )
    attestation = Attestation(derived_keys={"a": derived}, signing_keys={"b": signing})
    assert (list(attestation.derived_keys), list(attestation.signing_keys)) == (["a"], ["b"])


@pytest.mark.parametrize("fleet", [FleetProvisioning, GreengrassCoreDevices])
def test_a_fleet_passes_it_on_and_its_body_declares_the_proof_on_aws_cdk(fleet):
    template = synthesised(
        lambda stack: fleet(stack, "Fleet", thing_name_prefix="gg-", attestation=Attestation())
    )
    variables = {"ATTESTATION": attestation_variable({}, {})}
    template.has_resource_properties("AWS::Lambda::Function", {"Environment": {"Variables": variables}})
    assert "Proof" in str(properties(template, TEMPLATE)["TemplateBody"])


@pytest.mark.parametrize("fleet", ["FleetProvisioning", "GreengrassCoreDevices"])
def test_a_fleet_passes_it_on_and_its_body_declares_the_proof_on_pulumi(fleet):
    settings = {"thing_name_prefix": "gg-", "attestation": {}}
    program = ran(lambda: getattr(components, fleet)("fleet", settings))
    environments = [function.get("environment", {}) for function in program.all("Function").values()]
    assert any("ATTESTATION" in each.get("variables", {}) for each in environments)
    bodies = [str(made["template_body"]) for made in program.all("ProvisioningTemplate").values() if made]
    assert any("Proof" in body for body in bodies)


@pytest.mark.parametrize("fleet", [FleetProvisioning, GreengrassCoreDevices])
def test_without_it_a_body_declares_no_proof(fleet):
    template = synthesised(lambda stack: fleet(stack, "Fleet", thing_name_prefix="gg-"))
    assert "Proof" not in str(properties(template, TEMPLATE)["TemplateBody"])


def test_a_body_of_your_own_has_to_declare_what_the_hook_wants():
    stack = a_stack()
    devices = DeviceAllowList(stack, "Devices")
    hook = PreProvisioningHook(stack, "Hook", device_allow_list=devices, attestation=Attestation())
    body = FleetTemplate(
        parameters={"SerialNumber": Parameter()},
        thing=Thing(thing_name=ref("SerialNumber")),
        policies=[Policy(policy_name="sensor")],
    )
    with pytest.raises(ValueError, match="the hook wants a proof in Proof, which the body does not declare"):
        ProvisioningTemplate(stack, "Template", body=body, hook=hook)


def test_a_fleet_whose_hook_wants_proofs_declares_them():
    def define(stack):
        devices = DeviceAllowList(stack, "Devices")
        hook = PreProvisioningHook(stack, "Hook", device_allow_list=devices, attestation=Attestation())
        FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", hook=hook)

    assert "Proof" in str(properties(synthesised(define), TEMPLATE)["TemplateBody"])


def test_on_pulumi_it_would_have_no_effect_beside_a_hook_of_your_own():
    def define():
        devices = components.DeviceAllowList("devices")
        hook = components.PreProvisioningHook("hook", {"device_allow_list": devices.table})
        settings = {"thing_name_prefix": "sensor-", "hook": hook.function, "attestation": {}}
        components.FleetProvisioning("fleet", settings)

    with pytest.raises(ValueError, match="attestation would have no effect, because hook is given"):
        ran(define)


def test_it_would_have_no_effect_beside_a_hook_of_your_own():
    stack = a_stack()
    hook = PreProvisioningHook(stack, "Hook", device_allow_list=DeviceAllowList(stack, "Devices"))
    with pytest.raises(ValueError, match="attestation would have no effect, because hook is given"):
        FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", hook=hook, attestation=Attestation())
