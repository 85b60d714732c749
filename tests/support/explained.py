"""Running ``device-provisioning explain``, and the fleets that its tests draw."""

import json

from aws_cdk import aws_iam as iam
from typer.testing import CliRunner

from device_provisioning.aws_iot import TemplateType
from device_provisioning.cdk import FleetProvisioning
from device_provisioning.cli import app
from device_provisioning.explain.drawing import draw
from device_provisioning.simulation.body_choice import choose_body
from tests.support.synthesis import synthesised
from tests.support.template_files import FOLDER

EVERYTHING = str(FOLDER / "stack" / "valid-template-with-everything.json")
EXAMPLES = FOLDER.parent.parent / "examples" / "templates"
SENSORS, DEVICES = str(EXAMPLES / "sensors.json"), str(EXAMPLES / "devices.csv")


def explain(*arguments, stdin=None):
    return CliRunner().invoke(app, ["explain", *arguments], input=stdin)


def picture_of(file, template_type=TemplateType.FLEET_PROVISIONING, resource=None):
    return draw(choose_body(str(file), template_type, resource))


def a_fleet(folder, *, trusted_user=False, **settings):
    """The file of a stack with a fleet of this library."""

    def define(stack):
        fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", **settings)
        if trusted_user:
            technicians = iam.Role(stack, "Technicians", assumed_by=iam.AccountRootPrincipal())
            fleet.template.grant_create_claim(technicians)

    file = folder / "stack.template.json"
    file.write_text(json.dumps(synthesised(define).to_json()), "utf-8")
    return file
