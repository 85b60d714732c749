"""Parameters of a template body that only the allow list may give."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..attestation.proof import PROOF_PARAMETER
from .rules.body import Located, references
from .unresolved import is_unresolved


def listed_parameters(
    body: Mapping[str, Any], serial_number_parameter: str, device_parameters: Sequence[str] = ()
) -> list[str]:
    """The parameters that things, certificates and policies are made of, so that no device may choose them.

    What only ``DeviceConfiguration`` refers to goes back to the device, which may choose it.

    Args:
        body: The template body.
        serial_number_parameter: The parameter that carries the serial number, which the device sends.
        device_parameters: Parameters that a device may choose all the same; none by default.

    Raises:
        ValueError: If ``device_parameters`` has a name that the resources of the body do not refer to.

    Example:
        >>> thing = {"Type": "AWS::IoT::Thing", "Properties": {"ThingGroups": [{"Ref": "Site"}]}}
        >>> listed_parameters({"Resources": {"thing": thing}}, "SerialNumber")
        ['Site']
    """
    used = {name for _, name in references(Located("", body.get("Resources")))}
    chosen = {name for name in used if not name.startswith("AWS::") and not is_unresolved(name)}
    chosen.discard(serial_number_parameter)
    if unused := sorted(set(device_parameters) - chosen):
        raise ValueError(
            f"device_parameters has {', '.join(unused)}, which no resource of the body refers to: give"
            f" {' or '.join(sorted(chosen)) or 'none'}"
        )
    return sorted(chosen - set(device_parameters))


def require_agreeing_hook(
    body: Mapping[str, Any],
    hook_parameter: str,
    hook_listed: Sequence[str],
    device_parameters: Sequence[str] = (),
    *,
    attested: bool = False,
) -> None:
    """Refuse a hook of this library that reads other parameters than the template's devices send.

    Args:
        body: The template body.
        hook_parameter: The parameter in which the hook reads the serial number.
        hook_listed: The parameters that the hook takes from the list only.
        device_parameters: Parameters that a device may choose although its thing is made of them.
        attested: Whether the hook wants a proof; no by default.

    Raises:
        ValueError: If the body does not declare the hook's parameters, or the hook lets a device choose more.
    """
    declared = sorted(name for name in body.get("Parameters") or () if not name.startswith("AWS::"))
    if hook_parameter not in declared:
        raise ValueError(
            f"the hook reads {hook_parameter}, which the body does not declare: give the hook the parameter"
            f" with the serial number as serial_number_parameter: {' or '.join(declared) or 'there is none'}"
        )
    if attested and PROOF_PARAMETER not in declared:
        raise ValueError(
            f"the hook wants a proof in {PROOF_PARAMETER}, which the body does not declare: declare the"
            " parameter, as AWS documents nothing of what becomes of others"
        )
    listed = listed_parameters(body, hook_parameter, device_parameters)
    if missing := sorted(set(listed) - set(hook_listed)):
        raise ValueError(
            f"the hook lets a device choose {', '.join(missing)}, which its thing is made of: give the hook"
            f" listed_parameters={listed}, or device_parameters={missing} if devices may choose"
        )
