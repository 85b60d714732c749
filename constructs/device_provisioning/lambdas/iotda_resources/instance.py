"""The instance of IoTDA that an event is about."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from botocore.exceptions import ClientError

from ...iotda.client import Connection, Credentials, IotdaClient, IotdaError, credentials_of
from ..custom_resources.certificates import client
from ..custom_resources.cloudformation import Failed, Reason


@contextmanager
def instance(properties: Mapping[str, str]) -> Iterator[IotdaClient]:
    """A client of the instance; its errors are told as what CloudFormation shows.

    Args:
        properties: ``ProjectId``, ``SecretId``, and if need be ``Region``, ``Endpoint``, ``InstanceId``.

    Raises:
        Failed: If IoTDA can't be asked, or refuses.
    """
    try:
        connection = Connection(
            project_id=properties["ProjectId"],
            region=properties.get("Region"),
            endpoint=properties.get("Endpoint"),
            instance_id=properties.get("InstanceId"),
        )
        with IotdaClient(connection, _credentials(properties["SecretId"])) as asked:
            yield asked
    except (IotdaError, ValueError) as error:
        raise Failed(str(error)) from None


def _credentials(secret_id: str) -> Credentials:
    try:
        text = client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"]
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise Failed(Reason.NO_CREDENTIALS.format(secret=secret_id, code=code)) from None
    try:
        document = json.loads(text)
    except ValueError:
        # The decoder's message would repeat a part of the secret.
        document = None
    return credentials_of(document)
