"""Settings that AWS would refuse, or that nobody could use: refused at synthesis, on both engines alike."""

import pulumi_aws as aws
import pytest
from aws_cdk import App, Environment, Stack, Stage
from aws_cdk import aws_iam as iam
from aws_cdk import aws_iot as iot
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match

from device_provisioning import cdk, pulumi
from tests.support.pulumi_program import ran

CERTIFICATE_ARN = f"arn:aws:iot:eu-west-1:111122223333:cert/{'c' * 64}"
CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
PUBLISH = {"Effect": "Allow", "Action": "iot:Publish", "Resource": "*"}
FLEET = {"thing_name_prefix": "sensor-"}
CA = {"ca_certificate_pem": CERTIFICATE, "thing_name_prefix": "pump-"}
BOTH = [
    ("DevicePolicy", {"topic_prefix": "/acme/"}, "topic_prefix is '/acme/', which begins with '/'"),
    ("DevicePolicy", {"topic_prefix": "acme/"}, "topic_prefix is 'acme/', which ends with '/'"),
    ("DevicePolicy", {"topic_prefix": "a//b"}, "topic_prefix is 'a//b', which has an empty level"),
    ("DevicePolicy", {"topic_prefix": "acme/+/x"}, r"topic_prefix is 'acme/\+/x', which has '\+'"),
    ("DevicePolicy", {"topic_prefix": "acme/#"}, "topic_prefix is 'acme/#', which has '#'"),
    ("DevicePolicy", {"topic_prefix": "*"}, r"topic_prefix is '\*', which has '\*'"),
    ("DevicePolicy", {"topic_prefix": "a?c"}, r"topic_prefix is 'a\?c', which has '\?'"),
    ("DevicePolicy", {"topic_prefix": "$aws/x"}, r"topic_prefix is '\$aws/x', which begins with '\$'"),
    ("DevicePolicy", {"topic_prefix": "1/2/3/4/5/6/7"}, "which has 7 levels: give at most 6"),
    ("DevicePolicy", {"rotation_template_name": "a b"}, "rotation_template_name 'a b' has characters other"),
    ("DevicePolicy", {"policy_name": "a b"}, "policy_name 'a b' has characters other than"),
    ("DevicePolicy", {"policy_name": "p" * 129}, "policy_name 'p+' has more than 128 characters"),
    ("DevicePolicy", {"statements": [{}]}, r"statements\[0\] has no Effect, Action or Resource"),
    (
        "DevicePolicy",
        {"statements": [PUBLISH, {"effect": "Allow", "actions": ["iot:Publish"]}]},
        r"statements\[1\] has actions, effect, which",
    ),
    ("DevicePolicy", {"statements": [{**PUBLISH, "Effect": "allow"}]}, r"statements\[0\].Effect is 'allow'"),
    (
        "DevicePolicy",
        {"statements": [{**PUBLISH, "Principal": "*"}]},
        r"statements\[0\] has Principal, which",
    ),
    (
        "CoreDevicePolicy",
        {"thing_name_prefix": "gg-", "role_alias_name": "edge", "statements": [{}]},
        r"statements\[0\] has no Effect, Action or Resource",
    ),
    (
        "CoreDevicePolicy",
        {"thing_name_prefix": "gg-", "role_alias_name": "edge", "policy_name": "a b"},
        "policy_name 'a b' has characters other than",
    ),
    (
        "FleetProvisioning",
        {**FLEET, "certificate_signing_request": "claim.csr"},
        "certificate_signing_request is not a certificate signing request in PEM: .* not the path of a file",
    ),
    (
        "FleetProvisioning",
        {**FLEET, "certificate_signing_request": CERTIFICATE},
        "certificate_signing_request is not a certificate signing request in PEM",
    ),
    (
        "FleetProvisioning",
        {**FLEET, "certificate_signing_request": f"-----BEGIN EC PRIVATE KEY-----\n{CSR}"},
        "certificate_signing_request contains a private key",
    ),
    (
        "FleetProvisioning",
        {**FLEET, "claim_certificate_arn": "arn:aws:iot:eu-west-1:111122223333:cert/abc"},
        "the claim's certificate ARN is 'arn:aws:iot:eu-west-1:111122223333:cert/abc', which is not",
    ),
    (
        "FleetProvisioning",
        {**FLEET, "claim_certificate_arn": CERTIFICATE_ARN.replace(":iot:", ":acm:")},
        "which is not the ARN of a certificate of AWS IoT",
    ),
    (
        "FleetProvisioning",
        {**FLEET, "claim_certificate_arn": CERTIFICATE_ARN.replace(":cert/", ":cacert/")},
        "which is not the ARN of a certificate of AWS IoT",
    ),
    (
        "FleetProvisioning",
        {**FLEET, "claim_client_id_patterns": ["x" * 129]},
        "client id pattern 'x+' has more than 128 characters",
    ),
    ("FleetProvisioning", {**FLEET, "tags": {"aws:a": "b"}}, "tags has 'aws:a', which begins with aws:"),
    (
        "FleetProvisioning",
        {**FLEET, "tags": {f"t{number}": "" for number in range(51)}},
        "tags has 51 tags: give at most 50",
    ),
    ("FleetProvisioning", {**FLEET, "tags": {"k" * 129: ""}}, "whose key has 129 characters: give 1 to 128"),
    ("FleetProvisioning", {**FLEET, "tags": {"k": "v" * 257}}, "value has 257 characters: give at most 256"),
    ("CertificateAuthority", {"certificate_pem": CERTIFICATE, "tags": {"aws:a": "b"}}, "begins with aws:"),
    ("JustInTimeRegistration", {**CA, "revocation_list_key": ""}, "revocation_list_key is empty"),
    (
        "JustInTimeRegistration",
        {**CA, "revocation_list_key": "x.pem"},
        "revocation_list_key would have no effect, because no revocation_list_bucket is given",
    ),
]


