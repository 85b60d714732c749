"""Greengrass core devices on Pulumi."""

import pulumi_aws as aws
import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from botocore.session import Session
from botocore.stub import Stubber

from device_provisioning import cdk
from device_provisioning.greengrass import Enrolment
from device_provisioning.pulumi import CoreDevicePolicy, GreengrassCoreDevices, TokenExchange
from device_provisioning.pulumi_providers.core_deployment import CoreDeploymentProvider
from tests.support.own_roles import a_provisioning_role
from tests.support.pulumi_program import ran
from tests.support.synthesis import IRELAND, in_partition_aws

LINES = [
    {"name": "line-4"},
    {
        "name": "line-5",
        "components": {
            "aws.greengrass.Nucleus": {"version": "2.14.0"},
            # Another language sends whole numbers as floats.
            "com.example.Camera": {"version": "1.2.0", "configuration": {"rate": 5.0}},
        },
    },
]
CERTIFICATE_ARN = "arn:aws:iot:eu-west-1:111122223333:cert/" + "c" * 64


def cores(**settings):
    return GreengrassCoreDevices("cores", {"thing_name_prefix": "gg-", **settings})


def with_everything():
    cores(
        groups=LINES,
        artifact_buckets=[aws.s3.Bucket("parts")],
        serial_number_parameter="Serial",
        serial_number_pattern="[0-9]{4}",
        attributes={"site": {"Ref": "Site"}},
        template_name="cores",
        description="Cores of plant 7",
        enabled=False,
        devices=[{"serial_number": "0042"}],
        reprovisioning="ALLOW",
        encryption_key=aws.kms.Key("key"),
        certificate_sources=["create-from-csr"],
    )


def test_a_core_gets_the_policy_the_groups_and_a_certificate_of_its_own():
    program = ran(lambda: cores(groups=LINES))
    resources = program.named("cores-fleet-template-template")["inputs"]["template_body"]["Resources"]
    assert resources["thing"]["Properties"]["ThingGroups"] == ["line-4", "line-5"]
    assert resources["certificate"]["Properties"]["ThingPrincipalType"] == "EXCLUSIVE_THING"
    assert resources["policy"]["Properties"]["PolicyName"] == "cores-core-device-policy-policy"


def test_mac_addresses_with_colons_are_refused_as_no_core_can_be_named_after_them():
    with pytest.raises(ValueError, match=r"DP049 .*the name of a core takes a-zA-Z0-9_- only"):
        ran(lambda: cores(serial_number_pattern="[0-9A-F]{2}(:[0-9A-F]{2}){5}"))


def test_the_groups_exist_before_a_core_can_register():
    template = ran(lambda: cores(groups=LINES)).named("cores-fleet-template-template")
    awaited = {urn.rpartition("::")[2] for urn in template["dependencies"]}
    assert {"cores-group-line-4", "cores-group-line-5"} <= awaited


@pytest.mark.parametrize("only_nucleus_lite", [False, True])
def test_the_documents_are_the_same_as_on_cdk(only_nucleus_lite):
    settings = {
        "thing_name_prefix": "gg-",
        "role_alias_name": "edge",
        "only_nucleus_lite": only_nucleus_lite,
    }
    stack = Stack(App(), "Stack", env=IRELAND)
    cdk.TokenExchange(stack, "Exchange", role_alias_name="edge")
    cdk.CoreDevicePolicy(stack, "Policy", **settings)
    template = in_partition_aws(Template.from_stack(stack).to_json())
    resources = {r["Type"]: r["Properties"] for r in template["Resources"].values()}

    def define():
        TokenExchange("exchange", {"role_alias_name": "edge"})
        CoreDevicePolicy("policy", settings)

    program, role = ran(define), resources["AWS::IAM::Role"]
    assert program.only("Policy")["policy"] == resources["AWS::IoT::Policy"]["PolicyDocument"]
    assert program.only("Role")["assumeRolePolicy"] == role["AssumeRolePolicyDocument"]
    assert program.only("RolePolicy")["policy"] == role["Policies"][0]["PolicyDocument"]
    assert program.only("Role")["maxSessionDuration"] == role["MaxSessionDuration"] == 3600


def test_a_deployment_goes_to_its_own_group_with_its_configuration_as_json_text():
    deployment = ran(lambda: cores(groups=LINES)).only("CoreDeployment")
    assert deployment["target_arn"].endswith("cores-group-line-5")
    assert deployment["components"]["com.example.Camera"] == {
        "componentVersion": "1.2.0",
        "configurationUpdate": {"merge": {"rate": 5}},
    }


def test_the_output_is_what_the_command_reads():
    outputs = ran(cores).outputs.values()
    (reported,) = [output["enrolment"] for output in outputs if "enrolment" in output]
    enrolment = Enrolment.model_validate(reported)
    assert (enrolment.region, enrolment.thing_name_prefix) == ("eu-west-1", "gg-")
    assert enrolment.certificate_sources == ("create", "create-from-csr")
    assert enrolment.claim_secret_arn


