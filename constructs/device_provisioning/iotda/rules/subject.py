"""What the rules of IoTDA check: a template with what surrounds it, and a device CA."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...aws_iot.rules.body import Located
from ...aws_iot.statements import Document
from ...aws_iot.unresolved import is_unresolved

PAGES = "https://support.huaweicloud.com/intl/en-us/api-iothub/"
CREATE = f"{PAGES}CreateProvisioningTemplate.html"
REQUEST_FIELDS = ("template_name", "description", "template_body")


@dataclass(frozen=True)
class Context:
    """What surrounds a template; ``None`` where it is not known: the rules that need it stay silent.

    Args:
        template_name: Its name, if the body stands alone.
        description: Its description, if the body stands alone.
        has_device_ca: Whether a device CA certificate is bound to it.
        templates_on_instance: How many templates the instance would have, this one included.
        path: The place of the template, put in front of the paths of findings.
    """

    template_name: Any = None
    description: Any = None
    has_device_ca: bool | None = None
    templates_on_instance: int | None = None
    path: str = ""


@dataclass(frozen=True)
class Template:
    """A template as rules read it: tolerant of every form.

    Args:
        document: The create request or the body; empty if the text is none.
        context: What surrounds it.
        defect: Why the text is not a JSON object; ``None`` if it is one.
    """

    document: Document
    context: Context
    defect: str | None = None

    @property
    def is_request(self) -> bool:
        """Whether this is the body of a create request rather than a template body alone."""
        return any(name in self.document for name in REQUEST_FIELDS)

    @property
    def root(self) -> Located:
        """The whole document."""
        return Located(self.context.path, self.document)

    @property
    def body(self) -> Located:
        """The template body."""
        return self.root / "template_body" if self.is_request else self.root

    @property
    def device(self) -> Located:
        """The device resource."""
        return self.body / "resources" / "device"

    def setting(self, name: str) -> Located:
        """The name or the description: of the request, or of the context."""
        known = None if self.is_request else getattr(self.context, name)
        return self.root / name if self.is_request else Located(f"{self.context.path}/{name}", known)


@dataclass(frozen=True)
class DeviceCa:
    """The settings of a device CA certificate; ``None`` where one is left out.

    Args:
        content: The certificate in PEM.
        verification_certificate: A certificate in PEM that the CA signed for its verify code.
        has_template: Whether a template is bound.
        provision_enable: Whether devices register on their own.
        path: The place of the settings.
    """

    content: Any = None
    verification_certificate: Any = None
    has_template: bool = False
    provision_enable: Any = None
    path: str = ""


def is_object(place: Located) -> bool:
    """Whether a value is an object, or may turn out to be one."""
    return isinstance(place.value, Mapping) or is_unresolved(place.value)


def is_reference(value: Any) -> bool:
    """Whether a value has the form of a reference."""
    return isinstance(value, Mapping) and set(value) == {"ref"} and isinstance(value["ref"], str)


def references(place: Located) -> Iterator[Located]:
    """Every reference inside a value: the place of its name."""
    if is_reference(place.value):
        yield place / "ref"
    else:
        for inner in place.inner():
            yield from references(inner)
