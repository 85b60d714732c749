"""`device-provisioning lint`, against cfn-lint with the same rules on the same template."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from device_provisioning.aws_iot import FleetTemplate, Parameter, Policy, Thing, join, ref

from .measurement import Aim, Cost, Measurement, cost_of

TEMPLATE, PLAN = 500, 5_000
FILES = (10, 1_000)
HALF, FLAT = Aim(0.5), Aim(1.1)
_ROLE = "arn:aws:iam::111122223333:role/provisioning"
_BODY = FleetTemplate(
    parameters={"SerialNumber": Parameter()},
    thing=Thing(thing_name=join("", ["sensor-", ref("SerialNumber")])),
    policies=[Policy(policy_name="sensor")],
).to_json()


def measure() -> Iterator[Measurement]:
    """A large template, a larger plan of Terraform, and whether memory grows with the number of files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template, plan = folder / "template.json", folder / "plan.json"
        template.write_text(json.dumps(_template(TEMPLATE)))
        plan.write_text(json.dumps(_plan(PLAN)))
        other = _cfn_lint(template)
        for case, ours in (
            (f"a template of {TEMPLATE} resources", _lint([template])),
            (f"a plan of Terraform of {PLAN:,} resources", _lint([plan])),
        ):
            details = {"peak_mib": ours.peak_mib, "other_peak_mib": other.peak_mib}
            yield Measurement(case, "s", ours.cpu_seconds, other.cpu_seconds, HALF, details)
        fewest, most = (_lint(_files(folder / str(number), number)) for number in FILES)
        case = f"memory for {FILES[1]:,} against {FILES[0]:,} files"
        yield Measurement(case, "MiB", most.peak_mib, fewest.peak_mib, FLAT)


def _lint(files: Sequence[Path]) -> Cost:
    return cost_of([sys.executable, "-m", "device_provisioning.cli", "lint", *map(str, files)])


def _cfn_lint(template: Path) -> Cost:
    # It has an exit status of its own for each kind of finding.
    program = "import sys; from cfnlint.runner import main\ntry: main()\nexcept SystemExit: pass"
    command = [sys.executable, "-c", program, str(template), "-a", "device_provisioning.cfn_lint"]
    return cost_of(command)


def _files(folder: Path, number: int) -> list[Path]:
    folder.mkdir()
    files = [folder / f"{each}.json" for each in range(number)]
    for file in files:
        file.write_text(_BODY)
    return files


def _template(size: int) -> Mapping[str, Any]:
    """A template of which every fifth resource is a provisioning template, the others are buckets."""
    properties = {
        "Enabled": True,
        "ProvisioningRoleArn": _ROLE,
        "PreProvisioningHook": {"TargetArn": "arn:aws:lambda:eu-west-1:111122223333:function:hook"},
        "TemplateBody": _BODY,
    }
    provisioning = {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": properties}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"Tags": [{"Key": "team", "Value": "sensors"}]}}
    return {"Resources": {f"R{n}": bucket if n % 5 else provisioning for n in range(size)}}


def _plan(size: int) -> Mapping[str, Any]:
    hook = {"target_arn": "arn:aws:lambda:eu-west-1:111122223333:function:hook"}
    values = {
        "enabled": True,
        "provisioning_role_arn": _ROLE,
        "pre_provisioning_hook": [hook],
        "template_body": _BODY,
    }
    resources = [
        _resource("aws_s3_bucket", n, {"bucket": f"bucket-{n}"})
        if n % 50
        else _resource("aws_iot_provisioning_template", n, values)
        for n in range(size)
    ]
    return {"format_version": "1.2", "planned_values": {"root_module": {"resources": resources}}}


def _resource(kind: str, number: int, values: Mapping[str, Any]) -> Mapping[str, Any]:
    name = f"r{number}"
    return {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "values": values}
