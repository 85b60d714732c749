"""The ``device-provisioning`` command: one file a verb."""

from ..console.process import run_and_end
from . import greengrass, panorama
from .adopt import adopt
from .bulk import app as bulk
from .ca import ca
from .claim import claim
from .devices import app as devices
from .explain import explain
from .grafana import grafana
from .init import init
from .language_server import language_server
from .lint import lint
from .options import Version
from .plan import plan
from .rules import rules
from .schema import schema
from .simulate import simulate
from .template import app as template
from .verbs import Verbs
from .verify import verify

app = Verbs(
    name="device-provisioning",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Check and test provisioning templates, and manage the devices that register through them.",
)
app.command(epilog="Example: device-provisioning lint --type jitp body.json template.yaml cdk.out")(lint)
app.command(epilog="Example: device-provisioning language-server --type jitp")(language_server)
app.command(epilog="Example: device-provisioning rules DP005")(rules)
app.command(epilog="Example: device-provisioning simulate body.json --devices devices.csv")(simulate)
app.command(epilog="Example: device-provisioning explain cdk.out --html fleet.html")(explain)
app.command(epilog="Example: device-provisioning schema fleet > fleet.schema.json")(schema)
app.command(epilog="Example: device-provisioning plan --devices 50000 --region eu-west-1")(plan)
app.command(epilog="Example: device-provisioning grafana > dashboard.json")(grafana)
app.command(epilog="Example: device-provisioning init sensors --engine cdk")(init)
app.add_typer(greengrass.app, name="greengrass")
app.add_typer(devices, name="devices")
app.add_typer(bulk, name="bulk")
app.add_typer(ca, name="ca")
app.command(epilog="Example: device-provisioning claim sensors --out claim")(claim)
app.add_typer(template, name="template")
app.command(epilog="Example: device-provisioning adopt sensors --engine cdk --out adopted")(adopt)
app.command(epilog="Example: device-provisioning verify --report report.md")(verify)
app.add_typer(panorama.app, name="panorama")


@app.callback()
def _command(version: Version = False) -> None:
    pass


def main() -> None:
    """Run the command, and end the process."""
    run_and_end(app)
