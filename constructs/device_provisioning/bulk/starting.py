"""A registration task: its file made and checked, uploaded, started."""

import json
import uuid
from collections.abc import Sequence
from typing import IO

from ..allow_list.device_rows import DeviceRows
from ..allow_list.normalisation import Normalisation
from ..aws_iot import BulkTemplate, Severity, TemplateType, check
from ..aws_iot.evaluation import CompiledTemplate, compile_template
from ..console.aws_calls import AwsCalls
from ..console.devices import Device
from ..console.input_lines import LONGEST_LINE
from ..console.scratch import scratch_file
from ..console.sources import UnreadableError, require_one_standard_input
from ..simulation.body_choice import choose_body

MOST_PROBLEMS = 20


def start_task(
    devices: str, template: str, bucket: str, role: str, normalise: Sequence[Normalisation] = ()
) -> str:
    """Start a task; its id.

    Args:
        devices: The file of the devices.
        template: The file of the body.
        bucket: Where the devices are uploaded to.
        role: The role that AWS IoT registers devices with.
        normalise: What is changed of serial numbers, in this order; nothing by default.

    Raises:
        UnreadableError: If the body breaks a rule, a line can't be registered, or AWS refuses.
    """
    require_one_standard_input(devices, template)
    body = _body(template)
    compiled = compile_template(body.document, TemplateType.BULK)
    key = f"bulk-registration/{uuid.uuid4()}.jsonl"
    with scratch_file() as file:
        _write(file, DeviceRows(devices, changes=normalise), compiled)
        file.seek(0)
        AwsCalls(f"s3://{bucket}", "s3").call("put_object", Bucket=bucket, Key=key, Body=file)
    answer = AwsCalls(devices).call(
        "start_thing_registration_task",
        templateBody=body.to_json(),
        inputFileBucket=bucket,
        inputFileKey=key,
        roleArn=role,
    )
    return str(answer["taskId"])


def _body(file: str) -> BulkTemplate:
    try:
        body = BulkTemplate.from_document(choose_body(file, TemplateType.BULK, None).document)
        findings = check(body.document, TemplateType.BULK)
        problems = [str(finding) for finding in findings if finding.severity is Severity.ERROR]
        if problems:
            raise ValueError("\n".join(problems))
        body.to_json()
    except ValueError as error:
        raise UnreadableError("\n".join(f"{file}: {line}" for line in str(error).splitlines())) from None
    return body


def _write(file: IO[bytes], rows: DeviceRows, template: CompiledTemplate) -> None:
    problems: list[str] = []
    devices = rows.lines.name
    count = 0
    for device in rows:
        line = json.dumps(device.parameters)
        found = _problems(device, line, template)
        problems += [f"{devices}:{device.line}: {problem}" for problem in found]
        file.write(line.encode() + b"\n")
        count += 1
    if not count:
        problems = [f"{devices}: contains no devices"]
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [f"{devices}: {more} more problems"] if more > 0 else []
        raise UnreadableError("\n".join([*problems[:MOST_PROBLEMS], *rest]))


def _problems(device: Device, line: str, template: CompiledTemplate) -> list[str]:
    if device.problem:
        return [device.problem]
    if len(line) > LONGEST_LINE:
        return [f"has {len(line)} characters as JSON: {LONGEST_LINE} are allowed"]
    return [str(failure) for failure in template.evaluate(device.parameters).failures]
