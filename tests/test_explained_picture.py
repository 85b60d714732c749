"""Who may do what through a template, as data."""

import json

import pytest

from device_provisioning.aws_iot import TemplateType
from device_provisioning.explain.decisions import ways_of
from device_provisioning.explain.names import ConstructNames
from device_provisioning.explain.picture import Stage, State
from device_provisioning.fleet.attestation import attestation_variable
from device_provisioning.fleet.functions import PRE_PROVISIONING_HOOK, ROTATION_HOOK
from device_provisioning.fleet.hook_settings import hook_environment
from device_provisioning.lambdas.certificate_rotation import reasons as rotation
from device_provisioning.lambdas.pre_provisioning_hook.reasons import Reason
from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.files import lint_text
from tests.support.explained import EVERYTHING, SENSORS, a_fleet, picture_of
from tests.support.template_files import FOLDER, template_files

STACK = FOLDER / "stack"


@pytest.fixture(scope="module")
def fleet_file(tmp_path_factory):
    return a_fleet(tmp_path_factory.mktemp("fleet"), trusted_user=True)


@pytest.fixture(scope="module")
def fleet(fleet_file):
    return picture_of(fleet_file)


def titles(picture, stage):
    return [node.title for node in picture.nodes if node.stage is stage]


def arrow(picture, source_stage, target_title):
    (found,) = [
        entry
        for entry in picture.arrows
        if picture.node(entry.source).stage is source_stage
        and picture.node(entry.target).title == target_title
    ]
    return found


def way_through(picture):
    """The titles on the way of a device that gets in, from left to right."""
    (node,) = [node for node in picture.nodes if node.kind == "Device"]
    way = [node.stage]
    while following := [entry for entry in picture.arrows if entry.source == node.id]:
        leading = [
            entry
            for entry in following
            if entry.state is not State.DENIED
            and (picture.node(entry.target).stage in (Stage.RESULT, Stage.TOPICS) or leads_on(picture, entry))
        ]
        node = picture.node(leading[-1].target)
        way.append(node.stage)
    return way


def leads_on(picture, entry):
    return any(other.source == entry.target for other in picture.arrows)


def test_the_way_of_a_device_goes_through_every_stage_from_left_to_right(tmp_path):
    assert way_through(picture_of(a_fleet(tmp_path))) == list(Stage)


def test_what_a_claim_may_use_is_by_topic_with_the_statement_of_each(fleet):
    template = fleet.name
    assert titles(fleet, Stage.FIRST_TOPICS) == [
        "claim-*",
        "$aws/certificates/create/json",
        f"$aws/provisioning-templates/{template}/provision/json",
        "$aws/certificates/create/json/*",
        f"$aws/provisioning-templates/{template}/provision/json/*",
    ]
    answers = arrow(fleet, Stage.IDENTITY, "$aws/certificates/create/json/*")
    assert answers.verbs == ("receive", "subscribe")
    assert [grant.document["Action"] for grant in answers.grants] == ["iot:Receive", "iot:Subscribe"]


def test_every_client_id_of_a_claim_is_shown_and_the_names_that_it_may_not_take(tmp_path):
    picture = picture_of(a_fleet(tmp_path, claim_client_id_patterns=["claim-*", "s*"]))
    shown = {
        title: arrow(picture, Stage.IDENTITY, title)
        for title in titles(picture, Stage.FIRST_TOPICS)
        if "$aws" not in title
    }
    assert {title: (each.verbs, each.state) for title, each in shown.items()} == {
        "claim-*": (("connect",), State.GRANTED),
        "s*": (("connect",), State.GRANTED),
        "sensor-*": (("not connect",), State.DENIED),
    }


def test_a_statement_is_shown_in_full_and_its_place_leads_to_it(fleet, fleet_file):
    document = json.loads(fleet_file.read_text("utf-8"))
    checked = 0
    for grant in (grant for entry in fleet.arrows for grant in entry.grants):
        if "/Statement/" in grant.path:
            value = document
            for key in grant.path.split("/")[1:]:
                value = value[int(key)] if isinstance(value, list) else value[key]
            assert (value["Effect"], value["Action"]) == (grant.document["Effect"], grant.document["Action"])
            assert value.keys() == grant.document.keys()
            checked += 1
    assert checked > 20


