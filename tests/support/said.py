"""What CloudFormation and functions said of a stack: where a secret must not be."""

import json


def everything_said(emulator, stack_name):
    """Template, outputs, events, resources and log lines of a stack, as one text."""
    cloudformation, logs = emulator.client("cloudformation"), emulator.client("logs")
    answers = [
        cloudformation.get_template(StackName=stack_name)["TemplateBody"],
        cloudformation.describe_stacks(StackName=stack_name),
        cloudformation.describe_stack_events(StackName=stack_name),
        cloudformation.describe_stack_resources(StackName=stack_name),
    ]
    texts = [json.dumps(answer, default=str) for answer in answers]
    for group in logs.describe_log_groups(logGroupNamePrefix=f"/aws/cloudformation/{stack_name}/")[
        "logGroups"
    ]:
        events = logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
        texts += [event["message"] for event in events]
    return "\n".join(texts)
