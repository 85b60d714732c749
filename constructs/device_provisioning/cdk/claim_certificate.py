"""The certificate that devices share until they have their own."""

from collections.abc import Sequence
from functools import cached_property

from aws_cdk import ArnFormat, CfnResource, Reference, Stack, Token
from aws_cdk import aws_iot as iot
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ..aws_iot.claim_client_ids import CLAIM_CLIENT_ID_PATTERNS
from ..aws_iot.claim_policy import CertificateSource, PayloadFormat, claim_policy
from ..aws_iot.touched_resources import touched_resources
from ..fleet.choices import require_one_claim_source
from ..fleet.claim_rotation import require_rotation_days
from ..fleet.custom_resources import CLAIM_CERTIFICATE
from ..fleet.functions import CLAIM_ROTATION
from .acknowledgements import Finding, acknowledge
from .caretaker import take_care
from .library_function import Invocation, LibraryFunction
from .places import environment_of, put
from .provisioning_template import ProvisioningTemplateBase
from .setting_types import checked

SECRET_REASONS = {
    Finding.SECRET_WITHOUT_ROTATION: "devices in the field hold the claim: it is not changed by a timer"
}
AWS_KEY_REASONS = {
    Finding.SECRET_WITHOUT_CUSTOMER_KEY: "encrypted with AWS's own key; encryption_key sets one of yours"
}
INVOKED_BY_SECRETS_MANAGER = Invocation(
    dead_letters="Secrets Manager tries a rotation again, and CloudTrail records one that failed",
    concurrency="Secrets Manager rotates one secret once at a time",
)


