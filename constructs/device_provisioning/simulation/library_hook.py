"""The hook of this library as far as a template shows it: all that it decides before it reads the list."""

from collections.abc import Mapping
from dataclasses import replace

from ..attestation.proof import PROOF_PARAMETER
from ..aws_iot.evaluation import Failure, FailureReason, RefusedError
from ..aws_iot.unresolved import is_unresolved
from ..cloudformation.library_hooks import hook_environment
from ..fleet.attestation import with_attestation
from ..fleet.hook_settings import WHERE_THE_PATTERN_IS_SET
from ..lambdas.pre_provisioning_hook.reasons import Denied, Reason
from ..lambdas.pre_provisioning_hook.request import read_request
from ..lambdas.pre_provisioning_hook.settings import InvalidSettings, Settings
from .body_choice import ChosenBody

_TABLE = "ALLOW_LIST_TABLE_NAME"


class LibraryHook:
    """The hook with the settings that it is deployed with, and without its list.

    Args:
        settings: Its settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def serial_number_parameter(self) -> str:
        """The parameter that carries the serial number."""
        return self._settings.serial_number_parameter

    @property
    def listed_parameters(self) -> list[str]:
        """The parameters that only the list gives; what a device supplies stands for what the list says."""
        return sorted(self._settings.listed_parameters)

    def overrides(self, parameters: Mapping[str, str]) -> Mapping[str, str | None]:
        """Nothing, as the list is not known.

        A device that supplies no proof proves itself when it has its certificate.

        Raises:
            RefusedError: If the hook denies whatever the list says.
        """
        proves = PROOF_PARAMETER in parameters
        settings = self._settings if proves else replace(self._settings, attestation=None)
        try:
            read_request({"parameters": parameters, "certificateId": "0" * 64}, settings)
        except Denied as denial:
            raise RefusedError(self._failure(str(denial), parameters)) from None
        return {}

    def _failure(self, reason: str, parameters: Mapping[str, str]) -> Failure:
        if reason != Reason.MALFORMED_SERIAL_NUMBER:
            return Failure(FailureReason.ACCESS_DENIED, "", f"the hook denies: {reason}")
        pattern = self._settings.serial_number_pattern.pattern
        problem = f"the hook denies: {reason}: {pattern!r} does not match it, see {WHERE_THE_PATTERN_IS_SET}"
        given = parameters.get(self._settings.serial_number_parameter)
        return Failure(FailureReason.ACCESS_DENIED, "", problem, given)


def library_hook(chosen: ChosenBody) -> LibraryHook | None:
    """The hook of a template; ``None`` if it is another one, or its settings are not known before deployment.

    Args:
        chosen: The template.
    """
    hook = chosen.found.context.hook if chosen.found else None
    found = hook_environment(chosen.stack or {}, hook.function_path) if hook else None
    variables = None if found is None else with_attestation(found)
    if variables is None or any(is_unresolved(text) for name, text in variables.items() if name != _TABLE):
        return None
    try:
        return LibraryHook(Settings.from_environment(variables))
    except InvalidSettings:
        return None
