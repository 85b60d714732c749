"""Keys in AWS KMS, which never leave it."""

from cryptography.hazmat.primitives import serialization

from ..attestation.proof import MAC_ALGORITHM, key_message
from ..console.aws_calls import AwsCalls
from .public_keys import PublicKey, required_signer

PARALLEL = 8
_SETTINGS = {
    "max_pool_connections": PARALLEL,
    # Quotas of requests are an account's, and others use it as well.
    "retries": {"mode": "adaptive", "total_max_attempts": 12},
}


class KmsKey:
    """A key in AWS KMS.

    Args:
        key: Its id, ARN or alias.

    Raises:
        UnreadableError: If no Region is set.
    """

    def __init__(self, key: str, *, shows_waiting: bool = True) -> None:
        self._key = key
        self._calls = AwsCalls(key, "kms", settings=_SETTINGS, shows_waiting=shows_waiting)

    def device_key(self, batch: str, serial_number: str) -> bytes:
        """The key of a device, derived from this one.

        https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html

        Raises:
            UnreadableError: If AWS KMS refuses.
        """
        message = key_message(batch, serial_number)
        answer = self._calls.call(
            "generate_mac", KeyId=self._key, Message=message, MacAlgorithm=MAC_ALGORITHM
        )
        return bytes(answer["Mac"])

    def public_key(self) -> PublicKey:
        """The public key of one that signs.

        Raises:
            UnreadableError: If AWS KMS refuses, or the hook would refuse the key.
        """
        answer = self._calls.call("get_public_key", KeyId=self._key)
        return required_signer(serialization.load_der_public_key(answer["PublicKey"]), self._key)

    def sign(self, message: bytes, algorithm: str) -> bytes:
        """A signature.

        https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html

        Raises:
            UnreadableError: If AWS KMS refuses.
        """
        answer = self._calls.call(
            "sign", KeyId=self._key, Message=message, MessageType="RAW", SigningAlgorithm=algorithm
        )
        return bytes(answer["Signature"])