def on_cdk(name, settings, scope=None):
    return getattr(cdk, name)(scope or Stack(App(), "Plant"), "Tested", **settings)


def on_pulumi(name, settings):
    return ran(lambda: getattr(pulumi, name)("tested", settings))


@pytest.mark.parametrize(("name", "settings", "problem"), BOTH)
def test_a_construct_refuses_what_would_fail_later(name, settings, problem):
    with pytest.raises(ValueError, match=problem):
        on_cdk(name, settings)


@pytest.mark.parametrize(("name", "settings", "problem"), BOTH)
def test_a_component_refuses_what_would_fail_later(name, settings, problem):
    with pytest.raises(ValueError, match=problem):
        on_pulumi(name, settings)


@pytest.mark.parametrize("make", [on_cdk, on_pulumi])
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("DevicePolicy", {"topic_prefix": "acme/plant-1"}),
        ("DevicePolicy", {"topic_prefix": "${iot:Connection.Thing.Attributes[site]}/dt"}),
        ("DevicePolicy", {"topic_prefix": "", "policy_name": "p" * 128}),
        ("DevicePolicy", {"statements": [{**PUBLISH, "Sid": "All", "Condition": {}}]}),
        ("FleetProvisioning", {**FLEET, "certificate_signing_request": CSR}),
        ("FleetProvisioning", {**FLEET, "certificate_signing_request": CSR.replace("CERT", "NEW CERT")}),
        ("FleetProvisioning", {**FLEET, "claim_certificate_arn": CERTIFICATE_ARN}),
        ("FleetProvisioning", {**FLEET, "tags": {f"t{number}": "" for number in range(50)}}),
    ],
)
def test_what_aws_accepts_is_let_through(make, name, settings):
    assert make(name, settings)


@pytest.mark.parametrize("executions", [0, -1])
@pytest.mark.parametrize("make", [on_cdk, on_pulumi])
def test_a_hook_that_nobody_could_call_is_refused(make, executions):
    def program(*_):
        if make is on_cdk:
            stack = Stack(App(), "Plant")
            devices = cdk.DeviceAllowList(stack, "Devices")
            settings = {"device_allow_list": devices, "reserved_concurrent_executions": executions}
            on_cdk("PreProvisioningHook", settings, stack)
        else:
            table = pulumi.DeviceAllowList("devices").table
            settings = {"device_allow_list": table, "reserved_concurrent_executions": executions}
            pulumi.PreProvisioningHook("hook", settings)

    with pytest.raises(ValueError, match=f"reserved_concurrent_executions is {executions}: give at least 1"):
        program() if make is on_cdk else ran(program)


