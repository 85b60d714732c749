"""A certificate may do what its AWS IoT policies allow: MiniStack looks at them only if IAM is enforced.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
"""

from typing import Any


def install(iot: Any) -> None:
    """Hold every connection with a certificate to its policies."""
    evaluates = iot._WSSession._evaluates_policies

    def evaluates_policies(session: Any) -> bool:
        return session.certificate_id is not None or bool(evaluates(session))

    iot._WSSession._evaluates_policies = evaluates_policies
