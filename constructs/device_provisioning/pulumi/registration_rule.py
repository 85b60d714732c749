"""The topic rule that hears of devices that a CA signed and AWS IoT does not know yet."""

import pulumi
import pulumi_aws as aws

from ..aws_iot.registration_role import undelivered_events_policy
from ..aws_iot.statements import service_trust
from ..fleet.registration_settings import (
    UNDELIVERED_EVENTS_DESCRIPTION,
    registration_query,
    registration_rule_name,
)
from .documents import document_json
from .environment import environment_of
from .library_function import LibraryFunction
from .service_role import service_role
from .topic_rule import invoking_rule


def registration_rule(
    name: str,
    *,
    parent: pulumi.Resource,
    certificate_id: pulumi.Output[str],
    registration: LibraryFunction,
    dead_letter_queue: aws.sqs.Queue,
    dead_letter_queue_key: aws.kms.Key | None,
) -> aws.iot.TopicRule:
    """Define the rule, and before it all that it needs, so that not even the first event is lost.

    Args:
        name: The beginning of the names of its resources.
        parent: The component that it is a part of.
        certificate_id: The id of the CA's certificate.
        registration: The function that it invokes.
        dead_letter_queue: Where events go that it can't deliver.
        dead_letter_queue_key: The customer key of the queue, if it has one.
    """
    environment = environment_of(parent)
    # Named here, so that what trusts the rule can be there before it.
    rule_name = certificate_id.apply(registration_rule_name)
    arn = pulumi.Output.all(environment, rule_name).apply(lambda known: known[0].iot_arn(f"rule/{known[1]}"))
    role, permissions = service_role(
        f"{name}-undelivered-events-role",
        parent=parent,
        trust=document_json(
            service_trust, service="iot.amazonaws.com", environment=environment, source_arn=arn
        ),
        policy=document_json(
            undelivered_events_policy,
            dead_letter_queue_arn=dead_letter_queue.arn,
            dead_letter_queue_key_arn=dead_letter_queue_key.arn if dead_letter_queue_key else None,
        ),
        description=UNDELIVERED_EVENTS_DESCRIPTION,
    )
    return invoking_rule(
        name,
        rule_name=rule_name,
        sql=certificate_id.apply(registration_query),
        function=registration.function,
        parent=parent,
        error_action={"sqs": {"queue_url": dead_letter_queue.url, "role_arn": role.arn, "use_base64": False}},
        awaited=[permissions, registration],
    )
