"""Registration tasks, which MiniStack lacks: things of the lines of a file in S3.

A task reads its file, and registers each line, with its role only. What became of each is in its reports.

https://docs.aws.amazon.com/iot/latest/developerguide/bulk-provisioning.html
https://docs.aws.amazon.com/iot/latest/apireference/API_StartThingRegistrationTask.html
"""

import asyncio
import json
import os
import time
import uuid
from collections.abc import Mapping
from typing import Any

from .registration_reports import Line, Reports

REPORTS_PORT = "REPORTS_PORT"
PATH = "/thing-registration-tasks"
COUNTS = {"ERRORS": "failureCount", "RESULTS": "successCount"}
MEMBERS = ("templateBody", "inputFileBucket", "inputFileKey", "roleArn")


def install(iot: Any) -> None:
    """Add the operations, and the reports, over HTTPS, on ``REPORTS_PORT``."""
    reports = Reports(int(os.environ[REPORTS_PORT]))
    tasks, route, start = RegistrationTasks(iot, reports), iot._route_request, iot.mtls_start

    async def route_with_tasks(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if path.startswith(PATH):
            return tasks.answer(method, path.removeprefix(PATH).strip("/").split("/"), body, query)
        return await route(method, path, headers, body, query)

    async def start_with_reports() -> None:
        await start()
        await reports.serve(iot)

    iot._route_request, iot.mtls_start = route_with_tasks, start_with_reports


class RegistrationTasks:
    """The tasks of every account and Region.

    Args:
        iot: MiniStack's AWS IoT.
        reports: Where their reports are.
    """

    def __init__(self, iot: Any, reports: Reports) -> None:
        self._iot, self._reports = iot, reports
        self._lines: dict[tuple[str, str], list[Line]] = {}
        self._tasks: Any = iot.AccountRegionScopedDict()
        self._running: set[asyncio.Task[None]] = set()

    def answer(self, method: str, path: list[str], body: bytes, query: Mapping[str, Any]) -> Any:
        """Answer StartThingRegistrationTask, and what is asked of tasks."""
        match method, *path:
            case "POST", "":
                return self._start(json.loads(body))
            case "GET", "":
                return self._iot.json_response({"taskIds": list(self._tasks)})
            case "GET", task_id if task := self._tasks.get(task_id):
                return self._iot.json_response(task)
            case "PUT", task_id, "cancel" if task := self._tasks.get(task_id):
                task["status"] = "Cancelling"
                return self._iot.json_response({})
            case "GET", task_id, "reports" if task_id in self._tasks:
                return self._report(task_id, query)
        return self._iot.error_response_json("ResourceNotFoundException", f"no task {path[0]}", 404)

    def _report(self, task_id: str, query: Mapping[str, Any]) -> Any:
        (kind,) = query.get("reportType") or [""]
        if kind not in COUNTS:
            return self._iot.error_response_json("InvalidRequestException", f"reportType: {kind}", 400)
        links = self._reports.links(self._lines.get((task_id, kind), []))
        return self._iot.json_response({"resourceLinks": links, "reportType": kind})

    def _start(self, asked: Mapping[str, Any]) -> Any:
        now, task_id = time.time(), str(uuid.uuid4())
        task = {
            "taskId": task_id,
            "creationDate": now,
            "lastModifiedDate": now,
            **{member: asked[member] for member in MEMBERS},
            "status": "InProgress",
            "successCount": 0,
            "failureCount": 0,
            "percentageProgress": 0,
        }
        self._tasks[task_id] = task
        running = asyncio.create_task(self._run(task))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return self._iot.json_response({"taskId": task_id})

    async def _run(self, task: dict[str, Any]) -> None:
        content = self._read(task["inputFileBucket"], task["inputFileKey"], task["roleArn"])
        if content is None:
            task.update(status="Failed", message="the role can't read the file, or there is none")
            return
        lines = content.decode().splitlines()
        for number, line in enumerate(lines, 1):
            if task["status"] == "Cancelling":
                task["status"] = "Cancelled"
                return
            kind, outcome = await self._outcome(task, line)
            self._lines.setdefault((task["taskId"], kind), []).append({"lineNumber": number, **outcome})
            task[COUNTS[kind]] += 1
            task.update(percentageProgress=100 * number // len(lines), lastModifiedDate=time.time())
        task["status"] = "Completed"

    def _read(self, bucket: str, key: str, role_arn: str) -> bytes | None:
        from ministack.services import s3

        reads = [("s3:GetObject", f"arn:aws:s3:::{bucket}/{key}")]
        if not self._iot._provisioning_role_allows(role_arn, reads):
            return None
        content: bytes | None = s3._get_object_data(bucket, key) if s3._ensure_bucket(bucket) else None
        return content

    async def _outcome(self, task: Mapping[str, Any], line: str) -> tuple[str, Line]:
        """The report that a line is in, and what that says."""
        iot = self._iot
        template = {
            "templateName": task["taskId"],
            "defaultVersionId": 1,
            "versions": {"1": iot._provisioning_template_version(1, task["templateBody"], 0)},
        }
        try:
            parameters = json.loads(line)
            certificate = await self._certificate(task, parameters)
            plan = iot._provisioning_plan(template, parameters, certificate["certificateId"])
            thing = await iot._apply_provisioning_plan(plan, certificate, task["roleArn"])
        except iot._ProvisioningRejected as rejection:
            _, refusal = rejection.reply
            return "ERRORS", refusal
        arns = {
            "certificate": certificate["certificateArn"],
            **({"thing": iot._thing_arn(thing)} if thing else {}),
        }
        return "RESULTS", {"resourceArns": arns}

    async def _certificate(self, task: Mapping[str, Any], parameters: Mapping[str, str]) -> Any:
        """The certificate that a body asks for, made, registered or found."""
        resources = json.loads(task["templateBody"])["Resources"].values()
        (properties,) = [each["Properties"] for each in resources if each["Type"] == "AWS::IoT::Certificate"]
        given = {
            name[0].lower() + name[1:]: parameters[value["Ref"]] if isinstance(value, dict) else value
            for name, value in properties.items()
        }
        certificate_id = given.get("certificateId") or await self._new_certificate(task["roleArn"], given)
        return self._iot._certificates[certificate_id]

    async def _new_certificate(self, role_arn: str, given: Mapping[str, str]) -> str:
        brings_csr = "certificateSigningRequest" in given
        action = "iot:CreateCertificateFromCsr" if brings_csr else "iot:RegisterCertificate"
        if not self._iot._provisioning_role_allows(role_arn, [(action, "*")]):
            raise self._iot._ProvisioningRejected("AccessDenied", "Access Denied", 403)
        if brings_csr:
            status, _, answer = self._iot._create_certificate_from_csr(given, {})
        else:
            status, _, answer = await self._iot._register_certificate(given, {})
        found = json.loads(answer)
        if status != 200:
            raise self._iot._provisioning_failed(found["message"])
        return str(found["certificateId"])
