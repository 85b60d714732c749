"""A wire to an emulator with quotas, on which others have just used them up."""

from collections import Counter

import boto3
from botocore.config import Config

from tests.support.faulty_wire import FaultyWire
from workshop.emulator import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/provisioning"
MOST_CALLS = 500
CREATE, CHANGE = "POST /provisioning-templates", "PATCH /provisioning-templates"
DESCRIBE, START = "GET /provisioning-templates", "POST /thing-registration-tasks"
ASK, UPDATE = "GET /certificates", "PUT /certificates"
CALLS = {
    ASK: ("describe_certificate", {"certificateId": "0" * 64}),
    UPDATE: ("update_certificate", {"certificateId": "0" * 64, "newStatus": "INACTIVE"}),
    CREATE: (
        "create_provisioning_template",
        {"templateName": "none", "templateBody": "{}", "provisioningRoleArn": ROLE},
    ),
    CHANGE: ("update_provisioning_template", {"templateName": "none"}),
    DESCRIBE: ("describe_provisioning_template", {"templateName": "none"}),
    START: (
        "start_thing_registration_task",
        {"templateBody": "{}", "inputFileBucket": "none", "inputFileKey": "none", "roleArn": ROLE},
    ),
}
"""How the bucket of an operation is emptied: by calls that come to nothing."""


class CrowdedWire(FaultyWire):
    """Empty the bucket of an operation just before its first calls, as many as ``crowded`` has of it."""

    def mend(self):
        super().mend()
        self.crowded = Counter()

    def take(self, operation):
        if self.crowded[operation]:
            self.crowded[operation] -= 1
            self._empty(*CALLS[operation.removesuffix("/*")])
        return super().take(operation)

    def _empty(self, operation, arguments):
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        once = Config(retries={"total_max_attempts": 1})
        iot = boto3.client("iot", endpoint_url=self.emulator.url, region_name=REGION, config=once, **keys)
        for _ in range(MOST_CALLS):
            try:
                getattr(iot, operation)(**arguments)
            except iot.exceptions.ThrottlingException:
                return
            except (iot.exceptions.ResourceNotFoundException, iot.exceptions.InvalidRequestException):
                continue
        raise AssertionError(f"{MOST_CALLS} calls came through")
