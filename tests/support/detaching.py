"""Detaching takes AWS IoT a while, and the emulator a few questions."""

import time

from botocore.exceptions import ClientError

from workshop.extensions.eventual_detaching import MOST_QUESTIONS

ATTEMPTS = 20
BUSY = {"DeleteConflictException", "InvalidRequestException"}


def once_detached(delete, **what):
    """Delete what was detached just now."""
    for _ in range(ATTEMPTS):
        try:
            return delete(**what)
        except ClientError as error:
            if error.response["Error"]["Code"] not in BUSY:
                raise
        time.sleep(0.05)
    return delete(**what)


def settled(ask):
    """What is answered when all is detached."""
    for _ in range(MOST_QUESTIONS):
        ask()
    return ask()


def detach_policy(iot, name, target):
    """Detach a policy, and wait until it is."""
    iot.detach_policy(policyName=name, target=target)
    for _ in range(ATTEMPTS):
        attached = iot.list_attached_policies(target=target)["policies"]
        if name not in [policy["policyName"] for policy in attached]:
            return
        time.sleep(0.05)
    raise AssertionError(f"{name} is still attached")
