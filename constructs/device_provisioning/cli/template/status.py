"""The verb ``template status``."""

from ...console.problems import reporting_problems
from ..aws_options import talks_to_aws
from .options import Name


@talks_to_aws
def status(name: Name) -> None:
    """Show a template, its hook, its role and its versions."""
    with reporting_problems():
        from ...template_versions.deployed_template import DeployedTemplate
        from ...template_versions.status import show

        show(DeployedTemplate(name))
