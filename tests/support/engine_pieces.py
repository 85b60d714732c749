"""What either engine makes of a program, names and ARNs of resources replaced by what they are of."""

import json
from pathlib import Path

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from device_provisioning.fleet.function_code import FOLDER
from tests.support.pulumi_program import ran
from tests.support.synthesis import IRELAND, in_partition_aws

ALARM_SETTINGS = (
    "alarmDescription",
    "comparisonOperator",
    "evaluationPeriods",
    "namespace",
    "period",
    "statistic",
    "threshold",
    "treatMissingData",
)
FUNCTION_SETTINGS = ("architectures", "description", "handler", "memorySize", "runtime", "timeout")
ATTRIBUTES = {"Arn": "arn", "Id": "id", "QueueName": "name"}
KINDS = {"CACertificate": "CaCertificate"}


class CdkPieces:
    """What a stack holds."""

    def __init__(self, define):
        stack = Stack(App(), "Stack", env=IRELAND)
        define(stack)
        template = in_partition_aws(Template.from_stack(stack).to_json())
        self.resources = template["Resources"]
        self.names = {
            resource["Properties"]["PolicyName"]: _policy_kind(logical_id)
            for logical_id, resource in self.resources.items()
            if resource["Type"] == "AWS::IoT::Policy" and "PolicyName" in resource["Properties"]
        }
        for resource in self.resources.values():
            if resource["Type"] == "AWS::IoT::TopicRule":
                self.names[resource["Properties"]["RuleName"]] = "<TopicRule name>"
        self.folder = Path(stack.node.root.outdir)
        stack.node.root.synth()

    def of(self, kind, containing=""):
        """The properties of the one resource of a type, with a part of its logical id."""
        (properties,) = (
            properties for logical_id, properties in self.all(kind).items() if containing in logical_id
        )
        return properties

    def all(self, kind):
        return {
            logical_id: self._resolved(resource["Properties"])
            for logical_id, resource in self.resources.items()
            if resource["Type"] == kind and "Properties" in resource
        }

    def role(self, containing):
        """Trust, policy and description."""
        role = self.of("AWS::IAM::Role", containing)
        return role["AssumeRolePolicyDocument"], role["Policies"][0]["PolicyDocument"], role["Description"]

    def function(self, handler):
        """How a function runs, and its environment."""
        functions = self.all("AWS::Lambda::Function").values()
        (function,) = (function for function in functions if function["Handler"] == handler)
        return _named(FUNCTION_SETTINGS, function), function["Environment"]["Variables"]

    def code(self, handler):
        """The bytes of every file of a function."""
        (module,) = self.folder.glob(f"asset.*/{handler.rpartition('.')[0].replace('.', '/')}.py")
        asset = self.folder / module.relative_to(self.folder).parts[0]
        files = (file for file in asset.rglob("*") if file.is_file())
        return {file.relative_to(asset).as_posix(): file.read_bytes() for file in files}

    def alarms(self):
        """By metric: settings, and what the metric is of."""
        return {
            alarm["MetricName"]: (
                _named(ALARM_SETTINGS, alarm),
                {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]},
            )
            for alarm in self.all("AWS::CloudWatch::Alarm").values()
        }

    def permission(self):
        """Who may invoke which function."""
        settings = self.of("AWS::Lambda::Permission")
        names = ("action", "principal", "sourceAccount", "sourceArn")
        return {**_named(names, settings), "function": settings["FunctionName"]}

    def _resolved(self, value):
        match value:
            case {"Ref": logical_id} if logical_id in self.resources:
                kind = self._kind(logical_id)
                return f"<{kind} {'url' if kind == 'Queue' else 'name'}>"
            case {"Fn::GetAtt": [logical_id, attribute]}:
                return f"<{self._kind(logical_id)} {ATTRIBUTES.get(attribute, 'arn')}>"
            case {"Fn::Join": [delimiter, parts]}:
                return delimiter.join(self._resolved(part) for part in parts)
            case dict():
                return {key: self._resolved(inner) for key, inner in value.items()}
            case list():
                return [self._resolved(inner) for inner in value]
            case str():
                return _replaced(value, self.names)
        return value

    def _kind(self, logical_id):
        kind = self.resources[logical_id]["Type"].rpartition("::")[2]
        return KINDS.get(kind, kind)


class PulumiPieces:
    """What a program asks for."""

    def __init__(self, define):
        self.program = ran(define)
        self.names = {}
        for urn, resource in self.program.resources.items():
            name, kind = urn.rpartition("::")[2], urn.split("::")[2].rpartition(":")[2]
            self.names |= _names_of(name, kind, urn.split("::")[2].rpartition("$")[2], resource["inputs"])

    def of(self, name):
        """The inputs of the resource of a name."""
        return self._resolved(self.program.named(name)["inputs"])

    def role(self, name):
        """Trust, policy and description."""
        role, permissions = self.of(name), self.of(f"{name}-permissions")
        return role["assumeRolePolicy"], permissions["policy"], role["description"]

    def function(self, name):
        """How a function runs, and its environment."""
        function = self.of(f"{name}-function")
        # Documents are read wherever they are; a variable is their text.
        variables = {
            variable: value if isinstance(value, str) else json.dumps(value)
            for variable, value in function["environment"]["variables"].items()
        }
        return {key: function[key] for key in FUNCTION_SETTINGS}, variables

    def code(self, name):
        """The bytes of every file of a function."""
        archive = self.program.named(f"{name}-function")["inputs"]["code"]["ARCHIVE"]
        return {file: (FOLDER / file).read_bytes() for file in archive}

    def alarms(self):
        """By metric: settings, and what the metric is of."""
        alarms = [self.of(name) for name in self.program.all("MetricAlarm")]
        return {
            alarm["metricName"]: ({key: alarm[key] for key in ALARM_SETTINGS}, alarm["dimensions"])
            for alarm in alarms
        }

    def permission(self, name):
        """Who may invoke which function."""
        return self.of(name)

    def _resolved(self, value):
        match value:
            case dict():
                return {key: self._resolved(inner) for key, inner in value.items()}
            case list():
                return [self._resolved(inner) for inner in value]
            case str():
                return _replaced(value, self.names)
        return value


def _names_of(name, kind, token, inputs):
    """What the made-up id, name, URL and ARN of a resource are replaced by."""
    service = token.split(":")[1].partition("/")[0]
    place = "s3:::" if service == "s3" else f"{service}:eu-west-1:111122223333:"
    kind = _policy_kind(name) if token == "aws:iot/policy:Policy" else kind
    names = {f"arn:aws:{place}{name}": f"<{kind} arn>"}
    if kind in ("LogGroup", "Table", "Function", "Bucket", "Queue") or kind.startswith("<"):
        names[name] = kind if kind.startswith("<") else f"<{kind} name>"
    if kind == "Queue":
        names[f"https://sqs.eu-west-1.amazonaws.com/111122223333/{name}"] = "<Queue url>"
    if kind == "CaCertificate":
        names[f"{name}-id"] = "<CaCertificate id>"
    if kind == "TopicRule":
        names[inputs["name"]] = "<TopicRule name>"
    if kind == "Role":
        names[f"arn:aws:iam::111122223333:role/{name}"] = "<Role arn>"
    return names


def _named(names, properties):
    return {name: properties[name[0].upper() + name[1:]] for name in names}


def _replaced(text, names):
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return text


def _policy_kind(name):
    kinds = {"devicepolicy": "<device policy>", "claim": "<claim policy>", "other": "<other policy>"}
    lowered = name.lower().replace("-", "")
    return next(kind for part, kind in kinds.items() if part in lowered)
