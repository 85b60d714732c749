"""A fleet made by hand, adopted into an app of the CDK, by the real CDK CLI on the emulator.

The emulator imports roles and policies of AWS IoT, neither templates nor permissions of functions: those are
taken out of the assembly that is imported. What it says of them is compared with what the account holds.
"""

import json
import sys

import pytest

from device_provisioning.adopt.project import write_project
from device_provisioning.cloudformation.checks import check_cloudformation_template
from tests.support.adoptable_fleet import NAME, TEMPLATE_ARN, adopt, assert_safe, hardened, make_by_hand
from tests.support.existing_fleets import OPEN
from workshop.emulator import ACCOUNT, REGION, Emulator
from workshop.processes import run
from workshop.toolchain import tool_environment

STACK = f"adopted-{NAME}"
NOT_IMPORTED = ("AWS::IoT::ProvisioningTemplate", "AWS::Lambda::Permission")


class Adopted:
    """A project that was written, and the tools that it is run with."""

    def __init__(self, emulator, fleet, project, home):
        self.fleet, self.project = fleet, project
        self.environment = {
            **tool_environment(),
            **emulator.environment(),
            "CDK_HOME": str(home),
            "CDK_VALIDATION": "false",
        }

    def cdk(self, *arguments):
        return run(["cdk", *arguments, "--no-notices", "--ci"], self.environment, self.project)

    def assembly(self, name):
        """Synthesise, and take out what the emulator can't import; what is taken out, and the rest."""
        run([sys.executable, "app.py"], {**self.environment, "CDK_OUTDIR": name}, self.project)
        file = self.project / name / f"{STACK}.template.json"
        template = json.loads(file.read_text())
        whole = dict(template["Resources"])
        template["Resources"] = {
            logical_id: resource
            for logical_id, resource in whole.items()
            if resource["Type"] not in NOT_IMPORTED
        }
        file.write_text(json.dumps(template))
        return whole

    def harden(self):
        main = self.project / "app.py"
        main.write_text(hardened(main.read_text(), (self.project / "README.md").read_text()))


@pytest.fixture(scope="module")
def adopted(tmp_path_factory):
    with Emulator() as emulator:
        fleet = make_by_hand(emulator)
        home, project = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("adopted") / "project"
        assert adopt(emulator, "cdk", project).exit_code == 0
        yield Adopted(emulator, fleet, project, home)


@pytest.mark.timeout(600)
def test_what_is_adopted_is_imported_without_a_change_and_hardened_by_the_printed_lines(adopted):
    fleet = adopted.fleet
    before = fleet.held()
    assert fleet.provision("A-1").thing_name == "sensor-A-1"
    whole = adopted.assembly("as-it-is")
    mapping = json.loads((adopted.project / "mapping.json").read_text())
    known = {name: ids for name, ids in mapping.items() if whole[name]["Type"] not in NOT_IMPORTED}
    (adopted.project / "known.json").write_text(json.dumps(known))
    adopted.cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")
    adopted.cdk("import", STACK, "--app", "as-it-is", "--resource-mapping", "known.json")
    assert "There were no differences" in adopted.cdk("diff", "--app", "as-it-is", "--fail")
    assert fleet.held() == before
    assert_as_in_the_account(whole, mapping, before)

    adopted.harden()
    permission = adopted.assembly("hardened")["HookPermission"]
    adopted.cdk("deploy", STACK, "--app", "hardened", "--require-approval", "never")
    assert_safe(fleet.held())
    assert permission["Properties"]["SourceArn"] == TEMPLATE_ARN
    assert permission["Properties"]["SourceAccount"] == ACCOUNT
    assert fleet.provision("A-2").thing_name == "sensor-A-2"


def assert_as_in_the_account(whole, mapping, held):
    """What the emulator can't import says what the account holds, and says which resource it is."""
    properties = {name: resource["Properties"] for name, resource in whole.items()}
    assert (
        mapping["Template"]
        == {"TemplateName": properties["Template"]["TemplateName"]}
        == {"TemplateName": NAME}
    )
    (statement,) = held["invoke"]
    assert mapping["HookPermission"] == {"FunctionName": statement["Resource"], "Id": statement["Sid"]}
    assert properties["HookPermission"] == {
        "Action": statement["Action"],
        "FunctionName": statement["Resource"],
        "Principal": statement["Principal"]["Service"],
    }
    template, hook = held["template"], held["template"]["preProvisioningHook"]
    assert properties["Template"] == {
        "Description": template["description"],
        "Enabled": template["enabled"],
        "PreProvisioningHook": {
            "PayloadVersion": hook["payloadVersion"],
            "TargetArn": hook["targetArn"],
        },
        "ProvisioningRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "Tags": [{"Key": "team", "Value": "factory"}],
        "TemplateBody": template["templateBody"],
        "TemplateName": NAME,
        "TemplateType": "FLEET_PROVISIONING",
    }
    assert {resource["DeletionPolicy"] for resource in whole.values()} == {"Retain"}


def test_a_fleet_without_a_hook_gets_one_by_the_printed_line(tmp_path):
    write_project(OPEN, "cdk", tmp_path)
    main = tmp_path / "app.py"
    main.write_text(hardened(main.read_text(), (tmp_path / "README.md").read_text()))
    run([sys.executable, "app.py"], {**tool_environment(), "CDK_OUTDIR": "out"}, tmp_path)
    resources = json.loads((tmp_path / "out" / f"{STACK}.template.json").read_text())["Resources"]
    function = resources["HookPermission"]["Properties"]["FunctionName"]
    hook = resources["Template"]["Properties"]["PreProvisioningHook"]
    assert hook == {"PayloadVersion": "2020-04-01", "TargetArn": function}
    assert resources[function["Fn::GetAtt"][0]]["Type"] == "AWS::Lambda::Function"
    assert resources["Template"]["DependsOn"] == ["HookPermission"]
    assert not check_cloudformation_template({"Resources": resources})
