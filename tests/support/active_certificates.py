"""Certificates that AWS IoT made, and what they may do."""

import json
import uuid
from contextlib import contextmanager

from tests.support.detaching import once_detached
from workshop.device import Credentials


@contextmanager
def active_certificate(emulator, allowed="iot:*"):
    """An active certificate with its key, and with a policy that allows an action; gone afterwards."""
    statement = {"Effect": "Allow", "Action": allowed, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iot, policy = emulator.client("iot"), f"may-{uuid.uuid4().hex[:8]}"
    made = iot.create_keys_and_certificate(setAsActive=True)
    certificate_id, arn = made["certificateId"], made["certificateArn"]
    iot.create_policy(policyName=policy, policyDocument=document)
    iot.attach_policy(policyName=policy, target=arn)
    try:
        yield Credentials(made["certificatePem"], made["keyPair"]["PrivateKey"])
    finally:
        iot.update_certificate(certificateId=certificate_id, newStatus="INACTIVE")
        iot.delete_certificate(certificateId=certificate_id, forceDelete=True)
        once_detached(iot.delete_policy, policyName=policy)
