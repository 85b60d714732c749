"""The verb ``lint``."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..aws_iot import TemplateType

ERRORS_FOUND, COULD_NOT_READ = 1, 2


class BodyType(StrEnum):
    """What a body that stands alone is for: AWS IoT, or pre-provisioning by IoTDA of Huawei Cloud."""

    FLEET = "fleet"
    JITP = "jitp"
    BULK = "bulk"
    IOTDA = "iotda"

    @property
    def template_type(self) -> "TemplateType":
        """The same in the words of AWS IoT's API."""
        from ..aws_iot import TemplateType

        return TemplateType.FLEET_PROVISIONING if self is BodyType.FLEET else TemplateType(self.upper())


BodyTypeOption = Annotated[BodyType, typer.Option("--type", help="What a body that stands alone is for.")]


class OutputFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def lint(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…",
            help="Bodies, CloudFormation templates in JSON or YAML, cdk.out folders; - is standard input.",
        ),
    ],
    body_type: BodyTypeOption = BodyType.FLEET,
    output_format: Annotated[
        OutputFormat, typer.Option("--format", help="How findings are written.")
    ] = OutputFormat.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
    silence: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE=REASON", help="Leave out a rule in bodies that stand alone; repeatable."),
    ] = None,
) -> None:
    """Check provisioning templates, and the hooks, roles and policies around them.

    Exit status: 0 without errors, 1 with errors, 2 when something could not be read.
    """
    from ..aws_iot import Severity
    from .formats import write
    from .linting import lint_files
    from .reasons import parse_reasons

    result = lint_files(files, body_type, parse_reasons(silence or []))
    write(result, str(output_format))
    counted = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if result.unreadable:
        raise typer.Exit(COULD_NOT_READ)
    if any(entry.finding.severity in counted for entry in result.findings):
        raise typer.Exit(ERRORS_FOUND)
