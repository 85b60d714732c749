"""Who may connect with a claim, as both engines deploy it: never by the name of a thing."""

import json
from uuid import uuid4

import pulumi as engine
import pytest
from aws_cdk.assertions import Annotations, Match

from device_provisioning import cdk, pulumi
from device_provisioning.aws_iot import FleetTemplate
from device_provisioning.aws_iot.claim_findings import claim_findings
from device_provisioning.aws_iot.fleet_body import fleet_body
from tests.support.client_ids import connects
from tests.support.engine_pieces import CdkPieces, PulumiPieces
from tests.support.pulumi_program import ran
from tests.support.synthesis import a_stack

BODY = fleet_body(policy_name="pump", thing_name_prefix="pump-").document


def on_cdk(kind, settings):
    body = {"body": FleetTemplate.from_json(json.dumps(settings["body"]))} if "body" in settings else {}
    pieces = CdkPieces(lambda stack: getattr(cdk, kind)(stack, "Fleet", **{**settings, **body}))
    return pieces.of("AWS::IoT::Policy", "Claim")["PolicyDocument"]


def on_pulumi(kind, settings):
    pieces = PulumiPieces(lambda: getattr(pulumi, kind)("fleet", settings))
    name = "fleet-fleet-claim-policy" if kind == "GreengrassCoreDevices" else "fleet-claim-policy"
    return pieces.of(name)["policy"]


@pytest.fixture(params=[on_cdk, on_pulumi], ids=["cdk", "pulumi"])
def claim_document(request):
    return request.param


def test_a_nucleus_enrols_by_a_random_uuid_and_by_its_device_id(claim_document):
    document = claim_document("GreengrassCoreDevices", {"thing_name_prefix": "gg-"})
    assert all(connects(document, str(uuid4())) for _ in range(20))
    assert connects(document, "claim-gg-0042")


def test_no_core_is_cut_off_by_a_claim_not_even_one_whose_name_has_the_shape_of_a_uuid(claim_document):
    document = claim_document("GreengrassCoreDevices", {"thing_name_prefix": "gg-"})
    shaped = f"gg-{str(uuid4())[3:]}"
    assert not any(connects(document, name) for name in (shaped, "gg-0042", "gg-0042#2"))


def test_a_fleet_of_cores_can_allow_other_client_ids(claim_document):
    settings = {"thing_name_prefix": "gg-", "claim_client_id_patterns": ["factory-*"]}
    document = claim_document("GreengrassCoreDevices", settings)
    assert connects(document, "factory-1")
    assert not connects(document, str(uuid4()))


def test_a_fleet_that_allows_any_client_id_denies_the_names_of_its_things(claim_document):
    settings = {"thing_name_prefix": "sensor-", "claim_client_id_patterns": ["*"]}
    document = claim_document("FleetProvisioning", settings)
    assert connects(document, "A-0001")
    assert not connects(document, "sensor-A-0001")


def test_the_names_of_things_are_read_from_a_body_of_ones_own(claim_document):
    document = claim_document("FleetProvisioning", {"body": BODY, "claim_client_id_patterns": ["p*"]})
    assert connects(document, "press-1")
    assert not connects(document, "pump-1")


def test_the_default_of_a_fleet_is_claims_alone(claim_document):
    document = claim_document("FleetProvisioning", {"thing_name_prefix": "sensor-"})
    assert connects(document, "claim-1")
    assert not connects(document, str(uuid4()))
    assert "Deny" not in str(document)


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        ("GreengrassCoreDevices", {"thing_name_prefix": "ed"}, "thing_name_prefix 'ed' can begin a UUID"),
        ("FleetProvisioning", {"thing_name_prefix": "claim-"}, "allows nothing but names of things, claim-"),
    ],
)
def test_names_that_keep_claims_from_connecting_are_refused(claim_document, kind, settings, message):
    with pytest.raises(Exception, match=message):
        claim_document(kind, settings)


@pytest.mark.parametrize("prefix", ["ed-", "g", "0123456789"])
def test_a_prefix_that_begins_no_uuid_is_accepted(claim_document, prefix):
    assert claim_document("GreengrassCoreDevices", {"thing_name_prefix": prefix})


@pytest.mark.parametrize(
    ("settings", "refused", "allowed"),
    [({}, "pump-1", "other-1"), ({"thing_name_patterns": ["other-*"]}, "other-1", "pump-1")],
)
def test_a_claim_of_its_own_knows_the_names_of_its_template_unless_they_are_given(settings, refused, allowed):
    def claim(stack):
        body = FleetTemplate.from_json(json.dumps(BODY))
        template = cdk.ProvisioningTemplate(stack, "Pumps", body=body, silenced_rules={"DP052": "a test"})
        cdk.ClaimCertificate(stack, "Claim", template=template, client_id_patterns=["*"], **settings)

    document = CdkPieces(claim).of("AWS::IoT::Policy", "Claim")["PolicyDocument"]
    assert connects(document, allowed)
    assert not connects(document, refused)


@pytest.mark.parametrize(
    ("pattern", "codes"), [("*", ["DP107"]), ("SN-*", ["DP107"]), ("claim-*", []), ("claim-??", [])]
)
def test_where_names_may_begin_with_anything_only_claims_pass_without_a_warning(pattern, codes):
    body = {"Resources": {"t": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "SN"}}}}}
    assert [finding.code for finding in claim_findings(body, [pattern])] == codes


EVERY_NAME = {"thing_name_prefix": "", "claim_client_id_patterns": ["*"]}
SILENCED = {**EVERY_NAME, "silenced_rules": {"DP107": "a laboratory"}}


def test_client_ids_that_can_be_names_of_which_nothing_is_known_are_warned_of_on_cdk():
    def warnings(settings):
        stack = a_stack()
        cdk.FleetProvisioning(stack, "Fleet", **settings)
        return Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("DP107"))

    assert len(warnings(EVERY_NAME)) == 1
    assert not warnings(SILENCED)


def test_client_ids_that_can_be_names_of_which_nothing_is_known_are_warned_of_on_pulumi(monkeypatch):
    warned = []
    monkeypatch.setattr(engine.log, "warn", lambda message, _resource: warned.append(message))
    ran(lambda: pulumi.FleetProvisioning("fleet", SILENCED))
    assert not [message for message in warned if "DP107" in message]
    ran(lambda: pulumi.FleetProvisioning("fleet", EVERY_NAME))
    assert len([message for message in warned if "DP107" in message]) == 1
