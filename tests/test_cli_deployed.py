"""What the commands read of stacks that Pulumi deployed, and how they write."""

import json
import stat

import pytest

from device_provisioning.cli.deployed import DeployedError, outputs_of_stack, write_private
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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no JSON object: write it by pulumi stack output --json"),
        ([], "is no JSON object"),
        ({"archive": "{}"}, "has no output of the kind PanoramaArchive"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path, content, message):
    with pytest.raises(DeployedError, match=message):
        outputs_of_stack(exported(tmp_path, content), PanoramaArchive)


def test_a_file_is_for_its_owner_only_also_when_it_was_not_before(tmp_path):
    file = tmp_path / "new" / "key.pem"
    file.parent.mkdir()
    file.write_text("old")
    file.chmod(0o644)
    write_private(file, b"new")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o600)
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_can_not_be_written_is_told_in_a_line(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(DeployedError, match="can't be written"):
        write_private(blocked / "key.pem", b"")
