"""The verbs of ``device-provisioning devices batch``."""

from ...verbs import Verbs
from .close import close_batch
from .list import list_batches
from .open import open_batch
from .show import show_batch

app = Verbs(no_args_is_help=True, help="Open, close, show and list batches of devices.")
app.command(
    "open",
    epilog="Example: device-provisioning devices batch open line-4 --table ALLOW_LIST --quota 500"
    " --until 2027-01-31",
)(open_batch)
app.command("close", epilog="Example: device-provisioning devices batch close line-4 --table ALLOW_LIST")(
    close_batch
)
app.command("show", epilog="Example: device-provisioning devices batch show line-4 --table ALLOW_LIST")(
    show_batch
)
app.command("list", epilog="Example: device-provisioning devices batch list --table ALLOW_LIST")(list_batches)
