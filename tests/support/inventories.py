"""All that is in an emulator, one line each, to compare before and after."""

LISTED = {
    "iot": {
        "list_ca_certificates": ("certificates", "certificateId"),
        "list_certificates": ("certificates", "certificateId"),
        "list_policies": ("policies", "policyName"),
        "list_provisioning_templates": ("templates", "templateName"),
        "list_thing_groups": ("thingGroups", "groupName"),
        "list_things": ("things", "thingName"),
        "list_topic_rules": ("rules", "ruleName"),
    },
    "iam": {"list_roles": ("Roles", "RoleName"), "list_policies": ("Policies", "PolicyName")},
    "lambda": {"list_functions": ("Functions", "FunctionName")},
    "logs": {"describe_log_groups": ("logGroups", "logGroupName")},
    "dynamodb": {"list_tables": ("TableNames", None)},
    "secretsmanager": {"list_secrets": ("SecretList", "Name")},
    "sqs": {"list_queues": ("QueueUrls", None)},
    "s3": {"list_buckets": ("Buckets", "Name")},
    "cloudwatch": {"describe_alarms": ("MetricAlarms", "AlarmName")},
}


def inventory(emulator):
    """Everything of the services that the constructs use."""
    return {
        f"{service} {operation.partition('_')[2]}: {entry[name] if name else entry}"
        for service, operations in LISTED.items()
        for operation, (key, name) in operations.items()
        for page in emulator.client(service).get_paginator(operation).paginate(**_scope(service, operation))
        for entry in page.get(key, [])
    }


def _scope(service, operation):
    # AWS's own policies are always there.
    return {"Scope": "Local"} if (service, operation) == ("iam", "list_policies") else {}
