"""A synthesised cloud assembly, deployed to the emulator without the CDK CLI: what tests repeat often."""

import io
import json
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .emulator import ACCOUNT, REGION, Emulator

SECONDS = 120
BUCKET = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
DONE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"}


class DeploymentFailed(Exception):  # noqa: N818  # what CloudFormation calls it
    """A stack did not get where it should; the message holds the reason of each failed event."""


def deploy(emulator: Emulator, folder: Path, stack_name: str) -> dict[str, str]:
    """Create or update a stack of a cloud assembly and return its outputs.

    Raises:
        DeploymentFailed: If it is rolled back, or not done within two minutes.
    """
    url = upload_assets(emulator, folder, stack_name)
    cloudformation = emulator.client("cloudformation")
    settings = {"StackName": stack_name, "TemplateURL": url, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
    try:
        cloudformation.create_stack(**settings)
    except cloudformation.exceptions.AlreadyExistsException:
        _update(cloudformation, settings)
    return _wait(cloudformation, stack_name)


def destroy(emulator: Emulator, stack_name: str) -> None:
    """Delete a stack.

    Raises:
        DeploymentFailed: If something of it can't be deleted.
    """
    cloudformation = emulator.client("cloudformation")
    stack_id = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName=stack_name)
    _wait(cloudformation, stack_id)


def _update(cloudformation: Any, settings: Mapping[str, Any]) -> None:
    try:
        cloudformation.update_stack(**settings)
    except cloudformation.exceptions.ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise


def upload_assets(emulator: Emulator, folder: Path, stack_name: str, bucket: str = BUCKET) -> str:
    """Put the files of a stack into a bucket, which is made if need be; gives the URL of the template."""
    s3 = emulator.client("s3")
    if bucket not in [known["Name"] for known in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    emulator.client("ssm").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value="32", Type="String", Overwrite=True
    )
    url = ""
    for asset in json.loads((folder / f"{stack_name}.assets.json").read_text())["files"].values():
        source = folder / asset["source"]["path"]
        content = _zipped(source) if asset["source"]["packaging"] == "zip" else source.read_bytes()
        for destination in asset["destinations"].values():
            s3.put_object(Bucket=bucket, Key=destination["objectKey"], Body=content)
            if source.name == f"{stack_name}.template.json":
                url = f"{emulator.url}/{bucket}/{destination['objectKey']}"
    return url


def _zipped(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(folder))
    return content.getvalue()


def _wait(cloudformation: Any, stack: str) -> dict[str, str]:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        status = described["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            break
        time.sleep(0.05)
    if status not in DONE:
        raise DeploymentFailed("; ".join([f"{stack} is {status}", *_reasons(cloudformation, stack)]))
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def _reasons(cloudformation: Any, stack: str) -> Iterator[str]:
    for event in cloudformation.describe_stack_events(StackName=stack)["StackEvents"]:
        if event["ResourceStatus"].endswith("_FAILED"):
            yield f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
