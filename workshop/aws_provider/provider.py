"""The provider's side of Pulumi's protocol."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable
from threading import Lock
from typing import Any

import grpc
from botocore.exceptions import ClientError
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from . import buckets, dashboards, events, functions, iam, iot, provisioning_templates, stores
from .resource_type import Gone, ResourceType
from .values import UNKNOWN, comparable, document_of, properties_of, struct_of

VERSION = "7.51.1"
TYPES: dict[str, ResourceType] = {
    kind.pulumi_type: kind()
    for kind in (
        buckets.Bucket,
        buckets.Encryption,
        buckets.Lifecycle,
        buckets.Policy,
        buckets.PublicAccessBlock,
        dashboards.Dashboard,
        events.FunctionEventInvokeConfig,
        events.Queue,
        events.QueuePolicy,
        events.TopicRule,
        functions.Function,
        functions.LogGroup,
        functions.MetricAlarm,
        functions.Permission,
        iam.Role,
        iam.RolePolicy,
        iam.RolePolicyAttachment,
        iot.CaCertificate,
        iot.Certificate,
        iot.Policy,
        iot.PolicyAttachment,
        iot.RoleAlias,
        iot.ThingGroup,
        provisioning_templates.ProvisioningTemplate,
        stores.Secret,
        stores.SecretRotation,
        stores.Table,
    )
}
REFERRED_TO = {"aws:kms/key:Key"}
"""Types that components take and that the stand-in does not perform."""
GONE = {
    "AWS.SimpleQueueService.NonExistentQueue",
    "NoSuchBucket",
    "NoSuchEntity",
    "ResourceNotFound",
    "ResourceNotFoundException",
}
SETTINGS = {"region", "skipCredentialsValidation", "skipRegionValidation", "version"}


class AwsProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Perform what the engine asks for, and refuse what the stand-in does not know."""

    def __init__(self) -> None:
        self._region = os.environ.get("AWS_REGION", "")
        self._clients: dict[str, Any] = {}
        self._session: Any = None
        self._lock = Lock()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """Which version of Pulumi's provider this stands in for."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: Any, context: Any) -> Any:
        """The names of the types alone: what components refer to is there, and SDKs are Pulumi's own."""
        names = {*TYPES, *REFERRED_TO}
        schema = {"name": "aws", "version": VERSION, "resources": {name: {} for name in sorted(names)}}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Refuse settings that the stand-in would not follow."""
        unknown = properties_of(request.news).keys() - SETTINGS
        failures = [
            provider_pb2.CheckFailure(property=name, reason="the stand-in does not know this setting")
            for name in sorted(unknown)
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        """Another Region is another provider."""
        changed = properties_of(request.news).get("region") != properties_of(request.olds).get("region")
        return provider_pb2.DiffResponse(replaces=["region"] if changed else [])

    def Configure(self, request: Any, context: Any) -> Any:
        """Take the Region; the engine keeps secrets secret itself, as the stand-in does not ask for them."""
        self._region = request.variables.get("aws:config:region") or self._region
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:
        """Refuse unknown and missing inputs, and name what is left to be named."""
        kind = self._kind(request.urn, context)
        inputs, before = properties_of(request.news), properties_of(request.olds)
        unknown = inputs.keys() - kind.required - kind.optional
        missing = kind.required - inputs.keys()
        problems = [(name, "the stand-in does not know this input") for name in sorted(unknown)]
        problems += [(name, "this input is required") for name in sorted(missing)]
        named = "statementId" if "statementId" in kind.optional else "name"
        if named not in inputs and (kind.longest_name or named == "statementId"):
            inputs[named] = before.get(named) or _generated_name(request, kind.longest_name or 100)
        failures = [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in problems]
        return provider_pb2.CheckResponse(inputs=struct_of(inputs), failures=failures)

    def Diff(self, request: Any, context: Any) -> Any:
        """Which inputs changed, and which of them need a new resource."""
        kind = self._kind(request.urn, context)
        before, after = (
            {name: comparable(document_of(kind, name, value)) for name, value in properties_of(given).items()}
            for given in (request.old_inputs, request.news)
        )
        names = before.keys() | after.keys()
        changed = sorted(name for name in names if before.get(name) != after.get(name))
        some = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        replaces = [name for name in changed if name in kind.replacing]
        return provider_pb2.DiffResponse(changes=some, replaces=replaces, diffs=changed)

    def Create(self, request: Any, context: Any) -> Any:
        """Create a resource; in a preview only say that computed outputs are not known yet."""
        kind, inputs = self._kind(request.urn, context), properties_of(request.properties)
        if request.preview:
            computed = dict.fromkeys(kind.computed, UNKNOWN)
            return provider_pb2.CreateResponse(properties=struct_of({**inputs, **computed}))
        id_, computed = self._called(context, lambda: kind.create(self._client, inputs))
        return provider_pb2.CreateResponse(id=id_, properties=struct_of({**inputs, **computed}))

    def Update(self, request: Any, context: Any) -> Any:
        """Change a resource; computed outputs stay what they are."""
        kind, state = self._kind(request.urn, context), properties_of(request.olds)
        inputs, before = properties_of(request.news), properties_of(request.old_inputs)
        computed = {name: state[name] for name in kind.computed if name in state}
        if not request.preview:
            self._called(context, lambda: kind.update(self._client, request.id, inputs, before))
        return provider_pb2.UpdateResponse(properties=struct_of({**inputs, **computed}))

    def Read(self, request: Any, context: Any) -> Any:
        """What a resource is by now, or what is to be imported by its id alone; nothing if it is gone."""
        kind, state = self._kind(request.urn, context), properties_of(request.properties)
        id_, inputs = request.id, properties_of(request.inputs)
        try:
            if not (state or inputs):
                id_, inputs = kind.imported(self._client, id_)
                state = inputs
            live = kind.read(self._client, id_, state)
        except Gone:
            return provider_pb2.ReadResponse()
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return provider_pb2.ReadResponse()
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except NotImplementedError as error:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))
        changed = {name: live[name] for name in inputs if name in live}
        return provider_pb2.ReadResponse(
            id=id_,
            properties=struct_of({**state, **live}),
            inputs=struct_of({**inputs, **changed}),
        )

    def Delete(self, request: Any, context: Any) -> Any:
        """Delete a resource; one that is gone already is fine."""
        kind, state = self._kind(request.urn, context), properties_of(request.properties)
        self._called(context, lambda: kind.delete(self._client, request.id, state), gone_is_fine=True)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        """Answer where the provider is."""
        match request.tok:
            case "aws:index/getCallerIdentity:getCallerIdentity":
                found = self._client("sts").get_caller_identity()
                account, arn, user = found["Account"], found["Arn"], found["UserId"]
                answer = {"accountId": account, "arn": arn, "userId": user, "id": account}
            case "aws:index/getRegion:getRegion":
                names = dict.fromkeys(("id", "name", "region"), self._region)
                answer = {**names, "description": "", "endpoint": ""}
            case "aws:index/getPartition:getPartition":
                answer = {"partition": "aws", "dnsSuffix": "amazonaws.com", "id": "aws"}
                answer["reverseDnsPrefix"] = "com.amazonaws"
            case _:
                context.abort(
                    grpc.StatusCode.UNIMPLEMENTED, f"the stand-in does not know the function {request.tok}"
                )
        return provider_pb2.InvokeResponse(**{"return": struct_of(answer)})

    def Cancel(self, request: Any, context: Any) -> Any:
        """Every call is short: there is nothing to cancel."""
        return empty_pb2.Empty()

    def Attach(self, request: Any, context: Any) -> Any:
        """The engine is there from the start."""
        return empty_pb2.Empty()

    def _kind(self, urn: str, context: Any) -> ResourceType:
        token = urn.split("::")[2].rpartition("$")[2]
        if token not in TYPES:
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED, f"the stand-in does not know the resource type {token}"
            )
        return TYPES[token]

    def _client(self, service: str) -> Any:
        import boto3

        # One session, which makes one client at a time: what it reads for the first takes most of the time.
        with self._lock:
            if service not in self._clients:
                self._session = self._session or boto3.Session()
                self._clients[service] = self._session.client(service, region_name=self._region)
            return self._clients[service]

    def _called(self, context: Any, call: Callable[[], Any], *, gone_is_fine: bool = False) -> Any:
        try:
            return call()
        except ClientError as error:
            if gone_is_fine and error.response["Error"]["Code"] in GONE:
                return None
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except NotImplementedError as error:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))


def _generated_name(request: Any, longest: int) -> str:
    # The same seed in preview and update makes the same name.
    seed = request.randomSeed or secrets.token_bytes(8)
    ending = hashlib.sha256(seed + request.urn.encode()).hexdigest()[:7]
    return f"{request.urn.rpartition('::')[2][: longest - 8]}-{ending}"
