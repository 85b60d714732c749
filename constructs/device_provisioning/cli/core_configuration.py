"""The configuration of a Greengrass core device and the claim that belongs to it, as files."""

import json
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from ..greengrass import Enrolment, IotEndpoints, NucleusSettings, nucleus_config
from ..greengrass.nucleus_settings import TPM_HANDLE
from .deployed import DeployedError, client, outputs_of_stack, secret_of, told, write_private

CLAIM_FILES = {"certificatePem": "claim.pem.crt", "privateKey": "claim.private.pem.key"}


@dataclass(frozen=True)
class Request:
    """What the verb was asked for.

    Args:
        stack_name: The deployed stack, or a file of its outputs.
        core_name: The thing name of the core.
        out: Where the configuration goes; the claim goes beside it.
        settings: Settings of the core, by their names.
        proxy: Settings of its proxy, by their names; empty for none.
        proxy_password_secret: The secret that holds the proxy's password; none for none.
    """

    stack_name: str
    core_name: str
    out: Path
    settings: dict[str, object]
    proxy: dict[str, str]
    proxy_password_secret: str | None


def write_configuration(request: Request) -> list[Path]:
    """Write the files of one core and tell which they are.

    Raises:
        DeployedError: If anything that it takes can't be read, does not fit together, or can't be written.
    """
    settings = _settings(request)
    enrolment = _enrolment(request)
    try:
        document = nucleus_config(enrolment, _endpoints(), request.core_name, settings)
    except ValueError as error:
        raise DeployedError(str(error)) from None
    claim = {} if settings.claim_key.startswith(TPM_HANDLE) else _claim(enrolment)
    files = {request.out.parent / name: content.encode() for name, content in claim.items()}
    files[request.out] = yaml.safe_dump(document, sort_keys=False).encode()
    for path, content in files.items():
        write_private(path, content)
    return list(files)


def _settings(request: Request) -> NucleusSettings:
    proxy: dict[str, str] = dict(request.proxy)
    if request.proxy_password_secret:
        proxy["password"] = secret_of(request.proxy_password_secret)
    try:
        return NucleusSettings.model_validate({**request.settings, **({"proxy": proxy} if proxy else {})})
    except ValidationError as error:
        # Only the messages: the values may hold the password.
        raise DeployedError("\n".join(problem["msg"] for problem in error.errors())) from None


def _enrolment(request: Request) -> Enrolment:
    fleets = outputs_of_stack(request.stack_name, Enrolment)
    own = [fleet for fleet in fleets if request.core_name.startswith(fleet.thing_name_prefix)]
    if not own:
        prefixes = ", ".join(repr(fleet.thing_name_prefix) for fleet in fleets)
        raise DeployedError(
            f"the core {request.core_name!r} is of no fleet of {request.stack_name}: names begin"
            f" with {prefixes}"
        )
    return max(own, key=lambda fleet: len(fleet.thing_name_prefix))


def _endpoints() -> IotEndpoints:
    iot = client("iot")
    with told():
        data, credentials = (
            iot.describe_endpoint(endpointType=kind)["endpointAddress"]
            for kind in ("iot:Data-ATS", "iot:CredentialProvider")
        )
    return IotEndpoints(data, credentials)


def _claim(enrolment: Enrolment) -> dict[str, str]:
    if enrolment.claim_secret_arn is None:
        return {}
    stored = json.loads(secret_of(enrolment.claim_secret_arn))
    return {name: stored[key] for key, name in CLAIM_FILES.items()}
