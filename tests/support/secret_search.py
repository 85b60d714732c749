"""Secrets whose text a test knows, and everywhere that they must not be."""

import base64
import json
from urllib.parse import quote

REGIONS_OF_A_TEXT = 3
"""Base64 of a text depends on where in three bytes the text begins."""


def lines_of(pem):
    """What can be recognised of a key in PEM, also where its line ends are written otherwise."""
    return [line for line in pem.strip().splitlines() if len(line) > 40 and "-----" not in line]


def forms(secret):
    """How a secret may be written: as it is, in URLs, in hexadecimal, in Base64 wherever it begins."""
    raw = secret.encode()
    encoded = []
    for offset in range(REGIONS_OF_A_TEXT):
        text = base64.b64encode(b"\0" * offset + raw).decode()
        # Of the first and the last four characters others than this text decide.
        encoded.append(text[4:-4])
    return {secret, quote(secret, safe=""), raw.hex(), *encoded}


def found(secrets, places):
    """The names of secrets that are in a place that they must not be in, with the names of the places."""
    return {
        (name, place)
        for name, fragments in secrets.items()
        for fragment in fragments
        for form in forms(fragment)
        for place, text in places.items()
        if form in text
    }


def files_below(folder):
    """Every file below a folder as text, by its path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes().decode("latin-1") for path in files}


def answers_of(emulator):
    """What every API answers that knows of a stack, but for those that are there to hand secrets out."""
    client = emulator.client
    attributes_of = client("sqs").get_queue_attributes
    functions = client("lambda").list_functions()["Functions"]
    iot, iam, s3 = client("iot"), client("iam"), client("s3")
    templates = iot.list_provisioning_templates()["templates"]
    certificates = iot.list_certificates(pageSize=250)["certificates"]
    tables = client("dynamodb").list_tables()["TableNames"]
    queues = client("sqs").list_queues().get("QueueUrls", [])
    roles = iam.list_roles()["Roles"]
    answers = {
        "functions": functions,
        "templates": [iot.describe_provisioning_template(templateName=t["templateName"]) for t in templates],
        "certificates": [iot.describe_certificate(certificateId=c["certificateId"]) for c in certificates],
        "authorities": iot.list_ca_certificates(),
        "policies": [iot.get_policy(policyName=p["policyName"]) for p in iot.list_policies()["policies"]],
        "things": iot.list_things(),
        "tables": [client("dynamodb").scan(TableName=name)["Items"] for name in tables],
        "parameters": client("ssm").get_parameters_by_path(Path="/", Recursive=True, WithDecryption=True),
        "secrets": client("secretsmanager").list_secrets(),
        "queues": [attributes_of(QueueUrl=url, AttributeNames=["All"]) for url in queues],
        "roles": [
            iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)
            for role in roles
            for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
        ],
        "buckets": [s3.list_objects_v2(Bucket=bucket["Name"]) for bucket in s3.list_buckets()["Buckets"]],
        "alarms": client("cloudwatch").describe_alarms(),
    }
    return {name: json.dumps(answer, default=str) for name, answer in answers.items()}


def logged(emulator):
    """The lines of every log group, and what the emulator itself wrote."""
    logs = emulator.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    lines = {name: json.dumps(logs.filter_log_events(logGroupName=name)["events"]) for name in groups}
    return {**lines, "emulator": emulator._log.read_text(errors="replace")}
