"""What to do about the errors and the statuses of AWS Panorama, in words.

https://docs.aws.amazon.com/panorama/latest/api/CommonErrors.html and API_DescribeDevice
"""

from collections.abc import Mapping
from typing import Any

from .panorama_api import THROTTLED, Refused, Unanswered

END = "AWS ended the support of AWS Panorama on 2026-05-31"
AGAIN = "provision it again under another name to get a new archive"
STATUSES = {
    "AWAITING_PROVISIONING": "put the archive on a USB stick, plug it into the device and switch it on"
    " before the archive expires",
    "PENDING": "the device is being set up: leave it on and connected",
    "SUCCEEDED": "the device is set up: there is nothing to do",
    "FAILED": f"the device could not be set up: check its network, then {AGAIN}",
    "ERROR": f"the device could not be set up: check its network, then {AGAIN}",
    "DELETING": "the device is being deleted: define another one",
    "ONLINE": "the device is set up and connected: there is nothing to do",
    "OFFLINE": "the device does not answer: check its power and its network",
    "LEASE_EXPIRED": f"the device was offline for too long and its credentials expired: {AGAIN}",
    "UPDATE_NEEDED": "the device's software is too old: update it with a job of type OTA",
    "REBOOTING": "the device is restarting: wait",
}


def status_advice(device: Mapping[str, Any]) -> tuple[str, str]:
    """The status of a device and what to do."""
    provisioning = str(device.get("ProvisioningStatus") or "")
    overall = str(device.get("DeviceAggregatedStatus") or provisioning)
    status = overall if provisioning in {"SUCCEEDED", ""} else provisioning
    return status, STATUSES.get(status, f"the status {status} is not documented: see the console")


def advice(problem: Refused | Unanswered) -> str:
    """What happened and what to do."""
    if isinstance(problem, Unanswered):
        return _unanswered(problem)
    details = problem.details
    match problem.code:
        case "ConflictException":
            return _conflict(problem)
        case "ValidationException":
            fields = "; ".join(f"{field.get('Name')}: {field.get('Message')}" for field in _fields(details))
            reason = details.get("Reason", "OTHER")
            return f"{problem} ({reason}): correct {fields or 'the settings of the device'}"
        case "AccessDeniedException":
            return (
                f"{problem}: allow panorama:{problem.operation} to the function's role, also in policies of"
                f" your organisation; {END} and lets no account in that did not use it before"
            )
        case "ServiceQuotaExceededException":
            quota = f"{details.get('ServiceCode', 'panorama')} {details.get('QuotaCode', '')}".strip()
            return f"{problem}: the quota {quota} is used up: delete devices or ask for a higher quota"
        case "ResourceNotFoundException":
            return (
                f"{problem}: the device is gone: give it another name, so that it is created again, or remove"
                " it from the code"
            )
        case code if code in THROTTLED:
            return f"{problem}: AWS Panorama is busy: deploy again later, or fewer devices at once"
    return f"{problem} ({problem.status}): this error is not documented: deploy again, or ask AWS Support"


def _unanswered(problem: Unanswered) -> str:
    if problem.code:
        return f"{problem}: AWS Panorama failed on its side: deploy again later, or ask AWS Support"
    if problem.operation == "DeleteDevice":
        return (
            f"{problem}: {END}: give the endpoint_url of an endpoint that still answers, or delete the stack"
            " again and retain this resource: its device is then forgotten, not deleted"
        )
    return (
        f"{problem}: {END}: give the endpoint_url of an endpoint that still answers, or define"
        " GreengrassCoreDevices instead"
    )


def _conflict(problem: Refused) -> str:
    details = problem.details
    thing = f"{details.get('ResourceType', 'resource')} {details.get('ResourceId', '')}".strip()
    if problem.operation == "DeleteDevice":
        return (
            f"{problem}: the device is in use ({thing}): remove its application instances and wait for its"
            " jobs, then delete it again"
        )
    return f"{problem}: {thing} is in the way: give the device another name, or delete what is there"


def _fields(details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    fields = details.get("Fields")
    return [field for field in fields if isinstance(field, Mapping)] if isinstance(fields, list) else []
