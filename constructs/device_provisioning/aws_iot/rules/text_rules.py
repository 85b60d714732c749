"""Rules about the body as text."""

from collections.abc import Iterator, Mapping

from ..finding import Severity
from ..template_text import minified, size_problem
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
        is_python = (body.text or "").lstrip().startswith("{'")
        cause = ": it looks like str() of a Python dictionary" if is_python else ""
        yield Problem(body.context.body_path, body.defect + cause)


@rule(
    "DP004",
    "CloudFormation's TemplateBody is a string",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source=f"{CLOUDFORMATION}aws-resource-iot-provisioningtemplate.html",
    hint="give the body as one JSON string",
)
def body_is_string(body: Body) -> Iterator[Problem]:
    """cfn-lint reports it as E3012."""
    definition = body.context.definition
    if definition and isinstance(definition.body, Mapping | list):
        yield Problem(
            f"{definition.path}/TemplateBody", "TemplateBody is an object, and CloudFormation takes a string"
        )
