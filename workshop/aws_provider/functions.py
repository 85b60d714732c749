"""Lambda functions, who may invoke them, their logs and their alarms."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from .new_roles import once_the_role_is_seen
from .resource_type import (
    Attachment,
    Client,
    Gone,
    Properties,
    ResourceType,
    given,
    require_unchanged,
    tag_list,
)

CONFIGURATION = {
    "description": "Description",
    "handler": "Handler",
    "memorySize": "MemorySize",
    "role": "Role",
    "runtime": "Runtime",
    "timeout": "Timeout",
}


class Function(ResourceType):
    """``aws.lambda.Function``."""

    pulumi_type = "aws:lambda/function:Function"
    required = frozenset({"code", "handler", "role", "runtime"})
    optional = frozenset(
        {
            "architectures",
            "description",
            "environment",
            "loggingConfig",
            "memorySize",
            "name",
            "reservedConcurrentExecutions",
            "tags",
            "timeout",
        }
    )
    replacing = frozenset({"architectures", "name"})
    computed = ("arn", "invokeArn", "qualifiedArn", "version")
    longest_name = 64

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it with its code."""
        made = once_the_role_is_seen(
            client("lambda").create_function,
            FunctionName=inputs["name"],
            Code={"ZipFile": _zipped(inputs["code"])},
            Architectures=inputs.get("architectures", ["x86_64"]),
            Tags=inputs.get("tags", {}),
            **_configuration(inputs),
        )
        self._limit(client, inputs)
        return inputs["name"], {
            "arn": made["FunctionArn"],
            "invokeArn": made["FunctionArn"],
            "qualifiedArn": f"{made['FunctionArn']}:{made['Version']}",
            "version": made["Version"],
        }

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for its configuration."""
        found = client("lambda").get_function_configuration(FunctionName=id_)
        live = {name: found[key] for name, key in CONFIGURATION.items() if name in state}
        return {"arn": found["FunctionArn"], **live}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Change code and configuration."""
        require_unchanged(inputs, before, "tags")
        client("lambda").update_function_code(FunctionName=id_, ZipFile=_zipped(inputs["code"]))
        client("lambda").update_function_configuration(FunctionName=id_, **_configuration(inputs))
        self._limit(client, inputs)

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        client("lambda").delete_function(FunctionName=id_)

    def _limit(self, client: Client, inputs: Properties) -> None:
        limit = inputs.get("reservedConcurrentExecutions", -1)
        if limit >= 0:
            client("lambda").put_function_concurrency(
                FunctionName=inputs["name"], ReservedConcurrentExecutions=limit
            )


