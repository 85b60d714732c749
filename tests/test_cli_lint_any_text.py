"""Whatever a file holds, lint answers: the documented error is the only one."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.console.sources import UnreadableError
from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.files import lint_text
from tests.support.strategies import broken_bodies, json_values
from tests.support.template_files import template_files

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
        assert all(position.line >= 1 and position.column >= 1 for position, _ in findings or [])
