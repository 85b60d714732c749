"""The verb ``verify`` on an emulator: what IAM there lacks, and removing by hand."""

import json
import re
import shlex
from contextlib import suppress
from pathlib import Path

from tests.support.detaching import once_detached


def documented_report():
    """The table of the report that the guide shows."""
    page = Path("docs/guides/verifying-in-your-account.md").read_text("utf-8")
    return re.search(r"<!-- report: .*? -->\n(.*)<!-- end -->", page, re.DOTALL)[1]


def without_times(report):
    """A report in which nothing takes any time."""
    return re.sub(r"\d+\.\d", "0.0", report).strip()


def let_functions_detach(emulator):
    """AWS authorises these on the policy and on the certificate, the emulator on other resources."""
    iam = emulator.client("iam")
    actions = ["iot:ListTargetsForPolicy", "iot:DetachPolicy", "iot:DetachThingPrincipal"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    names = [role["RoleName"] for role in iam.list_roles()["Roles"]]
    for name in names:
        if "DevicePolicy" in name or "Retirement" in name:
            iam.put_role_policy(RoleName=name, PolicyName="Emulator", PolicyDocument=document)


def by_hand(emulator, commands):
    """Do what commands of the AWS CLI do; one that finds nothing ends there, as in a shell."""
    for command in (each for line in commands for each in line.split("; ")):
        with suppress(emulator.client("iot").exceptions.ResourceNotFoundException):
            for part in command.split(" && "):
                _aws(emulator, shlex.split(part)[1:])


def _aws(emulator, words):
    service, operation, *given = words
    client = emulator.client(service)
    if operation == "wait":
        client.get_waiter(given[0].replace("-", "_")).wait(
            StackName=given[2], WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
    elif service == "s3":
        _empty(client, given[-1].removeprefix("s3://"))
    else:
        _call(client, service, operation, given)


def _call(client, service, operation, given):
    flags = [word for word in given if word.startswith("--")]
    values = {_parameter(service, flag): _value(given, flag) for flag in flags}
    once_detached(getattr(client, operation.replace("-", "_")), **values)


def _parameter(service, flag):
    first, *more = flag.removeprefix("--").split("-")
    name = first + "".join(part.capitalize() for part in more)
    return name if service == "iot" else name[0].upper() + name[1:]


def _value(given, flag):
    after = given[given.index(flag) + 1 :]
    return True if not after or after[0].startswith("--") else after[0]


def _empty(s3, bucket):
    for item in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=item["Key"])
    s3.delete_bucket(Bucket=bucket)
