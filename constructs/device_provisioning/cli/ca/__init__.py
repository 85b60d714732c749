"""The verbs ``ca create``, ``ca verification-certificate``, ``ca issue`` and ``ca revocation-list``."""

from ..verbs import Verbs
from .create import create
from .issue import issue
from .revocation_list import revocation_list
from .verification_certificate import verification_certificate

ca = Verbs(
    no_args_is_help=True,
    help="Act as the CA of a test bench. A factory's CA belongs in an HSM.",
)
ca.command(epilog="Example: device-provisioning ca create --common-name 'Test bench' --out bench")(create)
ca.command(
    "verification-certificate",
    epilog="Example: device-provisioning ca verification-certificate $(aws iot get-registration-code"
    " --query registrationCode --output text)",
)(verification_certificate)
ca.command(epilog="Example: device-provisioning ca issue devices.csv --out devices")(issue)
ca.command(
    "revocation-list",
    epilog="Example: device-provisioning ca revocation-list devices/sensor-7.pem --out revoked.pem",
)(revocation_list)
