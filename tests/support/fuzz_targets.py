"""What `make fuzz` and the tests feed with bytes of any kind: each target ends, or the bytes found a bug.

The documented errors are not a bug. What a target asserts is what has to hold whatever the bytes are.
"""

import atexit
import contextlib
import io
import json
import os
import re
import tempfile
from pathlib import Path
from unittest import mock

from botocore.exceptions import ClientError

from device_provisioning import aws_iot, iotda
from device_provisioning.allow_list.rows import read_rows
from device_provisioning.aws_iot.evaluation import Result, compile_template
from device_provisioning.console.devices import Device
from device_provisioning.console.sources import ReadSource, UnreadableError
from device_provisioning.explain.drawing import draw
from device_provisioning.explain.page import page
from device_provisioning.explain.tree import write_tree
from device_provisioning.lambdas.pre_provisioning_hook import handler as hook
from device_provisioning.lambdas.pre_provisioning_hook.settings import DEFAULT_PATTERN
from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.files import FileFinding, lint_text
from device_provisioning.lint.fixing import fix_text
from device_provisioning.simulation.body_choice import choose_branches
from device_provisioning.simulation.library_hook import library_hook
from device_provisioning.simulation.refusals import refusals_of
from device_provisioning.simulation.simulator import Simulator
from tests.support.forms import FORMATS, files_of

TEMPLATES = Path(__file__).parent.parent / "templates"
REPORTED = TEMPLATES.parent / "reported"
BODIES = {
    aws_iot.TemplateType.FLEET_PROVISIONING: aws_iot.FleetTemplate,
    aws_iot.TemplateType.JITP: aws_iot.JitpTemplate,
    aws_iot.TemplateType.BULK: aws_iot.BulkTemplate,
}
SEPARATOR = b"\0"
SERIAL_NUMBER = {"SerialNumber": "A-1", "Site": "lab"}
EVENT = {
    "claimCertificateId": "c" * 64,
    "certificateId": "d" * 64,
    "certificatePem": "-----BEGIN CERTIFICATE-----",
    "templateArn": "arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/sensors",
    "clientId": "claim-1",
    "parameters": SERIAL_NUMBER,
}
LOGGED = {"serial_number", "client_id", "claim_certificate_id", "certificate_id", "decision", "reason"}
METRICS = {"TemplateName", "Allowed", "Denied", "_aws"}
RECORD = {"serial_number": {"S": "A-1"}, "certificate_id": {"S": "e" * 64}, "reserved_at": {"N": "1"}}


def parsing(data):
    """Reading a body, writing it again, and judging it by the rules."""
    text = _text(data)
    for template_type, kind in BODIES.items():
        try:
            body = kind.from_json(text)
        except ValueError:
            continue
        aws_iot.check(body.document, template_type)
        with contextlib.suppress(ValueError):
            assert json.loads(body.to_json()) == body.document
    with contextlib.suppress(ValueError):
        iotda.check(iotda.TemplateBody.from_json(text).document)


def lint(data):
    """A file of any form: it is judged, or said to be unreadable."""
    with contextlib.suppress(UnreadableError):
        found = lint_text(_text(data), BodyType.FLEET, {})
        assert all(position.line >= 1 and position.column >= 1 for position, _ in found or [])


def fixing(data):
    """A file of any form: what is found in it is fixed, or left as it is."""
    with contextlib.suppress(UnreadableError):
        fix_text(_text(data), _found, unsafe=True)


def explaining(data):
    """A file of any form: the template in it is drawn, and a device is tried with it."""
    given = ReadSource("-", content=_text(data))
    with contextlib.suppress(UnreadableError):
        for chosen in choose_branches(given, aws_iot.TemplateType.FLEET_PROVISIONING, None):
            picture = draw(chosen)
            page(picture)
            with contextlib.redirect_stdout(io.StringIO()):
                write_tree(picture, None)
            with contextlib.suppress(ValueError):
                compiled = compile_template(chosen.document, chosen.template_type)
                simulator = Simulator(compiled, {}, library_hook(chosen), refusals_of(chosen))
                json.dumps(simulator.outcome(Device(None, SERIAL_NUMBER)).document)


def evaluating(data):
    """What a device gets of a body: a body, a separator and the device's parameters."""
    body, _, supplied = data.partition(SEPARATOR)
    document, parameters = _json(body), _json(supplied)
    if not isinstance(document, dict):
        return
    for template_type in BODIES:
        try:
            compiled = compile_template(document, template_type)
        except ValueError:
            continue
        outcome = compiled.evaluate(parameters if isinstance(parameters, dict) else SERIAL_NUMBER)
        assert (outcome.result is Result.FAILED) == bool(outcome.failures)
        json.dumps(outcome.document)


