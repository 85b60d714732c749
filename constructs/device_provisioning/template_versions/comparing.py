"""A deployed template compared with a body of a file."""

from ..aws_iot import TemplateType
from ..console.sources import UnreadableError
from ..console.text import printable
from ..simulation.body_choice import choose_body
from .deployed_template import DeployedTemplate
from .differences import differences


def compare_with_file(name: str, file: str, version: int | None, resource: str | None) -> list[str]:
    """The differences as lines; none if there are none.

    Raises:
        UnreadableError: If the file holds no such body, or AWS refuses.
    """
    try:
        chosen = choose_body(file, TemplateType.FLEET_PROVISIONING, resource)
    except UnreadableError as error:
        raise UnreadableError(f"{file}: {error}") from None
    template = DeployedTemplate(name)
    deployed = template.version(version) if version is not None else template.default
    return [printable(line) for line in differences(deployed.body, chosen.document)]
