"""The verbs of ``device-provisioning bulk``: devices registered from a file."""

from ..verbs import Verbs
from .report import report
from .start import start
from .status import status

app = Verbs(no_args_is_help=True, help="Register devices in bulk.")
app.command(
    epilog="Example: device-provisioning bulk start devices.csv --template body.json --bucket BUCKET"
    " --role ROLE_ARN"
)(start)
app.command(epilog="Example: device-provisioning bulk status TASK --follow")(status)
app.command(epilog="Example: device-provisioning bulk report TASK > errors.jsonl")(report)
