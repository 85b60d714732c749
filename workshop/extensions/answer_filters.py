"""``+`` for ``accepted`` and ``rejected``: MiniStack takes it for other parts of the topics only.

Greengrass nucleus lite subscribes to such filters, and its claim policy on AWS allows them.
https://github.com/aws-greengrass/aws-greengrass-lite/blob/main/docs/fleet_provisioning/fleet-provisioning-cfn.yaml
"""

import re
from typing import Any

_REQUEST = r"certificates/create(-from-csr)?/[^/]+|provisioning-templates/[^/]+/provision/[^/]+"


def install(iot: Any) -> None:
    """Accept filters for both answers to a request."""
    iot._RESERVED_FILTER_RE = re.compile(rf"{iot._RESERVED_FILTER_RE.pattern}|\$aws/({_REQUEST})/\+")