def test_only_the_topic_that_registers_leads_to_the_hook_and_the_invoke_permission_is_shown(fleet):
    (asking, by_trusted_user) = sorted(
        [entry for entry in fleet.arrows if fleet.node(entry.target).stage is Stage.HOOK],
        key=lambda entry: entry.state,
    )
    assert fleet.node(asking.source).title.endswith("/provision/json")
    assert asking.grants[-1].document["Principal"] == "iot.amazonaws.com"
    assert by_trusted_user.state is State.UNSEEN


def test_a_trusted_user_is_shown_with_the_statement_that_lets_it_create_claims(fleet):
    (user,) = [node for node in fleet.nodes if node.kind == "Trusted user"]
    assert user.title.startswith("Technicians")
    (create,) = [entry for entry in fleet.arrows if entry.source == user.id]
    assert create.grants[0].document["Action"] == "iot:CreateProvisioningClaim"


def test_what_is_not_known_before_deployment_has_its_name_and_not_a_token_of_ours(fleet):
    text = repr(fleet)
    assert "Token[" not in text
    assert "${AWS::Partition}" in text


def test_our_hook_is_shown_with_each_way_it_can_decide_and_what_that_depends_on(fleet):
    decisions = [node for node in fleet.nodes if node.stage is Stage.DECISION]
    assert [(node.kind, node.title) for node in decisions] == [
        ("Allowed", "listed"),
        ("Denied", "not on the allow list"),
        ("Denied", "blocked"),
        ("Denied", "expired"),
        ("Denied", "already provisioned"),
        ("Denied", f"{len(decisions[-1].folded)} technical reasons"),
    ]
    setting, *statements = arrow(fleet, Stage.HOOK, "already provisioned").grants
    assert setting.document == {"REPROVISIONING": "NEVER"}
    assert {s.document["Action"] for s in statements} == {
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "iot:DescribeCertificate",
    }


def test_technical_reasons_of_a_denial_are_together_with_all_that_they_rest_on(fleet):
    environment = hook_environment(table_name="devices")
    technical = [way for way in ways_of(PRE_PROVISIONING_HOOK.handler, environment) if way.technical]
    node = next(node for node in fleet.nodes if node.folded)
    assert node.folded == tuple(way.reason for way in technical)
    assert "serial number is malformed" in node.folded
    shown = {grant.title for grant in arrow(fleet, Stage.HOOK, node.title).grants}
    assert {"The setting SERIAL_NUMBER_PATTERN of the function"} < shown


def with_paths(fleet_file, tmp_path):
    """The stack as ``cdk synth`` writes it, with the path of the construct behind every resource."""
    document = json.loads(fleet_file.read_text("utf-8"))
    hook = next(name for name in document["Resources"] if name.startswith("FleetHookAllowListHookFunction"))
    role = next(name for name in document["Resources"] if name.startswith("FleetTemplateRole"))
    for name, path in {hook: "Fleet/Hook", role: "Fleet/Template/Role"}.items():
        document["Resources"][name]["Metadata"] = {"aws:cdk:path": f"Sensors/{path}/Resource"}
    file = tmp_path / "stack.template.json"
    file.write_text(json.dumps(document), "utf-8")
    return file, hook, role


def test_names_are_paths_of_constructs_and_the_full_ones_are_kept(fleet_file, tmp_path):
    file, hook, role = with_paths(fleet_file, tmp_path)
    picture = picture_of(file)
    (asked,) = [node for node in picture.nodes if node.stage is Stage.HOOK]
    assert (asked.title, asked.full_names[-1]) == ("Fleet/Hook", f"Sensors/Fleet/Hook/Resource ({hook})")
    titles_of_grants = {grant.title for entry in picture.arrows for grant in entry.grants}
    assert "Statement Things of Fleet/Template/Role" in titles_of_grants
    assert [title for title in titles_of_grants if role in title] == []


def test_constructs_that_would_have_one_name_keep_their_logical_ids():
    names = ConstructNames({"One": "Stack/It", "Other": "Stack/It/Resource", "Third": "Stack/Third"})
    assert names.legible("One and Other and Third2, ${Third.Arn}") == "One and Other and Third2, ${Third.Arn}"
    assert names.legible("Third") == "Third"