WRONG_KINDS = [
    (
        "FleetProvisioning",
        lambda stack: {**FLEET, "alarm_actions": [sns.Topic(stack, "Topic")]},
        r"alarm_actions\[0\] is an aws_sns.Topic: give an aws_cloudwatch.IAlarmAction, such as"
        r" aws_cloudwatch_actions.SnsAction\(topic\)",
    ),
    (
        "FleetProvisioning",
        lambda stack: {**FLEET, "device_policy": iot.CfnPolicy(stack, "Policy", policy_document={})},
        "device_policy is an aws_iot.CfnPolicy: give a DevicePolicy",
    ),
    (
        "FleetProvisioning",
        lambda _: {**FLEET, "role": "arn:aws:iam::111122223333:role/iot"},
        "role is .* give an aws_iam.IRole, defined here or by aws_iam.Role.from_role_arn",
    ),
    ("FleetProvisioning", lambda _: {"body": {"Resources": {}}}, "body is an object: give a FleetTemplate"),
    (
        "FleetProvisioning",
        lambda _: {**FLEET, "enabled": "no"},
        "enabled is 'no', which is a string: give a b",
    ),
    (
        "FleetProvisioning",
        lambda _: {**FLEET, "tags": {"line": 7}},
        "tags.line is 7, which is a whole number",
    ),
    (
        "CertificateAuthority",
        lambda _: {"certificate_pem": CERTIFICATE, "certificate_mode": "sni"},
        "certificate_mode is 'sni', which is a string: give DEFAULT or SNI_ONLY",
    ),
    (
        "GreengrassCoreDevices",
        lambda _: {"thing_name_prefix": "gg-", "groups": ["a"]},
        "give a CoreDeviceGroup",
    ),
    ("ClaimCertificate", lambda _: {"template": "sensors"}, "give a ProvisioningTemplate"),
]


@pytest.mark.parametrize(("name", "settings", "problem"), WRONG_KINDS)
def test_a_construct_names_the_kind_that_a_setting_wants(name, settings, problem):
    stack = Stack(App(), "Plant")
    with pytest.raises(ValueError, match=problem):
        on_cdk(name, settings(stack), stack)


def test_every_setting_of_a_wrong_kind_is_named_at_once():
    with pytest.raises(ValueError, match=r"enabled is 'no'.*\nrole is 'iot'"):
        on_cdk("FleetProvisioning", {**FLEET, "role": "iot", "enabled": "no"})


def test_a_statement_of_the_cdk_is_taken_as_one():
    statement = iam.PolicyStatement(sid="Alarms", actions=["iot:Publish"], resources=["*"])
    policy = on_cdk("DevicePolicy", {"statements": [statement, PUBLISH]})
    document = Stack.of(policy).resolve(policy.node.find_child("Resource").policy_document)
    assert document["Statement"][-2:] == [
        {"Sid": "Alarms", "Effect": "Allow", "Action": "iot:Publish", "Resource": "*"},
        PUBLISH,
    ]


def test_a_statement_of_the_cdk_about_a_principal_is_refused():
    statement = iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["iot:*"], resources=["*"])
    with pytest.raises(ValueError, match=r"statements\[0\] has Principal, which"):
        on_cdk("DevicePolicy", {"statements": [statement]})


@pytest.mark.parametrize("make", [on_cdk, on_pulumi])
def test_a_rotation_whose_devices_may_not_use_it_is_refused(make):
    settings = {"template_name": "pump-rotation", "thing_name_prefix": "pump-"}

    def program(*_):
        if make is on_cdk:
            stack = Stack(App(), "Plant")
            policy = cdk.DevicePolicy(stack, "Policy", rotation_template_name="another")
            on_cdk("CertificateRotation", {**settings, "device_policy": policy}, stack)
        else:
            policy = pulumi.DevicePolicy("policy", {"rotation_template_name": "another"}).resource
            pulumi.CertificateRotation("rotation", {**settings, "device_policy": policy})

    with pytest.raises(ValueError, match="device_policy does not name the template pump-rotation"):
        program() if make is on_cdk else ran(program)


def two_templates(first, second):
    cdk.FleetProvisioning(first, "Line", template_name="sensors", **FLEET)
    cdk.FleetProvisioning(second, "Other", template_name="sensors", thing_name_prefix="pump-")


