"""The company package of ``examples/platform``, and the product of AWS Service Catalog that is made of it."""

import importlib
import inspect
import json
import runpy
import sys
from pathlib import Path

import aws_cdk
import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks, NIST80053R4Checks, NIST80053R5Checks

from tests.support.cfn_linted import warnings_of_cfn_lint
from tests.support.fleets import DeployedFleet
from tests.support.synthesis import IRELAND
from workshop.cloud_assembly import upload_assets
from workshop.device import Rejected
from workshop.emulator import Emulator

PLATFORM = Path("examples/platform")
BUCKET = "acme-fleets"
# What a portfolio has beside its product: the platform team's own bucket, role and copying function.
PLATFORM_TEAMS_OWN = {"Assets", "LaunchRole", "Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C"}


@pytest.fixture(scope="module", autouse=True)
def importable():
    """As if the package were installed, and the app run in its folder."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for folder in (PLATFORM, PLATFORM / "portfolio"):
            monkeypatch.syspath_prepend(str(folder))
        yield
    for name in [name for name in sys.modules if name.partition(".")[0] in ("acme_provisioning", "app")]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def fleet():
    """The template of a stack that holds one fleet."""
    from acme_provisioning.cdk import AcmeFleet

    stack = Stack(App(), "Stack", env=IRELAND)
    AcmeFleet(stack, "Pumps", product="pumps", team="hydraulics")
    return Template.from_stack(stack).to_json()["Resources"]


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory):
    """The folder of a portfolio that linters have looked at, and what cdk-nag says of it."""
    folder = tmp_path_factory.mktemp("portfolio")
    app = App(outdir=str(folder))
    packs = [AwsSolutionsChecks(app), NIST80053R4Checks(app), NIST80053R5Checks(app)]
    Validations.of(app).add_plugins(*packs)
    importlib.import_module("app").Portfolio(
        app, "Acme", user_role="Technicians", asset_bucket_name=BUCKET, env=IRELAND
    )
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    return folder


def product_template(folder):
    (file,) = folder.glob("*.product.template.json")
    return file


def test_every_role_of_a_fleet_has_the_boundary(fleet):
    roles = [resource for resource in fleet.values() if resource["Type"] == "AWS::IAM::Role"]
    assert len(roles) > 2
    for role in roles:
        assert "policy/acme-boundary" in json.dumps(role["Properties"]["PermissionsBoundary"])


def test_all_that_can_have_tags_is_tagged_with_product_and_team(fleet):
    untagged = {
        resource["Type"]
        for resource in fleet.values()
        if {"Key": "acme:team", "Value": "hydraulics"} not in resource.get("Properties", {}).get("Tags", [])
    }
    assert untagged == {
        "AWS::IoT::PolicyPrincipalAttachment",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
        "Custom::ClaimCertificate",
        "Custom::DeclaredProvisioningTemplate",
    }


def test_both_engines_tag_the_same_types(fleet):
    from acme_provisioning.pulumi import TAGGED

    tagged = {
        resource["Type"].rpartition("::")[2]
        for resource in fleet.values()
        if resource.get("Properties", {}).get("Tags")
    }
    on_pulumi = {token.rpartition(":")[2] for token in TAGGED}
    # The template is not a resource of the provider: it is tagged by its setting.
    assert tagged - {"ProvisioningTemplate"} == on_pulumi


def test_both_engines_have_these_settings_and_no_others():
    from acme_provisioning.cdk import AcmeFleet
    from acme_provisioning.pulumi import AcmeFleetArgs

    allowed = {"product", "team", "devices"}
    assert (
        set(inspect.signature(AcmeFleet.__init__).parameters) - {"self", "scope", "construct_id"} == allowed
    )
    assert set(AcmeFleetArgs.__annotations__) == allowed


def test_a_setting_that_would_weaken_a_fleet_is_refused():
    from acme_provisioning.cdk import AcmeFleet

    with pytest.raises(TypeError, match="reprovisioning"):
        AcmeFleet(Stack(), "Pumps", product="pumps", team="hydraulics", reprovisioning="ALLOW")


@pytest.mark.parametrize("product", ["", "Pumps", "a-b", "p*", "x" * 21])
def test_a_name_that_does_not_suit_is_refused(product):
    from acme_provisioning.cdk import AcmeFleet

    with pytest.raises(ValueError, match="give 3 to 20 lower-case letters and digits"):
        AcmeFleet(Stack(), "Pumps", product=product, team="hydraulics")


def test_the_app_of_a_team_synthesises(tmp_path, monkeypatch):
    monkeypatch.setattr(aws_cdk, "App", lambda: App(outdir=str(tmp_path)))
    runpy.run_path(str(PLATFORM / "programs" / "cdk" / "app.py"))
    outputs = json.loads((tmp_path / "Pumps.template.json").read_text())["Outputs"]
    assert set(outputs) == {"TemplateName", "ClaimCertificateSecretArn", "DeviceAllowListTableName"}


def test_cdk_nag_finds_nothing_in_the_product_and_elsewhere_only_what_is_the_platform_teams_own(portfolio):
    reports = json.loads((portfolio / "validation-report.json").read_text())["pluginReports"]
    paths = {
        construct["constructPath"].split("/")[1]
        for report in reports
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    }
    assert paths == PLATFORM_TEAMS_OWN


def test_cfn_lint_finds_nothing_but_what_the_cdk_itself_writes_about_copying(portfolio):
    files = list(portfolio.glob("*.template.json"))
    assert len(files) > 1
    for file in files:
        found = warnings_of_cfn_lint(file.read_text())
        assert [match for match in found if "CDKBucketDeployment" not in str(match.path[1])] == []


def test_who_may_launch_can_do_so_without_a_permission_of_their_own(portfolio):
    template = Template.from_string((portfolio / "Acme.template.json").read_text())
    template.resource_count_is("AWS::ServiceCatalog::PortfolioPrincipalAssociation", 1)
    template.resource_count_is("AWS::ServiceCatalog::LaunchRoleConstraint", 1)
    (role,) = template.find_resources(
        "AWS::IAM::Role",
        {"Properties": {"Description": "AWS Service Catalog launches Acme's fleets with this role"}},
    ).values()
    statements = role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    (making,) = [s for s in statements if "iam:CreateRole" in s["Action"]]
    assert "policy/acme-boundary" in json.dumps(
        making["Condition"]["StringEquals"]["iam:PermissionsBoundary"]
    )


@pytest.fixture(scope="module")
def account(portfolio):
    """An account with the product's code where a launch finds it; the emulator has no Service Catalog."""
    with Emulator() as emulator:
        upload_assets(emulator, portfolio, "Acme", BUCKET)
        yield emulator


def launched(account, portfolio, product):
    """What Service Catalog does with a product: its template, as a stack with the parameters of the team."""
    name, cloudformation = f"SC-{product}", account.client("cloudformation")
    given = {"Product": product, "Team": "climate"}
    cloudformation.create_stack(
        StackName=name,
        # Blanks count, and what is longer than 51,200 characters has to come from a bucket.
        TemplateBody=json.dumps(json.loads(product_template(portfolio).read_text())),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    settings = {"Delay": 1, "MaxAttempts": 120}
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=settings)
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def test_a_product_that_is_launched_twice_provisions_devices_of_both(account, portfolio):
    fleets = [
        DeployedFleet.from_outputs(account, launched(account, portfolio, product))
        for product in ("meters", "gauges")
    ]
    for fleet, product in zip(fleets, ("meters", "gauges"), strict=True):
        serial_number = fleet.a_serial_number()
        device = fleet.provision(serial_number, Site=None)
        assert (fleet.template_name, device.thing_name) == (f"acme-{product}", f"{product}-{serial_number}")
        assert fleet.policies(device.certificate_id) == {f"acme-{product}-device"}
        with pytest.raises(Rejected):
            fleet.provision("UNLISTED", Site=None)
