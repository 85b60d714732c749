"""Rules about the body as text."""

from collections.abc import Iterator, Mapping

from ..finding import Severity
from ..json_pointer import keys_of
from ..template_text import minified, repeated_keys, size_problem
from ..unresolved import is_unresolved, unresolved_paths
from .body import Body
from .registry import API, CLOUDFORMATION, Evidence, Problem, rule


@rule(
    "DP002",
    "the body has at most 10,240 characters and bytes",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{API}API_CreateProvisioningTemplate.html",
    hint="minify the body, and name a policy that exists instead of holding its document",
)
def size(body: Body) -> Iterator[Problem]:
    """Both limits are checked, because the API counts characters and the quota kilobytes."""
    if body.defect and body.text is None:
        return
    known = not (is_unresolved(body.text) if body.text is not None else any(unresolved_paths(body.document)))
    problem = size_problem(minified(body.document) if body.text is None else body.text) if known else None
    if problem:
        yield Problem(body.context.body_path, problem)


@rule(
    "DP003",
    "the body is a well-formed JSON object",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source="https://github.com/boto/boto3/issues/2903",
    hint="write the body with json.dumps",
)
def well_formed(body: Body) -> Iterator[Problem]:
    """``str()`` of a dictionary is the usual cause."""
    if body.defect and not is_unresolved(body.text or ""):
        cause, hint = _cause((body.text or "").lstrip())
        yield Problem(body.context.body_path, body.defect + cause, None, hint, body.defect_offset)


def _cause(text: str) -> tuple[str, str | None]:
    if text.startswith("file://"):
        return ": it names a file, which AWS's own command reads", "check that file"
    return ": it looks like str() of a Python dictionary" if text.startswith("{'") else "", None


@rule(
    "DP057",
    "no key of a body occurs twice in one object",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source="https://www.rfc-editor.org/rfc/rfc8259#section-4",
    hint="give each its own name",
)
def keys_once(body: Body) -> Iterator[Problem]:
    """Of two equal keys one is lost, and which one is for each reader to decide."""
    for path in repeated_keys(body.text) if body.text is not None and not body.defect else ():
        message = f"the key {keys_of(path)[-1]!r} occurs twice (duplicate), and only one of the two counts"
        yield Problem(f"{body.context.body_path}{path}", message)


@rule(
    "DP004",
    "a template body is given as text",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source=f"{CLOUDFORMATION}aws-resource-iot-provisioningtemplate.html",
    hint="give the body as one JSON string",
)
def body_is_string(body: Body) -> Iterator[Problem]:
    """CloudFormation and the API take a string; cfn-lint reports anything else as E3012."""
    given = body.context.given_body
    if isinstance(given, Mapping | list):
        kind = "an object" if isinstance(given, Mapping) else "a list"
        yield Problem(body.context.body_path, f"the body is {kind}, but a string is required here")
