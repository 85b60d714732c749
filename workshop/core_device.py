"""What a Greengrass core does with its certificate once it is enrolled: ask for AWS credentials.

https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
"""

import http.client
import json
import ssl
import tempfile
from pathlib import Path

from .device import Broker, Credentials, Rejected

SECONDS = 20


def exchange_token(
    provider: Broker, own: Credentials, role_alias_name: str, thing_name: str
) -> dict[str, str]:
    """AWS credentials for a certificate, through a role alias.

    Args:
        provider: The credentials provider.
        own: The core's certificate and key.
        role_alias_name: The role alias.
        thing_name: The core's thing.

    Raises:
        Rejected: If the provider refuses.
    """
    connection = http.client.HTTPSConnection(
        provider.host, provider.port, timeout=SECONDS, context=mutual_tls(provider, own)
    )
    try:
        path = f"/role-aliases/{role_alias_name}/credentials"
        connection.request("GET", path, headers={"x-amzn-iot-thingname": thing_name})
        answer = connection.getresponse()
        content = json.loads(answer.read())
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise Rejected(answer.status, answer.reason, content.get("message", ""))
    credentials: dict[str, str] = content["credentials"]
    return credentials


def mutual_tls(server: Broker, own: Credentials) -> ssl.SSLContext:
    """What a connection is made with that trusts the server and presents a certificate of one's own."""
    context = ssl.create_default_context(cadata=server.trust_store.decode())
    # Only files can be loaded, so certificate and key are in one for as long as that takes.
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder) / "chain.pem"
        chain.touch(0o600)
        chain.write_text(f"{own.certificate_pem}\n{own.private_key}")
        context.load_cert_chain(chain)
    return context
