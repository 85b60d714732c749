"""Greengrass core devices on AWS CDK."""

import json

import pytest
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from device_provisioning.aws_iot import ref
from device_provisioning.cdk import (
    CertificateSource,
    ComponentDeployment,
    CoreDeviceGroup,
    CoreDevicePolicy,
    DeviceAllowList,
    GreengrassCoreDevices,
    PreProvisioningHook,
    Reprovisioning,
    TokenExchange,
)
from tests.support.synthesis import (
    a_stack,
    in_partition_aws,
    only,
    own_part,
    properties,
    roles_of,
    synthesised,
)

TEMPLATE = "AWS::IoT::ProvisioningTemplate"
CERTIFICATE_ARN = "arn:aws:iot:eu-west-1:111122223333:cert/" + "c" * 64
LINES = [
    CoreDeviceGroup(name="line-4"),
    CoreDeviceGroup(
        name="line-5",
        components={
            "aws.greengrass.Nucleus": ComponentDeployment(version="2.14.0"),
            "com.example.Camera": ComponentDeployment(version="1.2.0", configuration={"rate": 5}),
        },
    ),
]


def cores(stack, **settings):
    return GreengrassCoreDevices(stack, "Cores", **{"thing_name_prefix": "gg-", **settings})


def with_everything(stack):
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    bucket = s3.Bucket.from_bucket_attributes(
        stack, "Parts", bucket_arn="arn:aws:s3:::parts", encryption_key=key
    )
    cores(
        stack,
        groups=LINES,
        artifact_buckets=[bucket],
        serial_number_parameter="Serial",
        serial_number_pattern="[0-9]{4}",
        attributes={"site": ref("Site")},
        template_name="cores",
        description="Cores of plant 7",
        enabled=False,
        reprovisioning=Reprovisioning.ALLOW,
        encryption_key=key,
        certificate_sources=[CertificateSource.CREATE_FROM_CSR],
    )


def body_of(template):
    return json.loads(properties(template, TEMPLATE)["TemplateBody"])


def statements_of_the_role(template, service):
    (role,) = roles_of(template, service)
    return role


def test_one_call_defines_every_piece():
    template = synthesised(cores)
    for resource_type, number in {
        TEMPLATE: 1,
        "AWS::IoT::RoleAlias": 1,
        "AWS::IoT::ThingGroup": 1,
        "AWS::IoT::Policy": 2,
        "AWS::DynamoDB::Table": 1,
        "Custom::ClaimCertificate": 1,
        "AWS::GreengrassV2::Deployment": 0,
    }.items():
        template.resource_count_is(resource_type, number)


def test_a_core_gets_the_policy_the_groups_and_a_certificate_of_its_own():
    resources = body_of(synthesised(lambda stack: cores(stack, groups=LINES)))["Resources"]
    assert resources["thing"]["Properties"]["ThingGroups"] == ["line-4", "line-5"]
    assert resources["certificate"]["Properties"]["ThingPrincipalType"] == "EXCLUSIVE_THING"
    stack = a_stack()
    construct = cores(stack)
    body = construct.template.body.document
    assert body["Resources"]["policy"]["Properties"]["PolicyName"] == construct.core_device_policy.policy_name


def test_mac_addresses_with_colons_are_refused_as_no_core_can_be_named_after_them():
    with pytest.raises(ValueError, match=r"DP049 .*the name of a core takes a-zA-Z0-9_- only"):
        cores(a_stack(), serial_number_pattern="[0-9A-F]{2}(:[0-9A-F]{2}){5}")


def test_the_groups_exist_before_a_core_can_register():
    template = synthesised(lambda stack: cores(stack, groups=LINES))
    groups = set(template.find_resources("AWS::IoT::ThingGroup"))
    assert groups < set(only(template, TEMPLATE)["DependsOn"])


def test_the_role_can_be_used_through_this_role_alias_only():
    template = synthesised(cores)
    alias = properties(template, "AWS::IoT::RoleAlias")["RoleAlias"]
    role = statements_of_the_role(template, "credentials.iot.amazonaws.com")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    arn = f"arn:aws:iot:eu-west-1:111122223333:rolealias/{alias}"
    assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": arn}
    policies = template.find_resources("AWS::IoT::Policy").values()
    assert any(arn in json.dumps(in_partition_aws(policy)) for policy in policies)


def test_the_claim_lets_both_kinds_of_nucleus_enrol():
    text = json.dumps(synthesised(cores).to_json())
    assert "certificates/create/json" in text
    assert "certificates/create-from-csr/json" in text


def test_credentials_that_are_valid_for_hours_need_sessions_that_are():
    def define(stack):
        exchange = TokenExchange(stack, "Exchange", credential_duration=Duration.hours(12))
        cores(stack, token_exchange=exchange)

    template = synthesised(define)
    assert properties(template, "AWS::IoT::RoleAlias")["CredentialDurationSeconds"] == 43200
    role = statements_of_the_role(template, "credentials.iot.amazonaws.com")
    assert role["MaxSessionDuration"] == 43200


