"""Answers reach the connection that asked, subscribed or not; MiniStack answers subscribers only.

AWS returns them "through the same MQTT connection used to publish the API request"; that no subscription is
needed is what users saw, and what Greengrass nucleus lite relies on.
https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
https://github.com/aws-samples/aws-iot-fleet-provisioning/issues/6
https://github.com/aws-greengrass/aws-greengrass-lite/commit/18233f2b8fd6ebac1b3170b5a7565cb28655c1db
"""

import json
from typing import Any


def install(iot: Any) -> None:
    """Replace how requests of devices are answered."""

    async def answer(
        session: Any, topic: str, operation: str, template_name: str | None, payload: bytes
    ) -> None:
        try:
            async with iot.publishing_events():
                kind, document = await iot._fleet_provisioning_reply(
                    session.account_id, session.region, operation, template_name, payload, _asking(session)
                )
        except Exception:
            iot._broker_logger.warning("IoT fleet provisioning failed for %r", topic, exc_info=True)
            return
        answer_topic = f"{topic}/{kind}"
        encoded = document if isinstance(document, bytes) else json.dumps(document).encode()
        await session.deliver_to_client(answer_topic, encoded, _granted_qos(iot, session, answer_topic))

    iot._WSSession._answer_fleet_provisioning = answer


def _asking(session: Any) -> dict[str, str]:
    """What a hook learns of the connection."""
    connection = {"clientId": session._client_id}
    if session._principal != session.account_id:
        connection["claimCertificateId"] = session._principal
    return connection


def _granted_qos(iot: Any, session: Any, topic: str) -> int:
    """The highest that a subscription of the connection was granted; without one, at most once."""
    granted = [
        session._sub_granted_qos[subscription]
        for subscription, topic_filter in session._sub_filters.items()
        if iot._subscription_matches(topic_filter, topic)
    ]
    return max(granted, default=0)