def test_a_template_name_that_is_used_twice_in_a_stack_is_refused():
    stack = Stack(App(), "Plant")
    with pytest.raises(ValueError, match=r"template_name is 'sensors', .* Plant/Line/Template"):
        two_templates(stack, stack)


def test_a_template_name_that_is_used_twice_in_an_account_and_region_is_refused():
    app, place = App(), Environment(account="111122223333", region="eu-west-1")
    with pytest.raises(ValueError, match=r"template_name is 'sensors', .* One/Line/Template"):
        two_templates(Stack(app, "One", env=place), Stack(app, "Two", env=place))


def test_a_template_name_may_be_used_in_each_place():
    app = App()
    places = [Environment(account="111122223333", region=region) for region in ("eu-west-1", "us-east-1")]
    two_templates(*[Stack(app, f"Plant{number}", env=place) for number, place in enumerate(places)])
    two_templates(*[Stack(Stage(app, name), "Plant") for name in ("dev", "prod")])
    assert len(app.synth().stacks) == 2


def test_a_policy_name_that_is_used_twice_is_refused():
    stack = Stack(App(), "Plant")
    cdk.DevicePolicy(stack, "First", policy_name="sensor")
    with pytest.raises(ValueError, match="policy_name is 'sensor', which Plant/First has already"):
        cdk.DevicePolicy(stack, "Second", policy_name="sensor")


def test_names_that_are_used_twice_in_a_program_are_refused():
    def program():
        pulumi.FleetProvisioning("line", {**FLEET, "template_name": "sensors"})
        pulumi.FleetProvisioning("other", {"thing_name_prefix": "pump-", "template_name": "sensors"})

    with pytest.raises(ValueError, match="template_name is 'sensors', which line-template has already"):
        ran(program)
    assert ran(lambda: pulumi.FleetProvisioning("line", {**FLEET, "template_name": "sensors"})).resources


GROUP_KINDS = [
    ({"thing_groups": ["pumps"]}, "AWS::IoT::ThingGroup", lambda: {"thing_group_name": "pumps"}),
    ({"thing_type_name": "pump"}, "AWS::IoT::ThingType", lambda: {"thing_type_name": "pump"}),
]


@pytest.mark.parametrize(("settings", "kind", "named"), GROUP_KINDS)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_template_waits_for_what_its_things_join_beside_it(settings, kind, named, is_first):
    app = App()
    stack = Stack(app, "Plant")
    define = getattr(iot, f"Cfn{kind.rpartition(':')[2]}")
    if is_first:
        define(stack, "Beside", **named())
    cdk.FleetProvisioning(stack, "Fleet", **FLEET, **settings)
    if not is_first:
        define(stack, "Beside", **named())
    resources = app.synth().get_stack_by_name("Plant").template["Resources"].values()
    (template,) = [each for each in resources if each["Type"] == "AWS::IoT::ProvisioningTemplate"]
    assert "Beside" in template["DependsOn"]
    assert not Annotations.from_stack(stack).find_info("*", Match.any_value())


@pytest.mark.parametrize("settings", [{"thing_groups": ["pumps"]}, {"thing_type_name": "pumps"}])
def test_what_things_join_and_is_not_beside_the_template_is_said_to_have_to_exist(settings):
    stack = Stack(App(), "Plant")
    iot.CfnThingGroup(stack, "Beside", thing_group_name="others")
    cdk.FleetProvisioning(stack, "Fleet", **FLEET, **settings)
    (said,) = Annotations.from_stack(stack).find_info("*", Match.any_value())
    assert "'pumps' has to exist before a device registers" in str(said.entry.data)


def test_a_template_waits_for_a_group_of_its_program_that_is_given_by_its_name():
    def program():
        group = aws.iot.ThingGroup("pumps", name="pumps")
        pulumi.FleetProvisioning("fleet", {**FLEET, "thing_groups": [group.name]})

    awaited = ran(program).named("fleet-template-template")["dependencies"]
    assert "pumps" in [urn.rpartition("::")[2] for urn in awaited]


@pytest.mark.parametrize("name", ["a b", "t" * 37, ""])
def test_a_template_that_can_not_be_there_is_not_imported(name):
    with pytest.raises(ValueError, match=f"template_name '{name}' .*: give 1 to 36 of"):
        cdk.ProvisioningTemplate.from_template_name(Stack(App(), "Plant"), "Template", name)