@pytest.mark.parametrize("seconds", [899, 43201])
def test_credentials_are_valid_for_15_minutes_to_12_hours(seconds):
    with pytest.raises(ValueError, match="give 900 to 43200 seconds"):
        TokenExchange(a_stack(), "Exchange", credential_duration=Duration.seconds(seconds))


def test_a_deployment_goes_to_its_own_group_with_its_configuration_as_json_text():
    template = synthesised(lambda stack: cores(stack, groups=LINES))
    deployment = properties(template, "AWS::GreengrassV2::Deployment")
    groups = template.find_resources("AWS::IoT::ThingGroup")
    (line_5,) = [id_ for id_, group in groups.items() if group["Properties"]["ThingGroupName"] == "line-5"]
    assert deployment["TargetArn"] == {"Fn::GetAtt": [line_5, "Arn"]}
    camera = deployment["Components"]["com.example.Camera"]
    assert camera == {"ComponentVersion": "1.2.0", "ConfigurationUpdate": {"Merge": '{"rate": 5}'}}


def test_the_output_tells_how_to_enrol_and_where_the_secret_is_but_not_what_it_holds():
    stack = a_stack()
    cores(stack)
    template = Template.from_stack(stack)
    (output,) = template.find_outputs("*").values()
    (secret,) = template.find_resources("AWS::SecretsManager::Secret")
    pieces = output["Value"]["Fn::Join"][1]
    assert {"Fn::GetAtt": [secret, "Id"]} in pieces
    assert '"thing_name_prefix":"gg-"' in "".join(piece for piece in pieces if isinstance(piece, str))


def test_a_claim_whose_key_is_elsewhere_has_no_secret_in_the_output():
    assert cores(a_stack(), claim_certificate_arn=CERTIFICATE_ARN).enrolment.claim_secret_arn is None


def test_every_piece_can_be_your_own():
    def define(stack):
        devices = DeviceAllowList(stack, "OwnDevices")
        exchange = TokenExchange.from_role_alias_name(stack, "OwnExchange", "own-alias")
        policy = CoreDevicePolicy(
            stack, "OwnPolicy", policy_name="own", thing_name_prefix="gg-", role_alias_name="own-alias"
        )
        cores(
            stack,
            token_exchange=exchange,
            core_device_policy=policy,
            role=iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111122223333:role/own"),
            hook=PreProvisioningHook(stack, "OwnHook", device_allow_list=devices),
            claim_certificate_arn=CERTIFICATE_ARN,
        )

    template = synthesised(define)
    assert properties(template, TEMPLATE)["ProvisioningRoleArn"] == "arn:aws:iam::111122223333:role/own"
    assert body_of(template)["Resources"]["policy"]["Properties"]["PolicyName"] == "own"
    template.resource_count_is("AWS::IoT::RoleAlias", 0)
    template.resource_count_is("AWS::DynamoDB::Table", 1)
    template.resource_count_is("AWS::SecretsManager::Secret", 0)


def test_a_role_of_ones_own_gets_a_role_alias():
    def define(stack):
        role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111122223333:role/own")
        cores(stack, token_exchange=TokenExchange(stack, "Exchange", role=role, role_alias_name="edge"))

    alias = properties(synthesised(define), "AWS::IoT::RoleAlias")
    assert alias["RoleArn"] == "arn:aws:iam::111122223333:role/own"
    assert alias["RoleAlias"] == "edge"


def test_a_hook_with_a_function_of_its_own_has_no_allow_list():
    stack = a_stack()
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:decide"
    function = lambda_.Function.from_function_arn(stack, "Function", arn)
    construct = cores(stack, hook=PreProvisioningHook(stack, "OwnHook", function=function))
    with pytest.raises(ValueError, match="has no allow list"):
        _ = construct.device_allow_list


@pytest.mark.parametrize("prefix", ["", "gg:"])
def test_names_that_greengrass_does_not_accept_are_refused(prefix):
    with pytest.raises(ValueError, match="thing_name_prefix"):
        cores(a_stack(), thing_name_prefix=prefix)
    with pytest.raises(ValueError, match="role_alias_name 'a:b' has characters"):
        TokenExchange.from_role_alias_name(a_stack(), "Exchange", "a:b")


def test_a_group_that_is_given_twice_is_refused():
    with pytest.raises(ValueError, match="groups name line-4 twice"):
        cores(a_stack(), groups=[LINES[0], LINES[0]])


def test_buckets_of_a_role_that_is_not_created_are_refused():
    stack = a_stack()
    bucket = s3.Bucket.from_bucket_name(stack, "Parts", "parts")
    exchange = TokenExchange.from_role_alias_name(stack, "Exchange", "edge")
    with pytest.raises(ValueError, match="give them to your TokenExchange"):
        cores(stack, artifact_buckets=[bucket], token_exchange=exchange)
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111122223333:role/own")
    with pytest.raises(ValueError, match="let your role read them"):
        TokenExchange(stack, "Own", role=role, artifact_buckets=[bucket])


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(cores, GreengrassCoreDevices) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, GreengrassCoreDevices) == snapshot
