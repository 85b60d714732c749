"""What a deployment left behind."""

from collections.abc import Iterator
from itertools import chain

from ..emulator import Emulator


def remnants(emulator: Emulator, table_name: str) -> list[str]:
    """Everything that may not be there any more after the stack is gone, one line each."""
    found = (_certificates(emulator), _policies(emulator), _secrets(emulator), _table(emulator, table_name))
    return list(chain.from_iterable(found))


def _certificates(emulator: Emulator) -> Iterator[str]:
    iot = emulator.client("iot")
    for page in iot.get_paginator("list_certificates").paginate():
        for certificate in page["certificates"]:
            name = certificate["certificateId"]
            if certificate["status"] != "PENDING_ACTIVATION":
                yield f"certificate {name} is {certificate['status']}"
            for policy in iot.list_attached_policies(target=certificate["certificateArn"])["policies"]:
                yield f"policy {policy['policyName']} is attached to certificate {name}"


def _policies(emulator: Emulator) -> Iterator[str]:
    iot = emulator.client("iot")
    for page in iot.get_paginator("list_policies").paginate():
        yield from (f"policy {policy['policyName']}" for policy in page["policies"])
    for page in iot.get_paginator("list_provisioning_templates").paginate():
        yield from (f"provisioning template {template['templateName']}" for template in page["templates"])


def _secrets(emulator: Emulator) -> Iterator[str]:
    for page in emulator.client("secretsmanager").get_paginator("list_secrets").paginate():
        yield from (f"secret {secret['Name']}" for secret in page["SecretList"])


def _table(emulator: Emulator, table_name: str) -> Iterator[str]:
    for page in emulator.client("dynamodb").get_paginator("list_tables").paginate():
        yield from (f"table {name}" for name in page["TableNames"] if name == table_name)