class Permission(Attachment):
    """``aws.lambda.Permission``."""

    pulumi_type = "aws:lambda/permission:Permission"
    required = frozenset({"action", "function", "principal"})
    optional = frozenset({"qualifier", "sourceAccount", "sourceArn", "statementId"})
    replacing = required | optional
    computed = ()

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Add the statement."""
        optional = {"Qualifier": "qualifier", "SourceAccount": "sourceAccount", "SourceArn": "sourceArn"}
        client("lambda").add_permission(
            FunctionName=inputs["function"],
            StatementId=inputs["statementId"],
            Action=inputs["action"],
            Principal=inputs["principal"],
            **{key: inputs[name] for key, name in optional.items() if name in inputs},
        )
        return inputs["statementId"], {}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Look for the statement."""
        self._statement(client, id_, state)
        return {}

    def imported(self, client: Client, id_: str) -> tuple[str, Properties]:
        """By function, qualifier and statement; the id is that of the statement from then on."""
        place, _, statement_id = id_.partition("/")
        function, _, qualifier = place.partition(":")
        known = given({"function": function, "qualifier": qualifier, "statementId": statement_id})
        statement = self._statement(client, statement_id, known)
        conditions = {
            name.lower(): value
            for entries in statement.get("Condition", {}).values()
            for name, value in entries.items()
        }
        return statement_id, known | given(
            {
                "action": statement["Action"],
                "principal": statement["Principal"]["Service"],
                "sourceAccount": conditions.get("aws:sourceaccount"),
                "sourceArn": conditions.get("aws:sourcearn"),
            }
        )

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Remove the statement."""
        client("lambda").remove_permission(StatementId=id_, **self._function(state))

    def _statement(self, client: Client, id_: str, state: Properties) -> dict[str, Any]:
        policy = json.loads(client("lambda").get_policy(**self._function(state))["Policy"])
        for statement in policy["Statement"]:
            if statement["Sid"] == id_:
                return dict(statement)
        raise Gone

    def _function(self, state: Properties) -> Properties:
        return {"FunctionName": state["function"], **given({"Qualifier": state.get("qualifier")})}


class LogGroup(ResourceType):
    """``aws.cloudwatch.LogGroup``."""

    pulumi_type = "aws:cloudwatch/logGroup:LogGroup"
    required = frozenset()
    optional = frozenset({"name", "retentionInDays", "tags"})
    replacing = frozenset({"name"})
    longest_name = 512

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        client("logs").create_log_group(logGroupName=inputs["name"], tags=inputs.get("tags", {}))
        self._retain(client, inputs)
        return inputs["name"], {"arn": self._found(client, inputs["name"])["arn"].removesuffix(":*")}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask how long it keeps lines."""
        found = self._found(client, id_)
        kept = found.get("retentionInDays")
        return {"arn": found["arn"].removesuffix(":*"), **({"retentionInDays": kept} if kept else {})}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Keep lines for another time."""
        require_unchanged(inputs, before, "tags")
        self._retain(client, inputs)

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it with its lines."""
        client("logs").delete_log_group(logGroupName=id_)

    def _retain(self, client: Client, inputs: Properties) -> None:
        if "retentionInDays" in inputs:
            client("logs").put_retention_policy(
                logGroupName=inputs["name"], retentionInDays=inputs["retentionInDays"]
            )

    def _found(self, client: Client, name: str) -> Properties:
        groups = client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        for group in groups:
            if group["logGroupName"] == name:
                return dict(group)
        raise Gone


class MetricAlarm(ResourceType):
    """``aws.cloudwatch.MetricAlarm``."""

    pulumi_type = "aws:cloudwatch/metricAlarm:MetricAlarm"
    required = frozenset({"comparisonOperator", "evaluationPeriods"})
    optional = frozenset(
        {
            "alarmActions",
            "alarmDescription",
            "dimensions",
            "metricName",
            "name",
            "namespace",
            "period",
            "statistic",
            "tags",
            "threshold",
            "treatMissingData",
        }
    )
    replacing = frozenset({"name"})
    longest_name = 255

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Put it."""
        self._put(client, inputs)
        return inputs["name"], {"arn": self._found(client, inputs["name"])["AlarmArn"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it."""
        found = self._found(client, id_)
        return {"arn": found["AlarmArn"], "threshold": found["Threshold"]}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Put it anew."""
        require_unchanged(inputs, before, "tags")
        self._put(client, inputs)

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        client("cloudwatch").delete_alarms(AlarmNames=[id_])

    def _put(self, client: Client, inputs: Properties) -> None:
        dimensions = [{"Name": name, "Value": value} for name, value in inputs.get("dimensions", {}).items()]
        given = {
            name[0].upper() + name[1:]: value
            for name, value in inputs.items()
            if name not in ("dimensions", "name", "tags")
        }
        client("cloudwatch").put_metric_alarm(
            AlarmName=inputs["name"], Dimensions=dimensions, Tags=tag_list(inputs), **given
        )

    def _found(self, client: Client, name: str) -> Properties:
        alarms = client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
        if not alarms:
            raise Gone
        return dict(alarms[0])


def _configuration(inputs: Properties) -> dict[str, Any]:
    logging = inputs.get("loggingConfig")
    return {
        **{key: inputs[name] for name, key in CONFIGURATION.items() if name in inputs},
        "Environment": {"Variables": inputs.get("environment", {}).get("variables", {})},
        **(
            {"LoggingConfig": {"LogFormat": logging["logFormat"], "LogGroup": logging["logGroup"]}}
            if logging
            else {}
        ),
    }


def _zipped(archive: Properties) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name, asset in sorted(archive["assets"].items()):
            target.writestr(name, asset["text"] if asset.get("text") else Path(asset["path"]).read_bytes())
    return content.getvalue()
