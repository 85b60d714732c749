"""A whole Pulumi program, run in this process without the engine, and every request that it makes.

Pulumi's own mocks show type, name and inputs. This monitor shows parents, dependencies, options and secrets
as well, makes URNs as the engine does, and refuses what the engine or the AWS provider would refuse.
"""

import asyncio
import contextvars
import json
import re
import threading
from contextlib import contextmanager

import pulumi
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import mocks, rpc, settings, stack

from device_provisioning import pulumi as components
from tests.support.snapshot_text import as_yaml

ACCOUNT = "111122223333"
REGION = "eu-west-1"
ROOT = "pulumi:pulumi:Stack"
_CERTIFICATE = re.compile("-----BEGIN CERTIFICATE.*?END CERTIFICATE-----", re.S)
CALLS = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "accountId": ACCOUNT,
        "arn": "",
        "id": "",
        "userId": "",
    },
    "aws:index/getRegion:getRegion": {
        "region": REGION,
        "name": REGION,
        "description": "",
        "endpoint": "",
        "id": "",
    },
    "aws:index/getPartition:getPartition": {
        "partition": "aws",
        "dnsSuffix": "",
        "id": "",
        "reverseDnsPrefix": "",
    },
}
INPUTS = {
    "aws:cloudwatch/dashboard:Dashboard": {"dashboardBody", "dashboardName"},
    "aws:cloudwatch/logGroup:LogGroup": {"retentionInDays"},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        "alarmActions",
        "alarmDescription",
        "comparisonOperator",
        "dimensions",
        "evaluationPeriods",
        "metricName",
        "namespace",
        "period",
        "statistic",
        "threshold",
        "treatMissingData",
    },
    "aws:dynamodb/table:Table": {
        "attributes",
        "billingMode",
        "hashKey",
        "pointInTimeRecovery",
        "rangeKey",
        "replicas",
        "serverSideEncryption",
        "tags",
        "ttl",
    },
    "aws:iam/role:Role": {
        "assumeRolePolicy",
        "description",
        "inlinePolicies",
        "managedPolicyArns",
        "maxSessionDuration",
    },
    "aws:iam/rolePolicy:RolePolicy": {"policy", "role"},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {"policyArn", "role"},
    "aws:iot/caCertificate:CaCertificate": {
        "active",
        "allowAutoRegistration",
        "caCertificatePem",
        "certificateMode",
        "registrationConfig",
        "tags",
        "verificationCertificatePem",
    },
    "aws:iot/certificate:Certificate": {"active", "csr"},
    "aws:iot/policy:Policy": {"name", "policy"},
    "aws:iot/policyAttachment:PolicyAttachment": {"policy", "target"},
    "aws:iot/roleAlias:RoleAlias": {"alias", "credentialDuration", "roleArn"},
    "aws:iot/thingGroup:ThingGroup": {"name"},
    "aws:iot/topicRule:TopicRule": {"enabled", "errorAction", "lambdas", "name", "sql", "sqlVersion"},
    "aws:kms/key:Key": set(),
    "aws:lambda/function:Function": {
        "architectures",
        "code",
        "description",
        "environment",
        "handler",
        "loggingConfig",
        "memorySize",
        "reservedConcurrentExecutions",
        "role",
        "runtime",
        "timeout",
    },
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {"destinationConfig", "functionName"},
    "aws:lambda/permission:Permission": {"action", "function", "principal", "sourceAccount", "sourceArn"},
    "aws:s3/bucket:Bucket": set(),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {"bucket", "rules"},
    "aws:s3/bucketPolicy:BucketPolicy": {"bucket", "policy"},
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        "blockPublicAcls",
        "blockPublicPolicy",
        "bucket",
        "ignorePublicAcls",
        "restrictPublicBuckets",
    },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        "bucket",
        "rules",
    },
    "aws:secretsmanager/secret:Secret": {"description", "kmsKeyId"},
    "aws:sqs/queue:Queue": {"kmsMasterKeyId", "messageRetentionSeconds", "sqsManagedSseEnabled"},
    "aws:sqs/queuePolicy:QueuePolicy": {"policy", "queueUrl"},
    "aws:secretsmanager/secretRotation:SecretRotation": {
        "rotateImmediately",
        "rotationLambdaArn",
        "rotationRules",
        "secretId",
    },
    "pulumi:providers:aws": {"region", "skipCredentialsValidation", "skipRegionValidation"},
}
"""What our components send, by type: anything else is a mistake."""
OWN = "pulumi-python:dynamic/device-provisioning:"
"""The types of our dynamic resources, whose classes say what they are sent."""
_HIDDEN = {
    "acceptResources",
    "acceptSecrets",
    "aliasSpecs",
    "custom",
    "dependencies",
    "name",
    "object",
    "packageRef",
    "parent",
    "pluginDownloadURL",
    "propertyDependencies",
    "sourcePosition",
    "stackTrace",
    "supportsPartialValues",
    "supportsResultReporting",
    "type",
    "version",
}