def asking_the_hook(data):
    """A request of a device, a separator, and the record that the table answers with."""
    request, _, record = data.partition(SEPARATOR)
    table = _Table(_json(record))
    with (
        mock.patch.object(hook, "_client", return_value=table),
        mock.patch.dict(os.environ, ALLOW_LIST_TABLE_NAME="devices"),
        contextlib.redirect_stdout(io.StringIO()) as log,
    ):
        answer = hook.handler(_json(request))
    (line,) = log.getvalue().splitlines()
    assert json.loads(line).keys() - {"DeniedAsProvisioned"} == LOGGED | METRICS
    assert len(line) < 16384
    assert isinstance(answer["allowProvisioning"], bool)
    assert all(isinstance(value, str) for value in answer["parameterOverrides"].values())
    assert table.written <= 2
    if answer["allowProvisioning"]:
        assert table.written
        assert re.fullmatch(DEFAULT_PATTERN, table.reserved)


def reading_rows(data):
    """The rows of a file of devices: each is a device, or has its reasons."""
    for ending in (".csv", ".jsonl"):
        _FILES[ending].write_bytes(data)
        with contextlib.suppress(UnreadableError):
            for row in read_rows(str(_FILES[ending])):
                assert (row.device is None) == bool(row.reasons)
                assert row.device is None or row.device.serial_number


class _Table:
    """DynamoDB and AWS IoT, which refuse the reservation of a record once and then let it through."""

    def __init__(self, record):
        self._record = record
        self.written = 0
        self.reserved = ""

    def transact_write_items(self, *, TransactItems, **_):  # noqa: N803
        _, record = TransactItems
        self.reserved = record["Update"]["Key"]["serial_number"]["S"]
        if self._record is None:
            self.written += 1
            return {}
        item, self._record = self._record, None
        error = {
            "Error": {"Code": "TransactionCanceledException"},
            "ResponseMetadata": {"HTTPStatusCode": 400},
            "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": item}],
        }
        raise ClientError(error, "TransactWriteItems")

    def describe_certificate(self, **_):
        return {"certificateDescription": {"status": "PENDING_ACTIVATION"}}


def _found(text):
    return [
        FileFinding("-", position, finding) for position, finding in lint_text(text, BodyType.FLEET, {}) or []
    ]


def _text(data):
    """Text, with half characters where they are spelt as such."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def _json(data):
    try:
        return json.loads(_text(data))
    except (ValueError, RecursionError):
        return None


def _bodies():
    return [file.read_bytes() for kind in ("fleet", "jitp", "bulk") for file in (TEMPLATES / kind).glob("*")]


def _files():
    folders = (REPORTED, TEMPLATES / "stack", TEMPLATES.parent / "plans")
    found = [file.read_bytes() for folder in folders for file in sorted(folder.iterdir())]
    return [*found, *(form(files_of(name)[0]).encode() for name, form in FORMATS.items())]


_folder = tempfile.TemporaryDirectory()
atexit.register(_folder.cleanup)
_FILES = {ending: Path(_folder.name) / f"devices{ending}" for ending in (".csv", ".jsonl")}
_PARAMETERS = json.dumps(SERIAL_NUMBER).encode()
_EVENT = json.dumps(EVENT).encode()

TARGETS = {
    "parsing": parsing,
    "lint": lint,
    "fixing": fixing,
    "explaining": explaining,
    "evaluating": evaluating,
    "hook": asking_the_hook,
    "rows": reading_rows,
}
SEEDS = {
    "parsing": lambda: [*_bodies(), *(file.read_bytes() for file in (TEMPLATES / "iotda").glob("*"))],
    "lint": lambda: _files(),
    "fixing": lambda: _files(),
    "explaining": lambda: _files(),
    "evaluating": lambda: [SEPARATOR.join([body, _PARAMETERS]) for body in _bodies()],
    "hook": lambda: [_EVENT, SEPARATOR.join([_EVENT, json.dumps(RECORD).encode()])],
    "rows": lambda: [
        b"serial_number,blocked,expires_at,parameter_overrides.Site\nA-1,true,1893456000,lab\n",
        b'{"serial_number": "A-1", "parameter_overrides": {"Site": "lab"}, "blocked": false}\n',
    ],
}