class ClaimCertificate(Construct):
    """Define a claim certificate that can enrol devices through one template, and do nothing else.

    By default AWS IoT makes certificate and key, and a function stores both in a Secrets Manager secret: the
    key is never in a template, a response, an output or a log line.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        template: The template that devices register through.
        certificate_signing_request: A CSR in PEM, when the key is yours; none by default.
        certificate_arn: An active certificate of yours; none by default.
        encryption_key: A customer key of the secret; AWS's own by default.
        certificate_sources: How devices obtain their own certificates: ``create`` by default,
            ``create-from-csr`` or both.
        payload_formats: ``json``, ``cbor`` or both; JSON by default.
        client_id_patterns: Client ids that a claim connection may use, with ``*`` and ``?``; ``claim-*`` by
            default, so that it cannot take over the connection of a provisioned device.
        thing_name_patterns: Names of things, such as ``sensor-*``, which no claim connection may use as its
            client id, whatever ``client_id_patterns`` allows; by default those of the template's body, as far
            as it shows what they begin with.

    Attributes:
        policy: The claim's policy as a ``CfnPolicy``.
        client_id_patterns: The client ids that a claim connection may use.

    Raises:
        ValueError: If both a CSR and a certificate are given, a customer key without a secret to encrypt, or
            client ids that no claim may use.

    Example::

        ClaimCertificate(self, "Claim", template=template)
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        template: ProvisioningTemplateBase,
        certificate_signing_request: str | None = None,
        certificate_arn: str | None = None,
        encryption_key: kms.IKey | None = None,
        certificate_sources: Sequence[CertificateSource] = (CertificateSource.CREATE,),
        payload_formats: Sequence[PayloadFormat] = (PayloadFormat.JSON,),
        client_id_patterns: Sequence[str] = CLAIM_CLIENT_ID_PATTERNS,
        thing_name_patterns: Sequence[str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        put(self, scope, construct_id)
        require_one_claim_source(certificate_signing_request, certificate_arn, encryption_key=encryption_key)
        names = _thing_names(template) if thing_name_patterns is None else thing_name_patterns
        self.policy = iot.CfnPolicy(
            self,
            "Policy",
            policy_document=claim_policy(
                template.template_name,
                environment_of(self),
                certificate_sources=certificate_sources,
                payload_formats=payload_formats,
                client_id_patterns=client_id_patterns,
                thing_name_patterns=names,
            ),
        )
        self._policy_name = self.policy.ref
        self.client_id_patterns = tuple(client_id_patterns)
        self._thing_name_patterns = names
        self._secret_arn: str | None = None
        self._encryption_key = encryption_key
        self._certificate: str | Reference
        if certificate_arn:
            self._certificate = certificate_arn
        elif certificate_signing_request:
            self._certificate = self._from_csr(certificate_signing_request)
        else:
            self._certificate = self._with_secret(encryption_key)
        self._attachment = self._attach_policy()

    @cached_property
    def certificate_arn(self) -> str:
        """The ARN of the certificate."""
        return Token.as_string(self._certificate)

    @cached_property
    def certificate_id(self) -> str:
        """The id of the certificate."""
        arn = Stack.of(self).split_arn(self.certificate_arn, ArnFormat.SLASH_RESOURCE_NAME)
        return str(arn.resource_name)

    @cached_property
    def secret(self) -> secretsmanager.ISecret:
        """The secret that holds certificate and key.

        Raises:
            ValueError: If you gave a CSR or a certificate: its key is where you created it.
        """
        if self._secret_arn is None:
            raise ValueError(
                "you gave the claim certificate, so its key is yours and there is no secret: leave"
                " certificate_signing_request and certificate_arn out and one is made"
            )
        return secretsmanager.Secret.from_secret_attributes(
            self,
            "SecretReference",
            secret_complete_arn=self._secret_arn,
            encryption_key=self._encryption_key,
        )

    def _from_csr(self, certificate_signing_request: str) -> str:
        certificate = iot.CfnCertificate(
            self, "Certificate", status="ACTIVE", certificate_signing_request=certificate_signing_request
        )
        # Detached first, deleted last: AWS IoT may refuse to delete a policy for five minutes.
        certificate.node.add_dependency(self.policy)
        return certificate.attr_arn

    def _with_secret(self, encryption_key: kms.IKey | None) -> Reference:
        resource = secretsmanager.CfnSecret(
            self,
            "Secret",
            description=f"Claim certificate and key of {self._policy_name}",
            kms_key_id=encryption_key.key_arn if encryption_key else None,
        )
        acknowledge(resource, {**SECRET_REASONS, **({} if encryption_key else AWS_KEY_REASONS)})
        self._secret_arn = secret_arn = resource.attr_id
        certificate = take_care(
            self,
            "Resource",
            CLAIM_CERTIFICATE,
            rights={
                "secret_arn": secret_arn,
                "environment": environment_of(self),
                "encryption_key_arn": encryption_key.key_arn if encryption_key else None,
            },
            properties={"SecretId": secret_arn},
        )
        # A rotated certificate holds the policy until this resource takes it away.
        certificate.add_resource_dependency(self.policy)
        self._resource = certificate
        return certificate.get_att("CertificateArn")

    def add_rotation(self, *, automatically_after_days: int = 90) -> None:
        """Replace the certificate in the secret from time to time, without touching the stack.

        The old claim is valid until AWS IoT has accepted a connection with the new one; then it is deleted.
        A device that still holds the old claim can't enrol any more: use this where claims are read from the
        secret shortly before devices enrol, such as on a factory line.

        Args:
            automatically_after_days: How many days a claim lives, 1 to 1000; 90 by default.

        Raises:
            ValueError: If you gave a CSR or a certificate, or the days are out of range.
        """
        days = require_rotation_days("automatically_after_days", automatically_after_days)
        secret, key = self.secret, self.secret.encryption_key
        function = LibraryFunction(
            self,
            "RotationFunction",
            CLAIM_ROTATION,
            rights={"secret_arn": secret.secret_arn, "encryption_key_arn": key.key_arn if key else None},
            environment=CLAIM_ROTATION.variables(
                policy_name=self.policy.ref,
                client_id_patterns=self.client_id_patterns,
                thing_name_patterns=self._thing_name_patterns,
            ),
            invocation=INVOKED_BY_SECRETS_MANAGER,
        )
        permission = lambda_.CfnPermission(
            self,
            "RotationPermission",
            action="lambda:InvokeFunction",
            function_name=function.arn,
            principal="secretsmanager.amazonaws.com",
            source_account=Stack.of(self).account,
            source_arn=secret.secret_arn,
        )
        schedule = secretsmanager.CfnRotationSchedule(
            self,
            "Rotation",
            secret_id=secret.secret_arn,
            rotation_lambda_arn=function.arn,
            rotate_immediately_on_update=False,
            rotation_rules=secretsmanager.CfnRotationSchedule.RotationRulesProperty(
                automatically_after_days=days
            ),
        )
        # Secrets Manager lets the function connect with the first claim at once.
        schedule.node.add_dependency(permission, self._resource, self._attachment)

    def _attach_policy(self) -> CfnResource:
        # Its own class takes the ARN as a string only, to make which is one more question.
        return CfnResource(
            self,
            "PolicyAttachment",
            type="AWS::IoT::PolicyPrincipalAttachment",
            properties={"PolicyName": self._policy_name, "Principal": self._certificate},
        )


def _thing_names(template: ProvisioningTemplateBase) -> Sequence[str]:
    body = getattr(template, "body", None)
    return touched_resources(body.document).things if body else ()
