"""The certificate that devices share until they have their own."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..aws_iot.claim_client_ids import CLAIM_CLIENT_ID_PATTERNS
from ..aws_iot.claim_policy import CertificateSource, PayloadFormat, claim_policy, require_claim_choices
from ..fleet.choices import require_one_claim_source
from ..fleet.claim_rotation import require_rotation_days
from ..pulumi_providers.claim_certificate import StoredCertificate
from .claim_rotation import rotate_claim
from .documents import document_json, now_or_later
from .environment import environment_of
from .settings import settings_of


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
    certificate_sources: NotRequired[Sequence[CertificateSource]]
    """How devices obtain their own certificates: ``create`` by default, ``create-from-csr`` or both."""
    payload_formats: NotRequired[Sequence[PayloadFormat]]
    """``json``, ``cbor`` or both; JSON by default."""
    client_id_patterns: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Client ids that a claim connection may use, with ``*`` and ``?``; ``claim-*`` by default, so that it
    cannot take over the connection of a provisioned device."""
    thing_name_patterns: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Names of things, such as ``sensor-*``, which no claim connection may use as its client id, whatever
    ``client_id_patterns`` allows; none by default, as the body is not known here."""
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
        secret: The secret with certificate and key; none for a certificate of your own.
        rotation: The rotation of the secret; none by default.

    Raises:
        ValueError: If both a CSR and a certificate are given, a customer key or a rotation without a secret,
            days that are out of their range, or client ids that no claim may use.

    Example::

        ClaimCertificate("claim", {"template_name": template.template_name})
    """

    certificate_arn: pulumi.Output[str]
    """The ARN of the certificate; after a rotation the new one, by ``pulumi up --refresh``."""
    certificate_id: pulumi.Output[str]
    """The id of that certificate."""
    secret_arn: pulumi.Output[str | None]
    """The ARN of the secret that holds certificate and key; none if you gave a CSR or a
    certificate."""
    client_id_patterns: pulumi.Output[list[str]]
    """The client ids that a claim connection may use."""

    def __init__(
        self, name: str, args: ClaimCertificateArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(ClaimCertificateArgs, args, name)
        super().__init__("device-provisioning:index:ClaimCertificate", name, {}, opts)
        days = args.get("rotate_automatically_after_days")
        now_or_later(
            require_one_claim_source,
            certificate_signing_request=args.get("certificate_signing_request"),
            certificate_arn=args.get("certificate_arn"),
            encryption_key=args.get("encryption_key"),
            rotate_automatically_after_days=days,
        )
        patterns: Any = args.get("client_id_patterns", list(CLAIM_CLIENT_ID_PATTERNS))
        self.client_id_patterns = pulumi.Output.from_input(patterns)
        sources = args.get("certificate_sources", [CertificateSource.CREATE])
        formats = args.get("payload_formats", [PayloadFormat.JSON])
        require_claim_choices(sources, formats)
        self.policy = self._create_policy(name, args, sources, formats)
        self.secret: aws.secretsmanager.Secret | None = None
        self.rotation: aws.secretsmanager.SecretRotation | None = None
        self.certificate_arn = self._certificate(name, args)
        self.certificate_id = self.certificate_arn.apply(lambda arn: arn.rpartition("/")[2])
        self.secret_arn = self.secret.arn if self.secret else pulumi.Output.from_input(None)
        attachment = aws.iot.PolicyAttachment(
            f"{name}-policy-attachment",
            policy=self.policy.name,
            target=self.certificate_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        if self.secret and days is not None:
            self.rotation = self._rotate(name, args, self.secret, days, attachment)
        self.register_outputs(
            {
                "certificateArn": self.certificate_arn,
                "certificateId": self.certificate_id,
                "secretArn": self.secret_arn,
                "clientIdPatterns": self.client_id_patterns,
            }
        )

    def _create_policy(
        self, name: str, args: ClaimCertificateArgs, sources: Sequence[str], formats: Sequence[str]
    ) -> aws.iot.Policy:
        return aws.iot.Policy(
            f"{name}-policy",
            policy=document_json(
                claim_policy,
                template_name=args["template_name"],
                environment=environment_of(self),
                certificate_sources=sources,
                payload_formats=formats,
                client_id_patterns=self.client_id_patterns,
                thing_name_patterns=args.get("thing_name_patterns", []),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _certificate(self, name: str, args: ClaimCertificateArgs) -> pulumi.Output[str]:
        arn, csr = args.get("certificate_arn"), args.get("certificate_signing_request")
        options = pulumi.ResourceOptions(parent=self)
        if arn:
            return pulumi.Output.from_input(arn)
        if csr:
            # Detached first, deleted last: AWS IoT may refuse to delete a policy for five minutes.
            last = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=[self.policy]))
            return aws.iot.Certificate(f"{name}-certificate", active=True, csr=csr, opts=last).arn
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
        self,
        name: str,
        args: ClaimCertificateArgs,
        secret: aws.secretsmanager.Secret,
        days: float,
        attachment: aws.iot.PolicyAttachment,
    ) -> aws.secretsmanager.SecretRotation:
        return rotate_claim(
            name,
            secret=secret,
            encryption_key=args.get("encryption_key"),
            policy_name=self.policy.name,
            client_id_patterns=self.client_id_patterns,
            thing_name_patterns=args.get("thing_name_patterns", []),
            automatically_after_days=require_rotation_days("rotate_automatically_after_days", days),
            after=[self._stored, attachment],
            parent=self,
        )
