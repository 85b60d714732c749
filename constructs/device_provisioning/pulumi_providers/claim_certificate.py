"""A claim certificate whose key goes to Secrets Manager and nowhere else."""

import uuid
from typing import Any

import pulumi
from botocore.exceptions import ClientError
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource

from ..aws_iot.environment import Environment
from ..lambdas.custom_resources.certificates import GONE, is_error
from ..lambdas.custom_resources.claim_certificate import (
    active_certificate,
    revoke_stored_certificate,
    stored_certificate,
)
from ..lambdas.custom_resources.revoking import revoke_by_id
from .account import AccountProvider, difference, place


class ClaimCertificateProvider(AccountProvider):
    """Make, keep or delete the certificate."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make key and certificate and store them; go on with what an earlier attempt stored."""
        iot, secrets = self.client("iot", props), self.client("secretsmanager", props)
        stored = active_certificate(iot, secrets, str(uuid.uuid4()), props["secret_arn"])
        made = {"certificate_arn": stored["certificateArn"], "status": "ACTIVE"}
        return CreateResult(stored["certificateId"], {**props, **made})

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another secret means another certificate."""
        return difference(_olds, _news, replacing=("secret_arn",))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """See which certificate there is, as a rotation puts another one into the secret, and its status.

        A claim that somebody deactivated, as one does when it leaked, is shown and stays as it is.
        """
        stored = stored_certificate(self.client("secretsmanager", props), props["secret_arn"])
        arn = stored["certificateArn"] if stored else props["certificate_arn"]
        try:
            found = self.client("iot", props).describe_certificate(certificateId=arn.rpartition("/")[2])
        except ClientError as error:
            if is_error(error, GONE):
                return ReadResult("", {})
            raise
        status = found["certificateDescription"]["status"]
        return ReadResult(id_, {**props, "certificate_arn": arn, "status": status})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Deactivate and delete the certificate, and the one that a rotation put in its place."""
        iot = self.client("iot", _props)
        revoke_stored_certificate(iot, self.client("secretsmanager", _props), _props["secret_arn"])
        revoke_by_id(iot, _id)


class StoredCertificate(Resource, module="device-provisioning", name="ClaimCertificate"):
    """A certificate and its key in a secret.

    Args:
        name: The name of the resource.
        secret_arn: The secret, which has no value yet.
        environment: Where it is.
        parent: The component above.
    """

    certificate_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        secret_arn: pulumi.Input[str],
        environment: pulumi.Output[Environment],
        parent: pulumi.Resource,
    ) -> None:
        properties = {"secret_arn": secret_arn, "certificate_arn": None, **place(environment)}
        super().__init__(ClaimCertificateProvider(), name, properties, pulumi.ResourceOptions(parent=parent))