@pytest.mark.parametrize(
    ("reprovisioning", "shown"),
    [
        ("NEVER", {"already provisioned"}),
        ("2", {"already provisioned, and again 2 times"}),
        ("ALLOW", set()),
    ],
)
def test_ways_that_the_settings_exclude_are_not_shown(reprovisioning, shown):
    ways = ways_of(
        PRE_PROVISIONING_HOOK.handler, hook_environment(table_name="devices", reprovisioning=reprovisioning)
    )
    assert {way.reason for way in ways if way.reason.startswith("already")} == shown


def test_every_reason_of_our_hooks_is_a_way():
    environment = hook_environment(
        table_name="devices",
        listed_parameters=["Site", "Tenant"],
        attestation=attestation_variable({}, {}),
    )
    ways = ways_of(PRE_PROVISIONING_HOOK.handler, environment)
    assert "parameter Site or Tenant is not what the record says" in {way.reason for way in ways}
    excluded = {Reason.WRONG_SETTINGS, Reason.PROVISIONED_AGAIN}
    assert len(ways) == len(set(Reason) - excluded)
    assert len(ways_of(ROTATION_HOOK.handler, {})) == len(rotation.Reason)


def test_a_hook_that_wants_a_proof_shows_so_although_its_keys_are_not_known_yet():
    environment = hook_environment(table_name="devices")
    for keys in (
        attestation_variable({}, {}),
        {"Fn::Join": ["", ["{", {"Fn::GetAtt": ["Key", "Arn"]}, "}"]]},
    ):
        ways = ways_of(PRE_PROVISIONING_HOOK.handler, {**environment, "ATTESTATION": keys})
        named = {way.reason for way in ways if not way.technical}
        assert {Reason.NOT_PROVEN, Reason.BATCH_NOT_OPEN, Reason.BATCH_FULL, Reason.OTHER_CLAIM} <= named


def test_a_hook_whose_settings_are_wrong_lets_nobody_in():
    (way,) = ways_of(
        PRE_PROVISIONING_HOOK.handler, {**hook_environment(table_name="devices"), "REPROVISIONING": "OFTEN"}
    )
    assert not way.allowed
    assert way.reason.startswith("the hook's settings are wrong: REPROVISIONING is 'OFTEN'")


def test_a_hook_that_is_not_ours_decides_by_its_own_code():
    picture = picture_of(EVERYTHING)
    assert titles(picture, Stage.DECISION) == [
        "its own code lets the device in",
        "its own code refuses, fails, or takes longer than AWS IoT waits",
    ]
    assert (
        arrow(picture, Stage.HOOK, "its own code lets the device in").grants[0].title == "The function Hook"
    )


def test_without_a_hook_it_is_said_that_nobody_is_asked(tmp_path):
    document = json.loads(STACK.joinpath("valid-template-with-everything.json").read_text("utf-8"))
    del document["Resources"]["Template"]["Properties"]["PreProvisioningHook"]
    file = tmp_path / "stack.json"
    file.write_text(json.dumps(document), "utf-8")
    assert titles(picture_of(file), Stage.HOOK) == ["nobody is asked"]


def test_what_the_role_lacks_is_missing_and_the_rule_stands_at_the_role():
    picture = picture_of(STACK / "DP032-breaks-other-things.json")
    create = arrow(picture, Stage.ROLE, "sensor-*")
    assert (create.state, create.verbs) == (State.MISSING, ("create",))
    assert create.grants[0].title == "No statement of the role allows iot:CreateThing on thing/sensor-*"
    assert [(n.kind, f.code) for n in picture.nodes for f in n.findings] == [
        ("Provisioning role", "DP032"),
        ("Device policy", "DP053"),
    ]


def test_what_may_do_everything_stands_out():
    picture = picture_of(STACK.parent.parent / "reported" / "claim-that-may-do-everything.yaml")
    assert arrow(picture, Stage.IDENTITY, "*").state is State.UNLIMITED


def test_a_claim_for_another_template_does_not_lead_to_the_hook():
    picture = picture_of(STACK / "DP036-breaks-other-template.json")
    (asking,) = [entry for entry in picture.arrows if picture.node(entry.target).stage is Stage.HOOK]
    assert (asking.state, picture.node(asking.source).kind) == (State.MISSING, "Claim certificate")


