"""The command ``pulumi-resource-device-provisioning``, which Pulumi's engine starts.

It is outside the components' package, which can't be imported without Pulumi.
"""

from .extras import extras_told


def main() -> None:
    """Serve every component; a package that is not installed is told with the extra that brings it."""
    with extras_told():
        from .pulumi.plugin import serve
    serve()
