"""The configuration of a Greengrass core device and the claim that belongs to it, as files."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ..aws_iot.limits import THING_NAME
from ..console.aws_calls import AwsCalls
from ..console.deployed import outputs_of_stack, secret_of
from ..console.new_files import require_new, write_all_new
from ..console.output_files import SECRET
from ..console.sources import UnreadableError
from ..greengrass import Enrolment, IotEndpoints, NucleusSettings, nucleus_config
from ..greengrass.nucleus_settings import TPM_HANDLE

CLAIM_FILES = {"certificatePem": "claim.pem.crt", "privateKey": "claim.private.pem.key"}


@dataclass(frozen=True)
class Request:
    """What the verb was asked for.

    Args:
        stack_name: The deployed stack, or a file of its outputs.
        core_name: The thing name of the core.
        out: Where to write the configuration; the claim is written beside it.
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
    """Write the files of one core and give their names; nothing is overwritten.

    Raises:
        UnreadableError: If anything that it takes can't be read, does not fit together, or can't be written.
    """
    _require_names(request)
    settings = _settings(request)
    enrolment = _enrolment(request)
    try:
        document = nucleus_config(enrolment, _endpoints(), request.core_name, settings)
    except ValueError as error:
        raise UnreadableError(str(error)) from None
    claim = {} if settings.claim_key.startswith(TPM_HANDLE) else _claim(enrolment)
    files = {request.out.parent / name: content.encode() for name, content in claim.items()}
    # Cores of one fleet may have their claim in common.
    new = {path: content for path, content in files.items() if not _holds(path, content)}
    new[request.out] = yaml.safe_dump(document, sort_keys=False).encode()
    write_all_new(new, SECRET)
    return list(new)


def _require_names(request: Request) -> None:
    problems = []
    if problem := THING_NAME.problem(request.core_name):
        problems.append(f"--core {request.core_name!r} {problem}: give a thing name")
    if request.out.name in CLAIM_FILES.values():
        problems.append(f"--out {request.out}: is where the claim goes: give the configuration another name")
    if problems:
        raise UnreadableError("\n".join(problems))
    require_new([request.out])


def _holds(path: Path, content: bytes) -> bool:
    try:
        return not path.is_symlink() and path.read_bytes() == content
    except OSError:
        return False


def _settings(request: Request) -> NucleusSettings:
    proxy: dict[str, str] = dict(request.proxy)
    if request.proxy_password_secret:
        proxy["password"] = secret_of(request.proxy_password_secret)
    try:
        return NucleusSettings.model_validate({**request.settings, **({"proxy": proxy} if proxy else {})})
    except ValidationError as error:
        # Only the messages: the values may hold the password.
        raise UnreadableError("\n".join(problem["msg"] for problem in error.errors())) from None


def _enrolment(request: Request) -> Enrolment:
    fleets = outputs_of_stack(request.stack_name, Enrolment)
    own = [fleet for fleet in fleets if request.core_name.startswith(fleet.thing_name_prefix)]
    if not own:
        prefixes = ", ".join(repr(fleet.thing_name_prefix) for fleet in fleets)
        raise UnreadableError(
            f"the core {request.core_name!r} does not belong to a fleet of {request.stack_name}: names begin"
            f" with {prefixes}"
        )
    return max(own, key=lambda fleet: len(fleet.thing_name_prefix))


def _endpoints() -> IotEndpoints:
    calls = AwsCalls("the endpoints of AWS IoT")
    data, credentials = (
        str(calls.call("describe_endpoint", endpointType=kind)["endpointAddress"])
        for kind in ("iot:Data-ATS", "iot:CredentialProvider")
    )
    return IotEndpoints(data, credentials)


def _claim(enrolment: Enrolment) -> dict[str, str]:
    if enrolment.claim_secret_arn is None:
        return {}
    stored = _stored(enrolment.claim_secret_arn)
    missing = [key for key in CLAIM_FILES if not isinstance(stored.get(key), str)]
    if missing:
        raise UnreadableError(
            f"the secret {enrolment.claim_secret_arn} has no {' and no '.join(missing)}: it has to hold a"
            f" claim as an object with {' and '.join(CLAIM_FILES)}"
        )
    return {name: stored[key] for key, name in CLAIM_FILES.items()}


def _stored(secret: str) -> dict[str, Any]:
    """What a secret holds; of one that is not a JSON object nothing is shown."""
    try:
        stored = json.loads(secret_of(secret))
    except ValueError as error:
        if isinstance(error, UnreadableError):
            raise
        stored = None
    if not isinstance(stored, dict):
        raise UnreadableError(f"the secret {secret} is not a JSON object: it has to hold a claim certificate")
    return stored
