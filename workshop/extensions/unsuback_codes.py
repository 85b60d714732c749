"""UNSUBACK has the codes of AWS only, success for a filter without subscription among them.

MiniStack answers 0x11, "no subscription existed": it is MQTT 5's, but none of those that AWS lists, and the
client of Greengrass nucleus lite ends the connection over it.
https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-reason-codes
"""

from typing import Any


def install(iot: Any) -> None:
    """Answer success where no subscription existed."""
    iot.RC5_NO_SUBSCRIPTION_EXISTED = iot.RC5_SUCCESS
