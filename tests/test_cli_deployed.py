"""What the commands read of stacks that Pulumi deployed."""

import errno
import json
import os
from pathlib import Path

import pytest

from device_provisioning.console.deployed import outputs_of_stack
from device_provisioning.console.sources import UnreadableError
from device_provisioning.panorama import PanoramaArchive

ARCHIVE = {
    "device_name": "line-4",
    "location": "s3://bucket/certificates-omni_line-4.zip",
    "expires_at": "2026-01-01T00:05:00Z",
    "status": "AWAITING_PROVISIONING",
    "advice": "",
}


def exported(tmp_path, content):
    file = tmp_path / "outputs.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(file)


@pytest.mark.parametrize("archive", [ARCHIVE, json.dumps(ARCHIVE)], ids=["as-it-is", "as-text"])
def test_outputs_that_pulumi_wrote_are_read_from_a_file(tmp_path, archive):
    file = exported(tmp_path, {"url": "https://example.com", "count": 3, "archive": archive})
    assert outputs_of_stack(file, PanoramaArchive) == [PanoramaArchive(**ARCHIVE)]


def test_a_file_that_can_not_be_read_is_said_to_be_so(tmp_path, monkeypatch):
    file = exported(tmp_path, {})
    monkeypatch.setattr(Path, "read_text", lambda *_: _refuse())
    with pytest.raises(UnreadableError, match=r"outputs\.json: cannot be read: Permission denied"):
        outputs_of_stack(file, PanoramaArchive)


def _refuse():
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not a JSON object: write it by pulumi stack output --json"),
        ([], "is not a JSON object"),
        ({"archive": "{}"}, "has no output of the kind PanoramaArchive"),
        ({"archive": {**ARCHIVE, "expires_at": "soon"}}, "outputs.json: expires_at: Invalid isoformat"),
        (
            {"archive": {**ARCHIVE, "expires_at": "2026-01-01T00:05:00"}},
            "expires_at: is a time without a zone",
        ),
        ({"archive": {**ARCHIVE, "location": 7, "colour": "red"}}, "(?s)location: .*colour: Extra inputs"),
        ({"other": {"colour": "red"}}, "PanoramaArchive: deploy it again$"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path, content, message):
    with pytest.raises(UnreadableError, match=message):
        outputs_of_stack(exported(tmp_path, content), PanoramaArchive)
