"""The version of this package and where its documentation is; no function in the cloud is shipped with it."""

__version__ = "0.1.0"
DOCUMENTATION = "https://device-provisioning.readthedocs.io/en/latest/"
"""Where the documentation site is published, the same as in ``pyproject.toml``."""
