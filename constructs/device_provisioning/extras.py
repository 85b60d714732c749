"""Which extra brings a package that is not installed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

EXTRAS = {
    "aws_cdk": "verify",
    "awscrt": "verify",
    "awsiot": "verify",
    "boto3": "aws",
    "botocore": "aws",
    "copier": "init",
    "cryptography": "aws",
    "lsprotocol": "language-server",
    "pulumi": "pulumi",
    "pulumi_aws": "pulumi",
    "pyarrow": "parquet",
    "pygls": "language-server",
}
"""The extra that brings a package that some commands need."""


@contextmanager
def reporting_missing_extras() -> Iterator[None]:
    """Report a package that is not installed, with the extra to install, and end with exit status 2."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        print(f"this needs {package}: pip install 'device-provisioning[{EXTRAS[package]}]'", file=sys.stderr)
        sys.exit(2)