class Refused(Exception):  # noqa: N818
    """The engine or the provider would not take this."""


class Recorder(mocks.MockMonitor):
    """A monitor that records requests and answers like AWS, with made-up but stable names and ARNs."""

    def __init__(self, preview):
        super().__init__(_Answers(preview))
        self._lock = threading.Lock()
        self.resources_by_urn = {}
        self.call_providers = set()
        self.outputs = {}

    def make_urn(self, parent, type_, name):
        chain = parent.split("::")[2] if parent else ROOT
        kind = type_ if chain == ROOT else f"{chain}${type_}"
        return f"urn:pulumi:{settings.get_stack()}::{settings.get_project()}::{kind}::{name}"

    def RegisterResource(self, request):
        with _loop_of_this_thread():
            answer = super().RegisterResource(request)
        if request.type == ROOT:
            return answer
        options = json_format.MessageToDict(request, preserving_proto_field_name=True)
        resource = {
            "parent": request.parent,
            "inputs": readable(request.object),
            "dependencies": sorted(request.dependencies),
            "aliases": [json_format.MessageToDict(alias) for alias in request.aliases],
            "options": {
                name: value for name, value in sorted(options.items()) if name not in _HIDDEN and value
            },
        }
        with self._lock:
            if answer.urn in self.resources_by_urn:
                raise Refused(f"duplicate resource URN {answer.urn}")
            self.resources_by_urn[answer.urn] = resource
        return answer

    def Invoke(self, request):
        with self._lock:
            self.call_providers.add(request.provider)
        with _loop_of_this_thread():
            return super().Invoke(request)

    def ReadResource(self, request):
        with _loop_of_this_thread():
            return super().ReadResource(request)

    def RegisterResourceOutputs(self, request):
        with self._lock:
            self.outputs[request.urn] = readable(request.outputs)
        return super().RegisterResourceOutputs(request)


@contextmanager
def _loop_of_this_thread():
    # The mocks make one in each thread that has none, and close none.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


class _Answers(mocks.Mocks):
    def __init__(self, preview):
        self._preview = preview

    def call(self, args):
        if args.token not in CALLS:
            raise Refused(f"unknown call {args.token}")
        return CALLS[args.token]

    def new_resource(self, args):
        if args.resource_id:
            return args.resource_id, {"arn": args.resource_id, "name": args.name}
        if not args.custom:
            return "", dict(args.inputs)
        if not args.typ.startswith(OWN):
            _require_known(args.typ, set(args.inputs))
        computed = {} if self._preview else _computed(args)
        return ("" if self._preview else f"{args.name}-id"), {**computed, **args.inputs}


def _require_known(kind, inputs):
    if kind not in INPUTS:
        raise Refused(f"unknown resource type {kind}")
    if unknown := inputs - INPUTS[kind]:
        raise Refused(f"{kind} has no inputs {sorted(unknown)}")


def _computed(args):
    match args.typ.rpartition(":")[2]:
        case "GeneratedName":
            args.inputs["result"] = args.inputs["proposed"]
            return {}
        case "ClaimCertificate":
            args.inputs["certificate_arn"] = f"arn:aws:iot:{REGION}:{ACCOUNT}:cert/{'c' * 64}"
            return {}
        case "PanoramaDevice":
            args.inputs |= {
                "advice": "put the archive on a USB stick",
                "archive_expires_at": "2026-01-01T00:05:00Z",
                "archive_location": "s3://bucket/archive.zip",
                "device_arn": f"arn:aws:panorama:{REGION}:{ACCOUNT}:device/device-1",
                "device_id": "device-1",
                "status": "AWAITING_PROVISIONING",
            }
            return {}
        case "Bucket":
            return {"arn": f"arn:aws:s3:::{args.name}", "bucket": args.name}
        case "Role":
            return {"arn": f"arn:aws:iam::{ACCOUNT}:role/{args.name}", "name": args.name}
        case "Queue":
            args.inputs["url"] = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{args.name}"
    service = args.typ.split(":")[1].split("/")[0]
    return {"arn": f"arn:aws:{service}:{REGION}:{ACCOUNT}:{args.name}", "name": args.name}


