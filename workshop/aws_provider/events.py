"""Topic rules, and where events go that could not be handled."""

import json
from typing import Any

from .resource_type import Client, Gone, Properties, ResourceType

QUEUE_ATTRIBUTES = {
    "kmsMasterKeyId": "KmsMasterKeyId",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
}


class TopicRule(ResourceType):
    """``aws.iot.TopicRule`` that invokes functions, and puts aside in a queue what it can't deliver."""

    pulumi_type = "aws:iot/topicRule:TopicRule"
    required = frozenset({"enabled", "name", "sql", "sqlVersion"})
    optional = frozenset({"errorAction", "lambdas"})
    replacing = frozenset({"name"})

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        name = inputs["name"]
        client("iot").create_topic_rule(ruleName=name, topicRulePayload=_payload(inputs))
        return name, {"arn": client("iot").get_topic_rule(ruleName=name)["ruleArn"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it; AWS IoT answers for a rule that is not there as for one that it keeps secret."""
        if not self._exists(client, id_):
            raise Gone
        found = client("iot").get_topic_rule(ruleName=id_)
        rule = found["rule"]
        return {
            "arn": found["ruleArn"],
            "enabled": not rule["ruleDisabled"],
            "sql": rule["sql"],
            "sqlVersion": rule["awsIotSqlVersion"],
        }

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Put another payload in the place of the old one."""
        client("iot").replace_topic_rule(ruleName=id_, topicRulePayload=_payload(inputs))

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        if self._exists(client, id_):
            client("iot").delete_topic_rule(ruleName=id_)

    def _exists(self, client: Client, name: str) -> bool:
        pages = client("iot").get_paginator("list_topic_rules").paginate()
        return any(rule["ruleName"] == name for page in pages for rule in page["rules"])


class Queue(ResourceType):
    """``aws.sqs.Queue``; its id is its URL."""

    pulumi_type = "aws:sqs/queue:Queue"
    required = frozenset()
    optional = frozenset({"name", *QUEUE_ATTRIBUTES})
    replacing = frozenset({"name"})
    computed = ("arn", "url")
    longest_name = 80

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        made = client("sqs").create_queue(QueueName=inputs["name"], Attributes=_attributes(inputs))
        url = made["QueueUrl"]
        return url, {"arn": _attribute(client, url, "QueueArn"), "url": url}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for its attributes."""
        answer = client("sqs").get_queue_attributes(QueueUrl=id_, AttributeNames=["All"])["Attributes"]
        live = {name: json.loads(answer[key]) for name, key in QUEUE_ATTRIBUTES.items() if key in answer}
        return {"arn": answer["QueueArn"], "url": id_, **live}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Change its attributes."""
        client("sqs").set_queue_attributes(QueueUrl=id_, Attributes=_attributes(inputs))

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it with its messages."""
        client("sqs").delete_queue(QueueUrl=id_)


class QueuePolicy(ResourceType):
    """``aws.sqs.QueuePolicy``; its id is the queue's URL."""

    pulumi_type = "aws:sqs/queuePolicy:QueuePolicy"
    required = frozenset({"policy", "queueUrl"})
    replacing = frozenset({"queueUrl"})
    computed = ()

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Put it."""
        self._put(client, inputs["queueUrl"], inputs["policy"])
        return inputs["queueUrl"], {}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it."""
        policy = _attribute(client, id_, "Policy")
        if not policy:
            raise Gone
        known = state.get("policy", "null")
        return {"policy": known if json.loads(known) == json.loads(policy) else policy}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Put it anew."""
        self._put(client, id_, inputs["policy"])

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Take it away from the queue."""
        self._put(client, id_, "")

    def _put(self, client: Client, url: str, policy: str) -> None:
        client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


class FunctionEventInvokeConfig(ResourceType):
    """``aws.lambda.FunctionEventInvokeConfig`` of a function's newest code; its id is the function's name."""

    pulumi_type = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
    required = frozenset({"functionName"})
    optional = frozenset({"destinationConfig"})
    replacing = frozenset({"functionName"})
    computed = ()

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Put it."""
        self._put(client, inputs)
        return inputs["functionName"], {}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask where events go."""
        found = client("lambda").get_function_event_invoke_config(FunctionName=id_)
        destination = found.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        return {"destinationConfig": {"onFailure": {"destination": destination}}} if destination else {}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Put it anew."""
        self._put(client, inputs)

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        client("lambda").delete_function_event_invoke_config(FunctionName=id_)

    def _put(self, client: Client, inputs: Properties) -> None:
        client("lambda").put_function_event_invoke_config(
            FunctionName=inputs["functionName"],
            DestinationConfig={
                outcome[0].upper() + outcome[1:]: {"Destination": given["destination"]}
                for outcome, given in inputs.get("destinationConfig", {}).items()
            },
        )


def _payload(inputs: Properties) -> Properties:
    on_error = inputs.get("errorAction", {})
    if unknown := on_error.keys() - {"sqs"}:
        raise NotImplementedError(f"the stand-in does not know error actions of {sorted(unknown)}")
    return {
        "sql": inputs["sql"],
        "awsIotSqlVersion": inputs["sqlVersion"],
        "ruleDisabled": not inputs["enabled"],
        "actions": [{"lambda": {"functionArn": a["functionArn"]}} for a in inputs.get("lambdas", [])],
        **({"errorAction": {"sqs": dict(on_error["sqs"])}} if on_error else {}),
    }


def _attributes(inputs: Properties) -> dict[str, str]:
    return {key: json.dumps(inputs[name]) for name, key in QUEUE_ATTRIBUTES.items() if name in inputs}


def _attribute(client: Client, url: str, name: str) -> Any:
    answer = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return answer.get("Attributes", {}).get(name)