def test_a_hook_that_nothing_may_invoke_is_not_asked():
    picture = picture_of(STACK / "DP033-breaks-no-permission.json")
    asking = [entry for entry in picture.arrows if picture.node(entry.target).stage is Stage.HOOK]
    assert {entry.state for entry in asking} == {State.MISSING}


def test_devices_of_a_ca_are_shown_with_the_ca_in_the_place_of_the_claim():
    picture = picture_of(STACK / "valid-jitp-body-inside-a-ca.json")
    (identity,) = [node for node in picture.nodes if node.stage is Stage.IDENTITY]
    assert (identity.kind, identity.unseen) == ("CA", False)
    assert not titles(picture, Stage.HOOK)
    assert titles(picture, Stage.ROLE)


def test_a_body_alone_shows_what_it_asks_for_and_that_the_rest_is_not_in_sight():
    picture = picture_of(SENSORS)
    assert [(node.kind, node.title) for node in picture.nodes if node.stage is Stage.RESULT] == [
        ("Thing", "sensor-*"),
        ("Thing group", "sensors"),
        ("Certificate", "ACTIVE"),
        ("Device policy", "sensor-runtime"),
        ("Device configuration", "broker"),
    ]
    unseen = {node.stage for node in picture.nodes if node.unseen}
    assert unseen == {Stage.IDENTITY, Stage.ROLE, Stage.RESULT, Stage.TOPICS}


def test_the_policy_in_a_body_leads_to_what_it_allows():
    picture = picture_of(FOLDER / "fleet" / "valid-policy-document-object.json")
    assert titles(picture, Stage.TOPICS)
    (policy,) = [node for node in picture.nodes if node.kind == "Device policy"]
    for entry in picture.arrows:
        if entry.source == policy.id:
            assert entry.grants[0].path.startswith("/Resources/policy/Properties/PolicyDocument/Statement")


def test_a_denial_is_an_arrow_of_its_own(tmp_path):
    document = json.loads(STACK.joinpath("valid-template-with-everything.json").read_text("utf-8"))
    arn = "arn:aws:iot:eu-west-1:111122223333:topic/$aws/certificates/create/*"
    denial = {"Effect": "Deny", "Action": "iot:Publish", "Resource": arn}
    document["Resources"]["ClaimPolicy"]["Properties"]["PolicyDocument"]["Statement"].append(denial)
    file = tmp_path / "stack.json"
    file.write_text(json.dumps(document), "utf-8")
    picture = picture_of(file)
    states = {
        entry.verbs: entry.state
        for entry in picture.arrows
        if picture.node(entry.target).title == "$aws/certificates/create/*"
    }
    assert states == {
        ("publish", "receive", "subscribe"): State.GRANTED,
        ("not publish",): State.DENIED,
    }


SEVERAL = {"DP039-breaks-same-name", "DP039-holds-two-names"}
SEVERAL |= {"DP044-breaks-body-without-role", "DP044-breaks-name-and-body"}
DRAWABLE = [
    file
    for file in template_files("fleet", "jitp", "bulk", "stack")
    if "DP003" not in file.broken_rules and file.path.stem not in SEVERAL
]


@pytest.mark.parametrize("file", DRAWABLE, ids=str)
def test_every_arrow_rests_on_something_and_every_finding_has_its_place(file):
    kind = BodyType.FLEET if file.kind == "stack" else file.body_type
    picture = picture_of(file.path, kind.template_type)
    assert all(entry.grants and entry.verbs for entry in picture.arrows)
    ids = {node.id for node in picture.nodes}
    assert all({entry.source, entry.target} <= ids for entry in picture.arrows)
    found = lint_text(file.text, kind, {})
    # A plan's places are addresses of its tool in lint, and places of the picture here.
    assert sorted((entry.code, entry.message) for entry in picture.all_findings) == sorted(
        (entry.code, entry.message) for _, entry in found or []
    )


def test_a_registration_in_bulk_has_a_task_in_the_place_of_the_claim():
    picture = picture_of(FOLDER / "bulk" / "valid-certificate-id.json", TemplateType.BULK)
    assert [node.kind for node in picture.nodes if node.stage is Stage.IDENTITY] == ["Registration task"]
