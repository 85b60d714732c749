"""The verbs of ``device-provisioning devices``: the allow list from the command line."""

from ..verbs import Verbs
from .block import block_devices
from .export import export_devices
from .import_ import import_devices
from .release import release_devices
from .revoke import revoke_devices
from .show import show_devices
from .status import devices_status
from .unblock import unblock_devices

app = Verbs(no_args_is_help=True, help="Import, export, show, block and revoke devices.")
app.command(
    "import", epilog="Example: device-provisioning devices import devices.csv --table ALLOW_LIST --dry-run"
)(import_devices)
app.command(
    "export", epilog="Example: device-provisioning devices export --table ALLOW_LIST --out list.jsonl"
)(export_devices)
app.command("show", epilog="Example: device-provisioning devices show A-0001 --table ALLOW_LIST")(
    show_devices
)
app.command("block", epilog="Example: device-provisioning devices block A-0001 A-0002 --table ALLOW_LIST")(
    block_devices
)
app.command("unblock", epilog="Example: device-provisioning devices unblock A-0001 --table ALLOW_LIST")(
    unblock_devices
)
app.command(
    "revoke",
    epilog="Example: device-provisioning devices revoke A-0001 --table ALLOW_LIST --trail trail.jsonl",
)(revoke_devices)
app.command("release", epilog="Example: device-provisioning devices release A-0001 --table ALLOW_LIST")(
    release_devices
)
app.command("status", epilog="Example: device-provisioning devices status --table ALLOW_LIST --format csv")(
    devices_status
)
