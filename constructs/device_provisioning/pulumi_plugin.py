"""The command ``pulumi-resource-device-provisioning``, which Pulumi's engine starts.

It is outside the components' package, which can't be imported without Pulumi.
"""

from .extras import reporting_missing_extras


def main() -> None:
    """Serve every component; a package that is not installed is reported with the extra to install."""
    with reporting_missing_extras():
        from .pulumi.plugin import serve
    serve()
