"""Reading the policies of AWS IoT that belong to a template: those of its devices and those of its claims."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..aws_iot.rules.statements import can_match
from ..aws_iot.template_text import parse_body
from ..aws_iot.touched_resources import name_patterns
from ..console.aws_calls import AwsCalls
from ..console.sources import UnreadableError
from .coverage import publishes_to
from .existing import ExistingPolicy

_TEMPLATE_TOPIC = re.compile(r'\$aws/provisioning-templates/([^/"]+)/')


def read_device_policies(calls: AwsCalls, body: str, remarks: list[str]) -> list[ExistingPolicy]:
    """Read the policies that a body names.

    Args:
        calls: Of AWS IoT.
        body: The body.
        remarks: Gets what the body does not name for sure.

    Raises:
        UnreadableError: If AWS refuses.
    """
    policies = []
    for name in dict.fromkeys(names_in(body)):
        if "*" in name:
            remarks.append(
                f"the body makes the name of a policy as devices register ({name}): such policies are not"
                " taken over"
            )
        elif policy := read_policy(calls, name):
            policies.append(policy)
        else:
            remarks.append(f"the body names the policy {name}, which does not exist: devices fail")
    return policies


def read_claim_policies(
    calls: AwsCalls, template: str, given: Sequence[str], known: Sequence[str], remarks: list[str]
) -> list[ExistingPolicy]:
    """Read the policies of claims: those that are named, or those that name the template's topics.

    Args:
        calls: Of AWS IoT.
        template: The name of the template.
        given: The names of the policies; none to look through all.
        known: The names of policies that are none of claims.
        remarks: Gets how they were found.

    Raises:
        UnreadableError: If AWS refuses, or one that is named does not exist.
    """
    if given:
        return [_named(calls, template, name) for name in dict.fromkeys(given)]
    policies = read_policies(calls, known)
    names = [policy.name for policy in policies if _names_template(policy.text, template)]
    found = [_named(calls, template, name) for name in names]
    remarks.append(
        f"policies of claims were found by the template's topics in them: {', '.join(names) or 'none'}; one"
        " that allows every topic is not found this way: name it with --claim-policy"
    )
    return found


def read_policies(calls: AwsCalls, known: Sequence[str] = ()) -> Iterator[ExistingPolicy]:
    """Read all policies of AWS IoT, without their tags.

    Args:
        calls: Of AWS IoT.
        known: The names of policies that are not wanted; none by default.

    Raises:
        UnreadableError: If AWS refuses.
    """
    for name in [entry["policyName"] for entry in calls.pages("list_policies", "policies")]:
        if name not in known and (found := calls.found("get_policy", policyName=name)):
            yield ExistingPolicy(name, json.loads(found["policyDocument"]), found["policyDocument"])


def with_other_templates(
    policies: Iterable[ExistingPolicy], others: Mapping[str, Mapping[str, Any]]
) -> list[ExistingPolicy]:
    """Policies with the other templates that they serve: whose topics they reach, or whose bodies name them.

    Args:
        policies: The policies.
        others: What DescribeProvisioningTemplate answers of the other templates, by name.
    """
    return [
        replace(
            policy,
            other_templates=[name for name, other in others.items() if _serves(policy, name, other)],
        )
        for policy in policies
    ]


def _serves(policy: ExistingPolicy, name: str, template: Mapping[str, Any]) -> bool:
    topic = f"$aws/provisioning-templates/{name}/provision/json"
    if _names_template(policy.text, name) or publishes_to(policy.document, topic):
        return True
    return any(can_match(pattern, policy.name) for pattern in names_in(template["templateBody"]))


def names_in(body: str) -> Iterator[str]:
    """The names of policies in a body, with ``*`` for what only a device says.

    Args:
        body: The body.
    """
    try:
        document = parse_body(body)
    except ValueError:
        return
    mappings = document.get("Mappings", {})
    for resource in _values(document.get("Resources")):
        if isinstance(resource, Mapping) and resource.get("Type") == "AWS::IoT::Policy":
            name = (resource.get("Properties") or {}).get("PolicyName")
            if name is not None:
                yield from name_patterns(name, mappings)


def _values(section: Any) -> Iterable[Any]:
    return section.values() if isinstance(section, Mapping) else ()


def _named(calls: AwsCalls, template: str, name: str) -> ExistingPolicy:
    policy = read_policy(calls, name)
    if policy is None:
        raise UnreadableError(f"{template}: there is no policy {name}: see `aws iot list-policies`")
    return policy


def read_policy(calls: AwsCalls, name: str) -> ExistingPolicy | None:
    """Read a policy; ``None`` if there is none of the name.

    Args:
        calls: Of AWS IoT.
        name: Its name.

    Raises:
        UnreadableError: If AWS refuses.
    """
    found = calls.found("get_policy", policyName=name)
    if found is None:
        return None
    tags = calls.pages("list_tags_for_resource", "tags", resourceArn=found["policyArn"])
    text = found["policyDocument"]
    return ExistingPolicy(name, json.loads(text), text, {t["Key"]: t.get("Value", "") for t in tags})


def _names_template(text: str, template: str) -> bool:
    return any(can_match(name, template) for name in _TEMPLATE_TOPIC.findall(text))
