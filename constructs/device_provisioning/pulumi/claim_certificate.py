"""The certificate that devices share until they have their own."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..aws_iot.choices import require_one_claim_source
from ..aws_iot.claim_policy import CertificateSource, PayloadFormat, claim_policy
from ..aws_iot.claim_rotation import require_rotation_days
from ..pulumi_providers.claim_certificate import StoredCertificate
from .claim_rotation import rotate_claim
from .documents import document_json
from .environment import environment_of

CLIENT_ID_PATTERN = "claim-*"


class ClaimCertificateArgs(TypedDict):
    """Settings of a claim certificate."""

    template_name: pulumi.Input[str]
    """The name of the template that devices register through."""
    certificate_signing_request: NotRequired[pulumi.Input[str]]
    """A CSR in PEM, when the key is yours; none by default."""
    certificate_arn: NotRequired[pulumi.Input[str]]
    """An active certificate of yours; none by default."""
    encryption_key: NotRequired[aws.kms.Key]
    """A customer key of the secret; AWS's own by default."""
    certificate_sources: NotRequired[Sequence[str]]
    """How devices obtain their own certificates: ``create`` by default, ``create-from-csr`` or both."""
    payload_formats: NotRequired[Sequence[str]]
    """``json``, ``cbor`` or both; JSON by default."""
    client_id_pattern: NotRequired[pulumi.Input[str]]
    """Client ids that a claim connection may use; ``claim-*`` by default, so that it cannot take over the
    connection of a provisioned device."""
    rotate_automatically_after_days: NotRequired[int]
    """After how many days Secrets Manager replaces the certificate in the secret, 1 to 1000; never by
    default. The old claim is valid until AWS IoT has accepted a connection with the new one; then it is
    deleted. A device that still holds the old claim can't enrol any more: use this where claims are read
    from the secret shortly before devices enrol, such as on a factory line."""


class ClaimCertificate(pulumi.ComponentResource):
    """Define a claim certificate that can enrol devices through one template, and do nothing else.

    By default AWS IoT makes certificate and key, and Pulumi's process stores both in a Secrets Manager secret
    without passing them on: the key is never in a state, an input, an output or a log line.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        policy: The claim's policy.
        secret: The secret with certificate and key; none of a certificate that is brought along.
        rotation: The rotation of the secret; none by default.

    Raises:
        ValueError: If both a CSR and a certificate are given, a customer key or a rotation without a secret,
            or days that are out of their range.

    Example::

        ClaimCertificate("claim", {"template_name": template.template_name})
    """

    certificate_arn: pulumi.Output[str]
    """The ARN of the certificate; after a rotation the new one, by ``pulumi up --refresh``."""
    certificate_id: pulumi.Output[str]
    """The id of that certificate."""
    secret_arn: pulumi.Output[str | None]
    """The ARN of the secret that holds certificate and key; none if you brought a CSR or a
    certificate."""

    def __init__(
        self, name: str, args: ClaimCertificateArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("device-provisioning:index:ClaimCertificate", name, {}, opts)
        days = args.get("rotate_automatically_after_days")
        require_one_claim_source(
            args.get("certificate_signing_request"),
            args.get("certificate_arn"),
            encryption_key=args.get("encryption_key"),
            rotate_automatically_after_days=days,
        )
        self.policy = self._create_policy(name, args)
        self.secret: aws.secretsmanager.Secret | None = None
        self.rotation: aws.secretsmanager.SecretRotation | None = None
        self.certificate_arn = self._certificate(name, args)
        self.certificate_id = self.certificate_arn.apply(lambda arn: arn.rpartition("/")[2])
        self.secret_arn = self.secret.arn if self.secret else pulumi.Output.from_input(None)
        if self.secret and days is not None:
            self.rotation = self._rotate(name, args, self.secret, days)
        aws.iot.PolicyAttachment(
            f"{name}-policy-attachment",
            policy=self.policy.name,
            target=self.certificate_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs(
            {
                "certificateArn": self.certificate_arn,
                "certificateId": self.certificate_id,
                "secretArn": self.secret_arn,
            }
        )

    def _create_policy(self, name: str, args: ClaimCertificateArgs) -> aws.iot.Policy:
        return aws.iot.Policy(
            f"{name}-policy",
            policy=document_json(
                claim_policy,
                template_name=args["template_name"],
                environment=environment_of(self),
                certificate_sources=args.get("certificate_sources", [CertificateSource.CREATE]),
                payload_formats=args.get("payload_formats", [PayloadFormat.JSON]),
                client_id_pattern=args.get("client_id_pattern", CLIENT_ID_PATTERN),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _certificate(self, name: str, args: ClaimCertificateArgs) -> pulumi.Output[str]:
        arn, csr = args.get("certificate_arn"), args.get("certificate_signing_request")
        options = pulumi.ResourceOptions(parent=self)
        if arn:
            return pulumi.Output.from_input(arn)
        if csr:
            return aws.iot.Certificate(f"{name}-certificate", active=True, csr=csr, opts=options).arn
        key = args.get("encryption_key")
        self.secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            description=pulumi.Output.concat("Claim certificate and key of ", self.policy.name),
            kms_key_id=key.arn if key else None,
            opts=options,
        )
        self._stored = StoredCertificate(
            f"{name}-certificate",
            secret_arn=self.secret.arn,
            environment=environment_of(self),
            parent=self,
        )
        return self._stored.certificate_arn

    def _rotate(
        self, name: str, args: ClaimCertificateArgs, secret: aws.secretsmanager.Secret, days: float
    ) -> aws.secretsmanager.SecretRotation:
        return rotate_claim(
            name,
            secret=secret,
            encryption_key=args.get("encryption_key"),
            policy_name=self.policy.name,
            client_id_pattern=args.get("client_id_pattern", CLIENT_ID_PATTERN),
            automatically_after_days=require_rotation_days("rotate_automatically_after_days", days),
            certificate=self._stored,
            parent=self,
        )
