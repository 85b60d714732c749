"""The verbs of ``device-provisioning devices``: the allow list from the command line."""

from ..verbs import Verbs
from .batch import app as batch
from .block import block_devices
from .derive_key import derive_keys
from .export import export_devices
from .import_ import import_devices
from .release import release_devices
from .revoke import revoke_devices
from .show import show_devices
from .sign import sign
from .status import devices_status
from .unblock import unblock_devices
from .verify import verify

app = Verbs(
    no_args_is_help=True,
    help="Manage devices of an allow list and their batches.",
)
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
app.add_typer(batch, name="batch")
app.command(
    "derive-key",
    epilog="Example: device-provisioning devices derive-key --file devices.csv --batch line-4 --key"
    " alias/line-4 --out keys",
)(derive_keys)
app.command(
    epilog="Example: device-provisioning devices sign --serial-number A-0001 --csr A-0001.csr --batch line-4"
    " --key maker.pem --out A-0001.proof",
)(sign)
app.command(
    epilog="Example: device-provisioning devices verify A-0001.proof --serial-number A-0001 --csr A-0001.csr"
    " --manufacturer-key maker.pub",
)(verify)
