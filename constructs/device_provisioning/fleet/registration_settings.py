"""What just-in-time registration is made of, apart from its documents."""

from typing import Any

from ..aws_iot.unresolved import is_unresolved
from .hook_settings import METRICS_NAMESPACE

DEFAULT_REVOCATION_LIST_KEY = "revoked.pem"
# API_PutObject
LONGEST_OBJECT_KEY = 1024
DEAD_LETTER_RETENTION_DAYS = 14
UNDELIVERED_EVENTS_DESCRIPTION = "Sets aside just-in-time registration events that can't be delivered"


def registration_environment(
    *,
    table_name: Any,
    ca_certificate: Any,
    ca_certificate_id: Any,
    policy_name: Any,
    thing_name_prefix: Any,
    revocation_list_bucket: Any = None,
    revocation_list_key: Any = DEFAULT_REVOCATION_LIST_KEY,
) -> dict[str, Any]:
    """The environment variables of the function; what an engine knows later is passed on as it is.

    Args:
        table_name: The table of the allow list.
        ca_certificate: The certificate of the CA in PEM.
        ca_certificate_id: Its id.
        policy_name: The policy that devices get.
        thing_name_prefix: What the names of things begin with.
        revocation_list_bucket: The bucket of the CA's revocation list; no list by default.
        revocation_list_key: The list's key.
    """
    list_place = (
        {"REVOCATION_LIST_BUCKET": revocation_list_bucket, "REVOCATION_LIST_KEY": revocation_list_key}
        if revocation_list_bucket is not None
        else {}
    )
    return {
        "ALLOW_LIST_TABLE_NAME": table_name,
        "CA_CERTIFICATE": ca_certificate,
        "CA_CERTIFICATE_ID": ca_certificate_id,
        "METRICS_NAMESPACE": METRICS_NAMESPACE,
        "POLICY_NAME": policy_name,
        "THING_NAME_PREFIX": thing_name_prefix,
        **list_place,
    }


def require_revocation_list(bucket: Any, key: Any) -> None:
    """Refuse the key of a list that is in no bucket, and one that no object has.

    Args:
        bucket: The bucket, if one is given.
        key: The list's key; one that an engine knows later is not checked.

    Raises:
        ValueError: If the key can't be used.
    """
    if is_unresolved(key):
        return
    if not key:
        raise ValueError("revocation_list_key is empty: give the key of the list in its bucket")
    if len(key.encode()) > LONGEST_OBJECT_KEY:
        raise ValueError(f"revocation_list_key has more than {LONGEST_OBJECT_KEY} bytes: shorten it")
    if bucket is None and key != DEFAULT_REVOCATION_LIST_KEY:
        raise ValueError(
            "revocation_list_key would have no effect, because no revocation_list_bucket is given: give the"
            " bucket, or leave the key out"
        )


def registration_query(ca_certificate_id: str) -> str:
    """The SQL of the rule that hears of certificates of one CA that AWS IoT sees for the first time.

    https://docs.aws.amazon.com/iot/latest/developerguide/auto-register-device-cert.html

    Example:
        >>> registration_query("c0ffee")
        "SELECT * FROM '$aws/events/certificates/registered/c0ffee'"
    """
    return f"SELECT * FROM '$aws/events/certificates/registered/{ca_certificate_id}'"  # noqa: S608  # AWS IoT's own


def registration_rule_name(ca_certificate_id: str) -> str:
    """A name for that rule, known before the rule is: there is one of them for a CA.

    Example:
        >>> registration_rule_name("c0ffee")
        'just_in_time_registration_c0ffee'
    """
    return f"just_in_time_registration_{ca_certificate_id}"
