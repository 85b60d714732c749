"""Pre-provisioning templates on an instance.

https://support.huaweicloud.com/intl/en-us/api-iothub/CreateProvisioningTemplate.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .device_cas import DeviceCas
from .errors import ConflictError, IotdaError, LimitReachedError
from .pages import listed
from .sdk import Caller

MAX_TEMPLATES = 10


class Templates:
    """The templates of an instance, ``templates`` of an ``IotdaClient``.

    Args:
        ask: Calls an operation of IoTDA.
        device_cas: The device CAs of the same instance, which templates are bound to.
    """

    def __init__(self, ask: Caller, device_cas: DeviceCas) -> None:
        self._ask = ask
        self._device_cas = device_cas

    def create(
        self, template_name: str, template_body: Mapping[str, Any], description: str | None = None
    ) -> dict[str, Any]:
        """Create a template; done already is fine.

        A create whose answer was lost finds its template by name instead of making a second one.

        Args:
            template_name: The name, which can't be changed afterwards.
            template_body: The body.
            description: A description; none by default.

        Returns:
            The template as IoTDA answers it: ``template_id`` and on.

        Raises:
            ConflictError: If there is a template of that name with another body or description.
            LimitReachedError: If the instance has 10 templates; nothing is sent then.
            IotdaError: If IoTDA refuses, or does not answer.
        """
        existing = list(listed(self._ask, "list_provisioning_templates", "templates"))
        if template := _first(existing, template_name):
            return self._own(template["template_id"], template_name, template_body, description)
        if len(existing) >= MAX_TEMPLATES:
            raise _full(existing)
        body = {"template_name": template_name, "template_body": dict(template_body)}
        if description is not None:
            body["description"] = description
        try:
            made = self._ask(
                "create_provisioning_template", body=body, repeat_if=lambda: not self.find(template_name)
            )
        except IotdaError as error:
            found = self.find(template_name) if error.may_have_worked else None
            if found is None:
                raise
            return self.show(found["template_id"])
        first = self.find(template_name) or made
        if first["template_id"] == made["template_id"]:
            return made
        self.delete(made["template_id"])
        return self._own(first["template_id"], template_name, template_body, description)

    def find(self, template_name: str) -> dict[str, Any] | None:
        """The id, name and description of the first template of a name; ``None`` if there is none."""
        found = listed(self._ask, "list_provisioning_templates", "templates", template_name=template_name)
        return _first(found, template_name)

    def show(self, template_id: str) -> dict[str, Any]:
        """The whole template.

        Raises:
            IotdaError: If there is none.
        """
        return self._ask("show_provisioning_template", template_id=template_id)

    def exists(self, template_id: str) -> bool:
        """Whether there is a template: how IoTDA answers for one that is gone is not documented."""
        templates = listed(self._ask, "list_provisioning_templates", "templates")
        return any(template["template_id"] == template_id for template in templates)

    def update(
        self, template_id: str, template_body: Mapping[str, Any], description: str | None = None
    ) -> dict[str, Any]:
        """Change body and description in place; without a description the template has none.

        Devices that registered through it may have to authenticate again, according to the user guide.
        """
        body = {"template_body": dict(template_body), "description": description or ""}
        return self._ask("update_provisioning_template", template_id=template_id, body=body)

    def delete(self, template_id: str) -> None:
        """Unbind the template from its device CA certificates and delete it; gone already is fine."""
        for authority in self._device_cas.bound_to(template_id):
            self._device_cas.unbind(authority["certificate_id"])
        try:
            self._ask("delete_provisioning_template", template_id=template_id)
        except IotdaError:
            if self.exists(template_id):
                raise

    def _own(
        self, template_id: str, name: str, body: Mapping[str, Any], description: str | None
    ) -> dict[str, Any]:
        template = self.show(template_id)
        is_described_so = (template.get("description") or "") == (description or "")
        if not (is_described_so and is_same_body(template.get("template_body"), body)):
            raise ConflictError(
                f"there is a template {name!r} with another body or description, {template_id}",
                "choose another name, or delete it or import it if it is yours",
            )
        return template


def _first(templates: Iterable[dict[str, Any]], template_name: str) -> dict[str, Any] | None:
    """The earliest template of a name: of those that ask at once all agree on it, the others go."""
    # Whether IoTDA filters by the whole name is not documented.
    named = [template for template in templates if template["template_name"] == template_name]
    return min(named, key=lambda each: (each["create_time"], each["template_id"]), default=None)


def is_same_body(answered: Any, sent: Any) -> bool:
    """Whether an answered value is the sent one, whether or not tags are answered: the page drops them.

    Args:
        answered: What IoTDA answered.
        sent: What was sent.
    """
    if not isinstance(answered, Mapping) or not isinstance(sent, Mapping):
        return bool(answered == sent)
    left_out = set(sent) - set(answered)
    unknown = set(answered) - set(sent)
    return (
        not unknown
        and left_out <= {"tags"}
        and all(is_same_body(answered[key], sent[key]) for key in answered)
    )


def _full(existing: list[dict[str, Any]]) -> LimitReachedError:
    names = ", ".join(template["template_name"] for template in existing)
    return LimitReachedError(
        f"the instance has {len(existing)} templates and takes no more than {MAX_TEMPLATES}: {names}",
        "delete one that is not used, or use parameters in place of templates",
    )
