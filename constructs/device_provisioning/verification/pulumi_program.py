"""The program that Pulumi deploys, the fleet of the AWS CDK's app, and the process that has it deployed."""

import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .naming import Names
from .processes import last_lines
from .shape import DEVICE_PARAMETER, SITE, Output

if TYPE_CHECKING:
    from pulumi.automation import CommandError, Stack

FILE = "outputs.json"


def define(names: Names) -> None:
    """Define the fleet, and what of it a run has to know."""
    import pulumi

    from ..pulumi import CertificateSource, DeviceAllowList, DevicePolicy, FleetProvisioning, RemovalPolicy

    sources = list(CertificateSource)
    rotation = names.rotation_template
    policy = DevicePolicy(
        f"{names.fleet}-device",
        {
            "policy_name": names.device_policy,
            "shadow": True,
            "jobs": True,
            "rotation_template_name": rotation,
            "rotation_certificate_sources": sources,
            "revoke_certificates_on_removal": True,
        },
    )
    devices = DeviceAllowList(f"{names.fleet}-list", {"removal_policy": RemovalPolicy.DESTROY})
    fleet = FleetProvisioning(
        names.fleet,
        {
            "template_name": names.template,
            "thing_name_prefix": names.thing_name_prefix,
            "device_parameters": [DEVICE_PARAMETER],
            "attributes": {"site": SITE},
            "device_configuration": {"site": SITE},
            "device_allow_list": devices.table,
            "device_policy": policy.resource,
            "log_removal_policy": RemovalPolicy.DESTROY,
            "rotation_template_name": rotation,
            "certificate_sources": sources,
        },
    )
    pulumi.export(Output.CLAIM, fleet.claim_certificate_secret_arn)
    pulumi.export(Output.TABLE, devices.table_name)


def main() -> None:
    """Deploy or destroy the fleet in this folder: ``up NAME REGION`` or ``destroy NAME REGION``.

    Ctrl-C is Pulumi's, which ends what it has begun: this process serves the program to it until then.
    """
    from pulumi import automation

    verb, name, region = sys.argv[1:]
    signal.signal(signal.SIGINT, lambda *_: None)
    try:
        stack = _stack(Names(name), region)
        if verb == "up":
            outputs = {each: output.value for each, output in stack.up().outputs.items()}
            Path(FILE).write_text(json.dumps(outputs), "utf-8")
        else:
            stack.destroy()
    except automation.CommandError as error:
        sys.exit(last_lines(_said(error)))


def _said(error: "CommandError") -> str:
    """What Pulumi says is wrong; all that it says if it marks no errors."""
    lines = str(error).splitlines()
    return "\n".join(line.strip() for line in lines if "error:" in line) or str(error)


def _stack(names: Names, region: str) -> "Stack":
    from pulumi import automation

    stack = automation.create_or_select_stack(
        names.fleet,
        project_name=names.fleet,
        program=lambda: define(names),
        opts=automation.LocalWorkspaceOptions(work_dir=str(Path.cwd())),
    )
    stack.set_config("aws:region", automation.ConfigValue(region))
    return stack


if __name__ == "__main__":
    main()
