"""DynamoDB and AWS IoT as values: what a call answers, and what there is after it.

DynamoDB is the emulator's own code, in this process: conditions and updates are evaluated as they are sent.
Of AWS IoT there is what the functions of this library call.
"""

# ruff: noqa: N803  # botocore's names

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import dynamodb

TABLE = "devices"
ARN = "arn:aws:iot:eu-west-1:111122223333"
GONE = "ResourceNotFoundException"


@dataclass(frozen=True)
class Certificate:
    """A certificate of AWS IoT."""

    status: str = "PENDING_ACTIVATION"
    made: int = 0
    things: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    pem: str = ""


@dataclass(frozen=True)
class World:
    """All that there is, which no call changes: a call makes another one.

    ``active`` are the certificates that became active by registering, each with its serial number.
    """

    now: int
    items: Mapping[str, Any] = field(default_factory=dict)
    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    things: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    active: frozenset[tuple[str, str]] = frozenset()

    def record(self, serial_number: str) -> Mapping[str, Any]:
        """The item of a serial number."""
        return self.items.get(serial_number, {})

    def with_item(self, item: Mapping[str, Any]) -> "World":
        """With an item in the place of what there was."""
        return replace(self, items={**self.items, item["serial_number"]["S"]: item})

    def with_certificate(self, name: str, **changed: Any) -> "World":
        """With a certificate, anew or changed."""
        certificate = replace(self.certificates.get(name, Certificate()), **changed)
        return replace(self, certificates={**self.certificates, name: certificate})

    @property
    def identity(self) -> tuple[Any, ...]:
        """What tells it from others."""
        items = json.dumps(self.items, sort_keys=True)
        return self.now, items, frozenset(self.certificates.items()), self.things, self.tokens, self.active


def answered(world: World, service: str, operation: str, arguments: Mapping[str, Any]) -> tuple[Any, World]:
    """The answer to a call, and the world after it.

    Raises:
        ClientError: If AWS refuses.
    """
    if service == "dynamodb":
        return _dynamodb(world, operation, arguments)
    return getattr(_Iot, operation)(world, **arguments)


def arn_of(certificate: str) -> str:
    """The ARN of a certificate."""
    return f"{ARN}:cert/{certificate}"


def _dynamodb(world: World, operation: str, arguments: Mapping[str, Any]) -> tuple[Any, World]:
    request = dict(arguments)
    token = request.pop("ClientRequestToken", None)
    if token in world.tokens:
        return {}, world
    touched = {key: world.items[key] for key in _keys(operation, request) if key in world.items}
    answer, after = _carried_out(json.dumps(touched, sort_keys=True), operation, json.dumps(request))
    if isinstance(answer, ClientError):
        raise answer
    tokens = world.tokens | {token} if token else world.tokens
    return copy.deepcopy(answer), replace(world, items={**world.items, **json.loads(after)}, tokens=tokens)


def _keys(operation: str, request: Mapping[str, Any]) -> list[str]:
    """The keys of the items that a request is about."""
    actions = [request]
    if operation == "transact_write_items":
        actions = [action for actions in request["TransactItems"] for action in actions.values()]
    return [(action.get("Key") or action["Item"])["serial_number"]["S"] for action in actions]


@cache
def _carried_out(items: str, operation: str, request: str) -> tuple[Any, str]:
    table = _table()
    table["items"] = {key: {"__no_sort__": item} for key, item in json.loads(items).items()}
    status, _, body = getattr(dynamodb, f"_{operation}")(json.loads(request))
    after = {key: item["__no_sort__"] for key, item in table["items"].items()}
    answer = json.loads(body)
    if status != 200:
        code = answer.pop("__type").rpartition("#")[2]
        error = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}, **answer}
        answer = ClientError(error, "".join(part.title() for part in operation.split("_")))
    return answer, json.dumps(after, sort_keys=True)


@cache
def _table() -> Any:
    dynamodb._create_table(
        {
            "TableName": TABLE,
            "KeySchema": [{"AttributeName": "serial_number", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "serial_number", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        }
    )
    return dynamodb._tables[TABLE]


class _Iot:
    """The operations of AWS IoT, in botocore's names."""

    @staticmethod
    def describe_certificate(world: World, certificateId: str) -> tuple[Any, World]:
        certificate = _existing(world.certificates, certificateId, "DescribeCertificate")
        description = {
            "certificateId": certificateId,
            "certificateArn": arn_of(certificateId),
            "certificatePem": certificate.pem,
            "caCertificateId": "ca",
            "status": certificate.status,
            "creationDate": certificate.made,
        }
        return {"certificateDescription": description}, world

    @staticmethod
    def update_certificate(world: World, certificateId: str, newStatus: str) -> tuple[Any, World]:
        certificate = _existing(world.certificates, certificateId, "UpdateCertificate")
        world = world.with_certificate(certificateId, status=newStatus)
        registered = {(name, certificateId) for name in certificate.things if newStatus == "ACTIVE"}
        return {}, replace(world, active=world.active | registered)

    @staticmethod
    def describe_thing(world: World, thingName: str) -> tuple[Any, World]:
        if thingName not in world.things:
            raise _gone("DescribeThing")
        return {"thingName": thingName}, world

    @staticmethod
    def create_thing(world: World, thingName: str) -> tuple[Any, World]:
        return {}, replace(world, things=world.things | {thingName})

    @staticmethod
    def delete_thing(world: World, thingName: str) -> tuple[Any, World]:
        return {}, replace(world, things=world.things - {thingName})

    @staticmethod
    def list_thing_principals(world: World, thingName: str) -> tuple[Any, World]:
        holders = [name for name, each in world.certificates.items() if thingName in each.things]
        return {"principals": [arn_of(name) for name in sorted(holders)]}, world

    @staticmethod
    def attach_thing_principal(world: World, thingName: str, principal: str, **_: Any) -> tuple[Any, World]:
        return {}, _changed(world, principal, "things", lambda things: things | {thingName})

    @staticmethod
    def detach_thing_principal(world: World, thingName: str, principal: str) -> tuple[Any, World]:
        return {}, _changed(world, principal, "things", lambda things: things - {thingName})

    @staticmethod
    def list_attached_policies(world: World, target: str) -> tuple[Any, World]:
        certificate = _existing(world.certificates, target.rpartition("/")[2], "ListAttachedPolicies")
        return {"policies": [{"policyName": name} for name in sorted(certificate.policies)]}, world

    @staticmethod
    def attach_policy(world: World, policyName: str, target: str) -> tuple[Any, World]:
        return {}, _changed(world, target, "policies", lambda policies: policies | {policyName})

    @staticmethod
    def detach_policy(world: World, policyName: str, target: str) -> tuple[Any, World]:
        return {}, _changed(world, target, "policies", lambda policies: policies - {policyName})


def _changed(world: World, arn: str, name: str, change: Any) -> World:
    certificate = arn.rpartition("/")[2]
    before = getattr(_existing(world.certificates, certificate, "Change"), name)
    return world.with_certificate(certificate, **{name: change(before)})


def _existing(known: Mapping[str, Any], name: str, operation: str) -> Any:
    if name not in known:
        raise _gone(operation)
    return known[name]


def _gone(operation: str) -> ClientError:
    error = {"Error": {"Code": GONE}, "ResponseMetadata": {"HTTPStatusCode": 404}}
    return ClientError(error, operation)
