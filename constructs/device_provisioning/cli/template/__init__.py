"""The verbs of ``device-provisioning template``: deployed templates and their versions."""

from ..verbs import Verbs
from .diff import diff
from .prune import prune
from .rollback import rollback
from .status import status

app = Verbs(no_args_is_help=True, help="Inspect deployed templates, and roll them back.")
app.command(epilog="Example: device-provisioning template status sensors")(status)
app.command(
    epilog="Example: device-provisioning template diff sensors cdk.out --resource SensorsTemplate1A2B3C4D"
)(diff)
app.command(epilog="Example: device-provisioning template rollback sensors --to 3")(rollback)
app.command(epilog="Example: device-provisioning template prune sensors --dry-run")(prune)
