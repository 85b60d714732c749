"""What the tests of the hook share: requests, settings, a table, and what became of certificates."""

import re
import secrets
import uuid
from contextlib import contextmanager

from botocore.exceptions import ClientError

from device_provisioning.lambdas.pre_provisioning_hook.hook import Hook
from device_provisioning.lambdas.pre_provisioning_hook.settings import NEVER, Settings
from device_provisioning.records.batch import batch_key

NOW = 1_800_000_000
SETTLED = NOW + 30
PEM = "-----BEGIN CERTIFICATE-----\nMIIsecret\n-----END CERTIFICATE-----\n"
TEMPLATE_ARN = "arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/sensors"


def a_certificate_id():
    return secrets.token_hex(32)


def a_request(serial_number="A-1", certificate_id=None, **more):
    """The event that AWS IoT sends."""
    return {
        "claimCertificateId": "c" * 64,
        "certificateId": certificate_id or a_certificate_id(),
        "certificatePem": PEM,
        "templateArn": TEMPLATE_ARN,
        "clientId": "claim-7",
        "parameters": {"SerialNumber": serial_number},
        **more,
    }


def hook_settings(**changed):
    defaults = {
        "table_name": "devices",
        "serial_number_parameter": "SerialNumber",
        "serial_number_pattern": re.compile("[A-Za-z0-9-]+"),
        "reprovisioning": NEVER,
        "reservation_seconds": 30,
        "listed_parameters": frozenset(),
        "metrics_namespace": "DeviceProvisioning",
    }
    return Settings(**{**defaults, **changed})


def plenty_of_time():
    return 5.0


class Certificates:
    """AWS IoT as far as the hook asks it: the status of each certificate."""

    def __init__(self):
        self.statuses = {}
        self.asked = 0

    def describe_certificate(self, *, certificateId):  # noqa: N803
        self.asked += 1
        if certificateId not in self.statuses:
            error = {"Error": {"Code": "ResourceNotFoundException"}}
            raise ClientError(error, "DescribeCertificate")
        return {"certificateDescription": {"status": self.statuses[certificateId]}}


class MeetsTransactions:
    """A client of which each kind of write meets a transaction of a hook twice."""

    def __init__(self, client):
        self._client, self._left = client, {"update_item": 2, "delete_item": 2}

    def __getattr__(self, operation):
        def call(**settings):
            if left := self._left.get(operation):
                self._left[operation] = left - 1
                raise ClientError({"Error": {"Code": "TransactionConflictException"}}, operation)
            return getattr(self._client, operation)(**settings)

        return call


class Devices:
    """A table of the emulator's DynamoDB, and the hook over it."""

    def __init__(self, client, table_name, kms=None):
        self.client = client
        self.table_name = table_name
        self.kms = kms
        self.certificates = Certificates()

    def put(self, serial_number, **attributes):
        self.client.put_item(
            TableName=self.table_name, Item={"serial_number": {"S": serial_number}, **attributes}
        )

    def open_batch(self, name, **attributes):
        item = {**batch_key(name), "is_open": {"BOOL": True}, **attributes}
        self.client.put_item(TableName=self.table_name, Item=item)

    def batch(self, name):
        return self.client.get_item(TableName=self.table_name, Key=batch_key(name)).get("Item")

    def record(self, serial_number):
        key = {"serial_number": {"S": serial_number}}
        return self.client.get_item(TableName=self.table_name, Key=key).get("Item")

    def decide(self, event, *, now=NOW, client=None, **settings):
        # AWS IoT has made the certificate before it asks.
        self.certificates.statuses.setdefault(event["certificateId"], "PENDING_ACTIVATION")
        hook = Hook(
            hook_settings(table_name=self.table_name, **settings),
            client or self.client,
            lambda: self.certificates,
            lambda: self.kms,
            lambda: now,
        )
        return hook.decide(event, plenty_of_time)

    def outcome(self, event, **settings):
        """Whether it is allowed, and why."""
        decision = self.decide(event, **settings)
        return decision.allowed, decision.reason

    def registers(self, event, **settings):
        """Decide, and complete the registration as AWS IoT does."""
        decision = self.decide(event, **settings)
        if decision.allowed:
            self.certificates.statuses[event["certificateId"]] = "ACTIVE"
        return decision


@contextmanager
def devices_in(client, kms=None):
    """A table that is gone afterwards."""
    name = f"devices-{uuid.uuid4().hex[:8]}"
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    try:
        yield Devices(client, name, kms)
    finally:
        client.delete_table(TableName=name)
