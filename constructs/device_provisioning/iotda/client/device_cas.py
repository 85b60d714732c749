"""Device CA certificates on an instance.

https://support.huaweicloud.com/intl/en-us/api-iothub/UpdateCertificate.html
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from .errors import IotdaError, LimitReachedError
from .pages import listed
from .sdk import Caller

MAX_DEVICE_CAS = 100


class CertificateIdentity(NamedTuple):
    """What IoTDA lists about a certificate and what distinguishes it from others.

    Args:
        cn_name: The common name of its subject.
        effective_date: When it becomes valid, such as ``20260101T000000Z``.
        expiry_date: When it ends to be valid, in the same form.
    """

    cn_name: str
    effective_date: str
    expiry_date: str


class DeviceCas:
    """The device CA certificates of an instance, ``device_cas`` of an ``IotdaClient``.

    Args:
        ask: Calls an operation of IoTDA.
    """

    def __init__(self, ask: Caller) -> None:
        self._ask = ask

    def all(self) -> Iterator[dict[str, Any]]:
        """All of them."""
        return listed(self._ask, "list_certificates", "certificates")

    def add(self, content: str, identity: CertificateIdentity, app_id: str | None = None) -> dict[str, Any]:
        """Upload a CA certificate; done already is fine.

        Args:
            content: The certificate in PEM.
            identity: What the certificate says of itself, by which a lost answer is made up for.
            app_id: The resource space; the instance's default one by default.

        Returns:
            The certificate as IoTDA answers it: ``certificate_id``, ``verify_code`` and on.

        Raises:
            LimitReachedError: If the instance has 100; nothing is sent then.
            IotdaError: If IoTDA refuses, or does not answer.
        """
        existing = list(self.all())
        if found := _identified(existing, identity):
            return found
        if len(existing) >= MAX_DEVICE_CAS:
            raise LimitReachedError(
                f"the instance has {len(existing)} device CA certificates and takes no more than"
                f" {MAX_DEVICE_CAS}",
                "delete one that is not used",
            )
        body = {"content": content} if app_id is None else {"content": content, "app_id": app_id}
        try:
            return self._ask("add_certificate", body=body, repeat_if=lambda: not self.find(identity))
        except IotdaError:
            # Also when it is refused: somebody else may have added it meanwhile.
            made = self.find(identity)
            if made is None:
                raise
        return made

    @contextmanager
    def added(
        self, content: str, identity: CertificateIdentity, app_id: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Upload a CA certificate as ``add`` does, and delete it when what follows fails.

        A certificate that was there before stays.

        Raises:
            IotdaError: If IoTDA refuses, or does not answer, now or in what follows.
        """
        was_there = self.find(identity)
        made = self.add(content, identity, app_id)
        try:
            yield made
        except IotdaError:
            if not was_there:
                with suppress(IotdaError):
                    self.delete(made["certificate_id"])
            raise

    def find(self, identity: CertificateIdentity) -> dict[str, Any] | None:
        """The certificate that says this of itself; ``None`` if there is none."""
        return _identified(self.all(), identity)

    def show(self, certificate_id: str) -> dict[str, Any] | None:
        """A certificate; ``None`` if it is gone, which only the list is documented to show."""
        return next((each for each in self.all() if each["certificate_id"] == certificate_id), None)

    def bound_to(self, template_id: str) -> list[dict[str, Any]]:
        """Those that a template is bound to."""
        return [each for each in self.all() if each.get("template_id") == template_id]

    def settle(
        self,
        certificate_id: str,
        *,
        verification_certificate: str | None = None,
        template_id: str | None = None,
        provision_enable: bool = True,
    ) -> dict[str, Any]:
        """Bring a CA certificate to the state that is wanted; what is so already is left alone.

        A template is bound once the CA is verified. Until then the CA waits for its verification certificate,
        because only an uploaded CA has a verify code.

        Args:
            certificate_id: The CA certificate.
            verification_certificate: What ``verify`` takes; the CA stays unverified without one.
            template_id: The template to bind; none by default, and one that is bound is unbound.
            provision_enable: Whether devices register through the template; yes by default.

        Returns:
            The certificate as it is then: ``status`` says whether it is verified.

        Raises:
            IotdaError: If the CA is gone, or IoTDA refuses, or does not answer.
        """
        authority = self._existing(certificate_id)
        if verification_certificate and not authority["status"]:
            self.verify(certificate_id, verification_certificate)
            authority = self._existing(certificate_id)
        if template_id is None:
            if authority.get("template_id"):
                self.unbind(certificate_id)
        elif authority["status"] and _binding(authority) != (template_id, provision_enable):
            self.bind(certificate_id, template_id, provision_enable=provision_enable)
        return self._existing(certificate_id)

    def _existing(self, certificate_id: str) -> dict[str, Any]:
        authority = self.show(certificate_id)
        if authority is None:
            raise IotdaError(f"there is no device CA certificate {certificate_id}", "upload it once more")
        return authority

    def verify(self, certificate_id: str, verify_content: str) -> None:
        """Show that the CA's key is yours.

        Args:
            certificate_id: The CA certificate.
            verify_content: A certificate in PEM that the CA signed and whose common name is the verify code.
        """
        body = {"verify_content": verify_content}
        self._ask("check_certificate", certificate_id=certificate_id, action_id="verify", body=body)

    def bind(self, certificate_id: str, template_id: str, *, provision_enable: bool = True) -> None:
        """Bind a template, and let the CA's devices register through it."""
        body = {"template_id": template_id, "provision_enable": provision_enable}
        self._ask("update_certificate", certificate_id=certificate_id, body=body)

    def unbind(self, certificate_id: str) -> None:
        """Bind no template any more, and let no more devices register."""
        # JSON null unbinds, a field left out changes nothing: the SDK's model could only do the latter.
        body = {"template_id": None, "provision_enable": False}
        self._ask("update_certificate", certificate_id=certificate_id, body=body)

    def delete(self, certificate_id: str) -> None:
        """Unbind and delete a certificate; gone already is fine."""
        authority = self.show(certificate_id)
        if authority is None:
            return
        if authority.get("template_id"):
            self.unbind(certificate_id)
        try:
            self._ask("delete_certificate", certificate_id=certificate_id)
        except IotdaError:
            if self.show(certificate_id):
                raise


def _binding(authority: dict[str, Any]) -> tuple[str | None, bool]:
    return authority.get("template_id"), bool(authority.get("provision_enable"))


def _identified(authorities: Any, identity: CertificateIdentity) -> dict[str, Any] | None:
    fields = CertificateIdentity._fields
    return next((each for each in authorities if tuple(each.get(name) for name in fields) == identity), None)