def test_every_piece_can_be_your_own():
    def define():
        exchange = TokenExchange("own", {"role_alias_name": "own-alias"})
        policy = CoreDevicePolicy("own", {"thing_name_prefix": "gg-", "role_alias_name": "own-alias"})
        cores(
            token_exchange=exchange.resource,
            core_device_policy=policy.resource,
            role=a_provisioning_role("own-role"),
            claim_certificate_arn=CERTIFICATE_ARN,
        )

    program = ran(define)
    assert program.all("RoleAlias").keys() == {"own-role-alias"}
    assert program.named("cores-fleet-template-template")["inputs"]["provisioning_role_arn"].endswith(
        "own-role"
    )
    assert not program.all("Secret")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"thing_name_prefix": "gg:"}, "thing_name_prefix 'gg:' has characters"),
        ({"thing_name_prefix": ""}, "thing_name_prefix '' is empty"),
        ({"groups": [{"name": "line:4"}]}, "the thing group's name 'line:4' has characters"),
        ({"groups": [LINES[0], LINES[0]]}, "groups name line-4 twice"),
    ],
)
def test_names_that_greengrass_does_not_accept_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        ran(lambda: cores(**settings))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"role_alias_name": "a:b"}, "role_alias_name 'a:b' has characters"),
        ({"credential_duration_seconds": 899}, "give 900 to 43200 seconds"),
        ({"credential_duration_seconds": 43201}, "give 900 to 43200 seconds"),
    ],
)
def test_a_role_alias_that_aws_iot_does_not_accept_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        ran(lambda: TokenExchange("exchange", settings))


def test_buckets_of_a_role_that_is_not_created_are_refused():
    def define():
        role = aws.iam.Role("own", assume_role_policy="{}")
        TokenExchange("exchange", {"role": role, "artifact_buckets": [aws.s3.Bucket("parts")]})

    with pytest.raises(ValueError, match="let your role read them"):
        ran(define)


@pytest.fixture
def greengrass(monkeypatch):
    session = Session()
    session.set_credentials("test", "test")
    client = session.create_client("greengrassv2", region_name="eu-west-1")
    monkeypatch.setattr(CoreDeploymentProvider, "client", lambda self, service, properties: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


DEPLOYMENT = {
    "target_arn": "arn:aws:iot:eu-west-1:111122223333:thinggroup/line-5",
    "deployment_name": "line-5",
    "components": {"aws.greengrass.Cli": {"componentVersion": "2.14.0"}},
}
REQUEST = {
    "targetArn": DEPLOYMENT["target_arn"],
    "deploymentName": "line-5",
    "components": DEPLOYMENT["components"],
}


def test_a_deployment_is_made_and_revised(greengrass):
    greengrass.add_response("create_deployment", {"deploymentId": "1"}, REQUEST)
    greengrass.add_response("create_deployment", {"deploymentId": "2"}, REQUEST)
    provider = CoreDeploymentProvider()
    made = provider.create(DEPLOYMENT)
    assert (made.id, made.outs["deployment_id"]) == ("1", "1")
    assert provider.update("1", made.outs, DEPLOYMENT).outs["deployment_id"] == "2"


@pytest.mark.parametrize("over", ["ConflictException", "ResourceNotFoundException", None])
def test_a_deployment_is_cancelled_and_deleted_also_when_it_is_over_or_gone(greengrass, over):
    gone = over == "ResourceNotFoundException"
    if over:
        greengrass.add_client_error("cancel_deployment", over)
    else:
        greengrass.add_response("cancel_deployment", {"message": "done"}, {"deploymentId": "1"})
    if gone:
        greengrass.add_client_error("delete_deployment", over)
    else:
        greengrass.add_response("delete_deployment", {}, {"deploymentId": "1"})
    CoreDeploymentProvider().delete("1", {**DEPLOYMENT, "deployment_id": "1"})
    greengrass.assert_no_pending_responses()


def test_another_group_gets_a_deployment_of_its_own():
    other = {**DEPLOYMENT, "target_arn": "other"}
    assert CoreDeploymentProvider().diff("1", DEPLOYMENT, other).replaces == ["target_arn"]
    revised = {**DEPLOYMENT, "components": {}}
    difference = CoreDeploymentProvider().diff("1", DEPLOYMENT, revised)
    assert (difference.changes, difference.replaces) == (True, [])


def test_defaults_match_the_snapshot(snapshot):
    assert ran(cores).own_part(GreengrassCoreDevices) == snapshot
    assert ran(cores, preview=True).asked() == ran(cores).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(GreengrassCoreDevices) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