class Program:
    """What a program asked for."""

    def __init__(self, monitor):
        self.resources = monitor.resources_by_urn
        self.outputs = monitor.outputs
        self.call_providers = monitor.call_providers

    def all(self, kind):
        """The inputs of every resource of a type, such as ``Table``, by resource name."""
        return {
            urn.rpartition("::")[2]: resource["inputs"]
            for urn, resource in self.resources.items()
            if urn.split("::")[2].rpartition(":")[2] == kind
        }

    def only(self, kind):
        """The inputs of the one resource of a type."""
        (inputs,) = self.all(kind).values()
        return inputs

    def urn(self, name):
        """The URN of the one resource of a name."""
        (urn,) = (urn for urn in self.resources if urn.rpartition("::")[2] == name)
        return urn

    def named(self, name):
        """The one resource of a name."""
        return self.resources[self.urn(name)]

    def own_part(self, *components):
        """What components themselves ask for, to compare with a snapshot; of others the names only.

        Args:
            components: The classes under test.
        """
        under_test = {_token(component) for component in components}
        others = _OTHERS - under_test
        own, names = {}, {}
        for urn, resource in sorted(self.resources.items()):
            if owner := self._nearest(urn, others, under_test):
                names.setdefault(_short(owner), []).append(_short(urn))
            else:
                described = {**resource, "outputs": self.outputs.get(urn)}
                own[_short(urn)] = {key: _shortened(value) for key, value in described.items() if value}
        return as_yaml({**own, **({"Components": names} if names else {})})

    def text(self):
        """Everything that was asked for, as text to search in."""
        return json.dumps([self.resources, self.outputs])

    def asked(self):
        """Each resource with its parent, options and the names of its inputs: a preview knows them too."""
        return {
            urn: {**resource, "inputs": sorted(resource["inputs"]), "dependencies": None}
            for urn, resource in self.resources.items()
        }

    def _nearest(self, urn, others, under_test):
        """The component of ``others`` that a resource belongs to, unless one under test is nearer."""
        while urn in self.resources:
            kind = urn.split("::")[2].rpartition("$")[2]
            if kind in others:
                return urn
            if kind in under_test:
                return None
            urn = self.resources[urn]["parent"]
        return None


def _token(component):
    return f"device-provisioning:index:{component.__name__}"


_OTHERS = {
    _token(getattr(components, name)) for name in components.__all__ if f"{name}Args" in components.__all__
}


def _short(urn):
    _, _, types, name = urn.split("::", 3)
    return f"{types.rpartition(':')[2]} {name}"


def _shortened(value):
    if isinstance(value, list):
        return [_shortened(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _shortened(inner) for key, inner in value.items()}
    if not isinstance(value, str):
        return value
    return _short(value) if value.startswith("urn:pulumi:") else _CERTIFICATE.sub("PEM", value)


def ran(define, *, preview=False, config=None):
    """Run ``define()`` as a whole program of its own, with the configuration of a stack."""
    monitor = Recorder(preview)

    def body():
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(lambda *_: None)  # a program that fails leaves unread futures behind
        try:
            settings.configure(
                settings.Settings(
                    project="plant",
                    stack="dev",
                    organization="acme",
                    monitor=monitor,
                    engine=mocks.MockEngine(None),
                    dry_run=preview,
                    root_directory="/",
                )
            )
            settings.ROOT.set(None)
            pulumi.runtime.config.set_all_config(config or {}, [])

            async def program():
                define()

            loop.run_until_complete(stack.run_in_stack(program))
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    contextvars.Context().run(body)
    return Program(monitor)


def readable(value):
    """A value of the protocol as JSON data: secrets, unknown values and assets marked, documents unfolded."""
    if isinstance(value, struct_pb2.Struct):
        return _object({name: readable(inner) for name, inner in value.fields.items()})
    match value.WhichOneof("kind"):
        case "struct_value":
            return readable(value.struct_value)
        case "list_value":
            return [readable(inner) for inner in value.list_value.values]
        case "string_value":
            return _text(value.string_value)
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value


def _text(text):
    if text == rpc.UNKNOWN:
        return "UNKNOWN"
    try:
        document = json.loads(text)
    except ValueError:
        return text
    return document if isinstance(document, dict | list) else text


def _object(values):
    match values.pop(rpc._special_sig_key, None):
        case rpc._special_secret_sig:
            return {"SECRET": values["value"]}
        case rpc._special_asset_sig:
            return {"ASSET": values.get("path", values.get("text")).rpartition("/")[2]}
        case rpc._special_archive_sig:
            return {"ARCHIVE": values["assets"]}
    if "__provider" in values:
        values["__provider"] = "PICKLED"
    return dict(sorted(values.items()))
