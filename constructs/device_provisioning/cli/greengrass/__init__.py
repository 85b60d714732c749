"""The verbs of ``greengrass``."""

from ..verbs import Verbs
from .config import config

app = Verbs(no_args_is_help=True, help="Set up AWS IoT Greengrass core devices.")
app.command(epilog="Example: device-provisioning greengrass config Edge --core gg-0042 --out config.yaml")(
    config
)


@app.callback()
def _greengrass() -> None:
    pass
