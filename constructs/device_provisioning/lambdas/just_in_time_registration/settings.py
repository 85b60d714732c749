"""The settings of the function, read from its environment in one place."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What the function was deployed with.

    Args:
        ca_certificate_id: The CA whose devices register.
        ca_certificate: Its certificate in PEM.
        table_name: The table of the allow list.
        policy_name: The AWS IoT policy that devices get.
        thing_name_prefix: What the common names of devices begin with.
        revocation_list_bucket: Where the revocation list is; ``None`` if there is none.
        revocation_list_key: Its key.
        metrics_namespace: The CloudWatch namespace of the decisions.
    """

    ca_certificate_id: str
    ca_certificate: bytes
    table_name: str
    policy_name: str
    thing_name_prefix: str
    revocation_list_bucket: str | None
    revocation_list_key: str
    metrics_namespace: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Raises:
            KeyError: If one is missing.
        """
        return cls(
            ca_certificate_id=environment["CA_CERTIFICATE_ID"],
            ca_certificate=environment["CA_CERTIFICATE"].encode(),
            table_name=environment["ALLOW_LIST_TABLE_NAME"],
            policy_name=environment["POLICY_NAME"],
            thing_name_prefix=environment["THING_NAME_PREFIX"],
            revocation_list_bucket=environment.get("REVOCATION_LIST_BUCKET"),
            revocation_list_key=environment.get("REVOCATION_LIST_KEY", ""),
            metrics_namespace=environment["METRICS_NAMESPACE"],
        )
