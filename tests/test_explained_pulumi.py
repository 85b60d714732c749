"""The picture of a fleet of Pulumi, of what the engine printed for the quickstart on the emulator."""

import json
from pathlib import Path

import pytest

from device_provisioning.explain.picture import Stage, State
from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.files import lint_text
from tests.support.explained import picture_of

PLANS = Path(__file__).parent / "plans"
PRINTED = [PLANS / "pulumi-preview.json", PLANS / "pulumi-state.json"]
"""By ``pulumi preview --json`` and ``pulumi stack export``, without what no picture is made of."""
each_of_them = pytest.mark.parametrize("file", PRINTED, ids=lambda file: file.stem)


@each_of_them
def test_a_fleet_of_pulumi_is_shown_as_one_of_the_cdk(file):
    picture = picture_of(file)
    assert [stage for stage in Stage if any(node.stage is stage for node in picture.nodes)] == list(Stage)
    assert {arrow.state for arrow in picture.arrows} == {State.GRANTED, State.DENIED}
    assert not any(node.unseen for node in picture.nodes)
    shown = {(node.kind, node.title) for node in picture.nodes}
    assert {
        ("Claim certificate", "fleet-claim-policy"),
        ("Pre-provisioning hook", "fleet-hook-allow-list-hook-function"),
        ("Provisioning role", "fleet-template-role"),
        ("Allowed", "listed"),
        ("Denied", "already provisioned"),
    } < shown


@each_of_them
def test_names_are_those_of_the_program_and_urns_are_kept(file):
    picture = picture_of(file)
    (role,) = [node for node in picture.nodes if node.stage is Stage.ROLE]
    assert role.full_names[0].startswith("urn:pulumi:dev::pumps::")
    titles = {grant.title for arrow in picture.arrows for grant in arrow.grants}
    assert [title for title in titles if "urn:" in title] == []
    assert picture.place == "fleet-template-template"


@each_of_them
def test_lint_finds_nothing_in_it_and_checks_all_of_it(file):
    assert lint_text(file.read_text("utf-8"), BodyType.FLEET, {}) == []


@each_of_them
def test_a_hook_that_nothing_may_invoke_is_seen_in_it(file, tmp_path):
    document = json.loads(file.read_text("utf-8"))
    holder = document if "steps" in document else document["deployment"]
    entries = "steps" if "steps" in document else "resources"
    holder[entries] = [each for each in holder[entries] if "aws:lambda/permission" not in each["urn"]]
    (tmp_path / "changed.json").write_text(json.dumps(document), "utf-8")
    picture = picture_of(tmp_path / "changed.json")
    asking = [arrow for arrow in picture.arrows if picture.node(arrow.target).stage is Stage.HOOK]
    assert [arrow.state for arrow in asking] == [State.MISSING]
    assert "DP033" in {finding.code for finding in picture.all_findings}


def test_settings_of_the_hook_are_those_of_the_function():
    grants = [grant for arrow in picture_of(PRINTED[0]).arrows for grant in arrow.grants]
    assert {"REPROVISIONING": "NEVER"} in [grant.document for grant in grants]
