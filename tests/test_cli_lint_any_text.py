"""Whatever a file holds, linting answers: the documented error is the only one."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st
from strategies import broken_bodies, json_values
from template_files import template_files

from device_provisioning.cli.lint import BodyType
from device_provisioning.cli.linting import lint_text
from device_provisioning.cli.positions import Lines
from device_provisioning.cli.sources import UnreadableError

files = st.sampled_from([file.text for file in template_files("stack")])


@st.composite
def damaged(draw):
    """A CloudFormation template with a part cut out or put in."""
    text = draw(files)
    start = draw(st.integers(0, len(text)))
    return text[:start] + draw(st.text(max_size=4)) + text[start + draw(st.integers(0, 20)) :]


@given(st.text() | damaged() | json_values.map(repr) | broken_bodies().map(lambda body: f"Resources: {body}"))
def test_any_text_is_judged_or_said_to_be_unreadable(text):
    with contextlib.suppress(UnreadableError):
        findings = lint_text(text, BodyType.FLEET, {})
        assert all(Lines(text).of(finding.path) >= 1 for finding in findings or [])
