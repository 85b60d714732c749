"""What users rest on changes only on purpose, and with a line in the changelog."""

import hashlib
import re
from pathlib import Path

import pytest
import yaml

from tests.support.public_surface import surface

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"


@pytest.fixture(scope="module")
def text():
    # A line each, so that a difference shows what it is about.
    return yaml.safe_dump(surface(), default_flow_style=False, width=1000)


def test_the_public_surface_is_as_before(text, snapshot):
    assert text == snapshot


def test_a_change_of_the_public_surface_is_in_the_changelog(text):
    newest = CHANGELOG.read_text("utf-8").split("\n## ")[1]
    (noted,) = re.findall(r"<!-- public surface: ([0-9a-f]{12}) -->", newest)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    assert noted == digest, f"say in the newest section of CHANGELOG.md what changed, and note {digest} there"
