"""Topic rules, and where events go that could not be handled."""

from .resource_type import Client, Gone, Properties, ResourceType


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


def _payload(inputs: Properties) -> Properties:
    set_aside = inputs.get("errorAction", {}).get("sqs")
    return {
        "sql": inputs["sql"],
        "awsIotSqlVersion": inputs["sqlVersion"],
        "ruleDisabled": not inputs["enabled"],
        "actions": [{"lambda": {"functionArn": a["functionArn"]}} for a in inputs.get("lambdas", [])],
        **({"errorAction": {"sqs": dict(set_aside)}} if set_aside else {}),
    }
