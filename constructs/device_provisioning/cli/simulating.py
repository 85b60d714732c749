"""From what the command line asks for to an exit status."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..aws_iot import TemplateType
from ..aws_iot.evaluation import CompiledTemplate, Result, compile_template
from .body_choice import ChosenBody, choose_body
from .devices import Device, Devices, parse_device
from .existing_things import read_existing_things
from .hook_in_the_loop import HookInTheLoop
from .interruption import Interruption
from .iotda_simulation import read_iotda_template
from .lint import BodyType
from .problems import BAD_INPUT
from .simulate import DEVICES_FAILED, INTERRUPTED
from .simulation import SimulatedOutcome, Simulator, Tally, simulate_devices
from .sources import UnreadableError, is_same_file
from .subject import iotda_parameters, subject_parameters
from .summary import progress_bar, write_problems, write_summary


@dataclass(frozen=True)
class Request:
    """What the command line asks for: see the options of ``simulate``."""

    template: str
    body_type: BodyType
    resource: str | None
    device: tuple[str, ...]
    devices: str | None
    certificate: str | None
    hook: str | None
    existing: str | None
    out: str | None


def run(request: Request) -> int:
    """Simulate; the exit status.

    Raises:
        UnreadableError: If anything that is given cannot be used.
    """
    outcome = _iotda_outcome(request) if request.body_type is BodyType.IOTDA else _outcome(request)
    source = _devices(request)
    tally, started = Tally(), time.monotonic()
    lines = source.lines if isinstance(source, Devices) else None
    problem = None
    with (
        Interruption() as interruption,
        _output(request) as write,
        progress_bar(lines, tally, wanted=request.out is not None or not sys.stdout.isatty()) as move,
    ):
        batch = 1 if request.hook else 500
        try:
            simulate_devices(source, outcome, write, tally, interruption, batch=batch, told=move)
        except UnreadableError as error:
            problem = error
    return _finish(
        request, tally, time.monotonic() - started, interrupted=interruption.asked, problem=problem
    )


def _finish(
    request: Request, tally: Tally, seconds: float, *, interrupted: bool, problem: UnreadableError | None
) -> int:
    write_summary(tally, seconds)
    write_problems(request.devices or "", tally)
    if problem:
        raise problem
    if interrupted:
        place = f", up to line {tally.last_line} of {request.devices}" if request.devices else ""
        sys.stderr.write(f"interrupted after {tally.devices:,} devices{place}: their outcomes are complete\n")
        return INTERRUPTED
    if not tally.devices:
        raise UnreadableError(f"{request.devices}: holds no device")
    if tally.unreadable:
        return BAD_INPUT
    return DEVICES_FAILED if tally.results[Result.FAILED] else 0


def _devices(request: Request) -> list[Device] | Devices:
    given = [option for option in (request.device, request.devices, request.certificate) if option]
    if len(given) != 1:
        raise UnreadableError(
            f"{'several' if given else 'none'} of --device, --devices and --certificate are given: give one"
        )
    if request.devices:
        return Devices(request.devices)
    if request.certificate:
        read = iotda_parameters if request.body_type is BodyType.IOTDA else subject_parameters
        return [Device(None, read(request.certificate))]
    return [parse_device(request.device)]


def _iotda_outcome(request: Request) -> Callable[[Device], SimulatedOutcome]:
    options = {"--hook": request.hook, "--existing": request.existing, "--resource": request.resource}
    given = [name for name, value in options.items() if value]
    if given:
        raise UnreadableError(f"{' and '.join(given)} can't be given: templates of IoTDA have no such thing")
    return read_iotda_template(request.template)


def _outcome(request: Request) -> Callable[[Device], SimulatedOutcome]:
    body, template = _template(request)
    hook = HookInTheLoop(request.hook) if request.hook else None
    existing = read_existing_things(request.existing) if request.existing else {}
    if body.has_hook and not hook:
        sys.stderr.write("the template's pre-provisioning hook is not asked: --hook MODULE:FUNCTION does\n")
    return Simulator(template, existing, hook).outcome


def _template(request: Request) -> tuple[ChosenBody, CompiledTemplate]:
    try:
        body = choose_body(request.template, request.body_type.template_type, request.resource)
        template = compile_template(body.document, body.template_type)
    except ValueError as error:
        lines = str(error).splitlines()
        raise UnreadableError("\n".join(f"{request.template}: {line}" for line in lines)) from None
    kind = body.template_type
    if request.certificate and kind is not TemplateType.JITP:
        raise UnreadableError(f"--certificate is for templates of type jitp, and this one is of type {kind}")
    if request.hook and kind is not TemplateType.FLEET_PROVISIONING:
        raise UnreadableError(f"--hook is for templates of type fleet, and this one is of type {kind}")
    return body, template


@contextmanager
def _output(request: Request) -> Iterator[Callable[[bytes], object]]:
    inputs = (request.template, request.devices, request.certificate, request.existing)
    if request.out and any(given and is_same_file(given, request.out) for given in inputs):
        raise UnreadableError(
            f"{request.out}: is read here, so the outcomes can't go there: give another file"
        )
    try:
        with _opened(request.out) as file:
            yield file.write
            file.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise UnreadableError(f"{request.out or 'standard output'}: cannot be written: {reason}") from None


def _opened(name: str | None) -> AbstractContextManager[BinaryIO]:
    return Path(name).open("wb") if name else nullcontext(sys.stdout.buffer)
