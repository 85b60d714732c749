"""What a template is, for people to read."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..console.text import printable
from .deployed_template import DeployedTemplate, Version

_WIDTH_WITHOUT_TERMINAL = 160


def show(template: DeployedTemplate) -> None:
    """Write the template and its versions.

    Raises:
        UnreadableError: If AWS refuses.
    """
    described = template.description
    facts = {
        "name": template.name,
        "type": described.get("type", "FLEET_PROVISIONING"),
        "enabled": "yes" if described.get("enabled") else "no: devices can't register",
        "hook": described.get("preProvisioningHook", {}).get("targetArn", "none"),
        "role": described["provisioningRoleArn"],
        "description": described.get("description", ""),
    }
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH_WITHOUT_TERMINAL)
    table = Table(box=None, show_header=False)
    for name, value in facts.items():
        if value:
            table.add_row(name, Text(printable(str(value))))
    console.print(table)
    console.print(_versions(template))


def _versions(template: DeployedTemplate) -> Table:
    table = Table("version", "created", "", box=box.SIMPLE)
    for version in template.versions:
        table.add_row(str(version.version_id), f"{version.created:%Y-%m-%d %H:%M}", _note(version, template))
    return table


def _note(version: Version, template: DeployedTemplate) -> str:
    if version.is_default:
        return "default"
    same = [
        other.version_id for other in template.versions if other.body == version.body and other != version
    ]
    return f"same body as {', '.join(map(str, same))}" if same else ""
