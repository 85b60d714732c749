"""From what the command line asks for to an exit status."""

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from ..allow_list.device_rows import SERIAL_NUMBER_PARAMETER, DeviceRows
from ..allow_list.normalisation import Normalisation
from ..aws_iot import TemplateType
from ..aws_iot.evaluation import CompiledTemplate, ExistingThing, Result, compile_template
from ..certificates.subject import iotda_parameters, subject_parameters
from ..console.devices import Device, parse_device
from ..console.exit_status import BAD_INPUT, FAILED, INTERRUPTED
from ..console.interruption import Interruption
from ..console.output_files import OutputFile, UnwritableError
from ..console.sources import STANDARD_INPUT, UnreadableError, is_same_file, require_one_standard_input
from ..console.standard_output import StandardOutput, output
from ..lint.body_type import BodyType
from .body_choice import ChosenBody, choose_branches, distinct
from .branches import AskedOnce, in_every_branch, parse_conditions, written
from .existing_things import read_existing_things
from .hook_in_the_loop import HookInTheLoop
from .iotda_simulation import read_iotda_template
from .library_hook import LibraryHook, library_hook
from .refusals import broken_around, refusals_of
from .simulator import Hook, SimulatedOutcome, Simulator, Tally, simulate_devices
from .summary import progress_bar, write_problems, write_summary
from .workers import FEW, Workers, cores


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
    workers: int | None = None
    conditions: tuple[str, ...] = ()
    normalise: tuple[Normalisation, ...] = ()


class _Provisioner(NamedTuple):
    """Works out the outcome of a device; ``ahead_of`` may read devices before it is their turn."""

    outcome: Callable[[Device], SimulatedOutcome]
    ahead_of: Callable[[Iterable[Device]], Iterable[Device]] = iter
    serial_number_parameter: str = SERIAL_NUMBER_PARAMETER


def run(request: Request) -> int:
    """Simulate; the exit status.

    Raises:
        UnreadableError: If anything that is given cannot be used.
    """
    require_one_standard_input(request.template, request.devices, request.existing)
    with ExitStack() as stack:
        is_iotda = request.body_type is BodyType.IOTDA
        provisioner = _Provisioner(_iotda_outcome(request)) if is_iotda else _provisioner(request, stack)
        return _run(request, provisioner)


def _run(request: Request, provisioner: _Provisioner) -> int:
    source = _devices(request, provisioner.serial_number_parameter)
    workers = _workers(request)
    tally, started = Tally(), time.monotonic()
    with Interruption() as interruption, _output(request) as file:
        problem = _simulate(request, source, provisioner, workers, file.write, tally, interruption)
        if not tally.devices and not interruption.asked:
            raise problem or UnreadableError(f"{request.devices}: contains no devices")
        kept = file.keep_apart() if problem or interruption.asked else None
    write_summary(tally, time.monotonic() - started)
    write_problems(request.devices or "", tally)
    place = f"in {kept}, and {request.out} is as it was" if kept else "complete"
    if problem:
        raise UnreadableError(f"the outcomes up to there are {place}\n{problem}" if kept else str(problem))
    if interruption.asked:
        _report_interruption(request, tally, place)
        return INTERRUPTED
    if tally.unreadable:
        return BAD_INPUT
    return FAILED if tally.results[Result.FAILED] else 0


def _simulate(
    request: Request,
    source: list[Device] | DeviceRows,
    provisioner: _Provisioner,
    workers: int,
    write: Callable[[bytes], object],
    tally: Tally,
    interruption: Interruption,
) -> UnreadableError | None:
    """Simulate every device; what is wrong with the first that can't be read further."""
    lines = source.lines if isinstance(source, DeviceRows) else None
    batch = 1 if request.hook else 500
    with progress_bar(lines, tally, wanted=request.out is not None or not sys.stdout.isatty()) as move:
        try:
            devices = iter(source)
            simulate_devices(
                islice(devices, FEW) if workers > 1 else devices,
                provisioner.outcome,
                write,
                tally,
                interruption,
                ahead_of=provisioner.ahead_of,
                batch=batch,
                after_write=move,
            )
            further = next(devices, None) if workers > 1 and not interruption.asked else None
            if further:
                with Workers(workers, partial(_outcome_of, request)) as several:
                    several.simulate(chain([further], devices), write, tally, interruption, move)
        except UnwritableError:
            raise
        except UnreadableError as error:
            return error
        except KeyboardInterrupt:
            interruption.asked = True
    return None


def _report_interruption(request: Request, tally: Tally, place: str) -> None:
    line = f", up to line {tally.last_line} of {request.devices}" if request.devices else ""
    sys.stderr.write(f"interrupted after {tally.devices:,} devices{line}: their outcomes are {place}\n")


def _devices(request: Request, serial_number_parameter: str) -> list[Device] | DeviceRows:
    given = [option for option in (request.device, request.devices, request.certificate) if option]
    if len(given) != 1:
        raise UnreadableError(
            f"{'several' if given else 'none'} of --device, --devices and --certificate are given: give one"
        )
    if request.normalise and not request.devices:
        raise UnreadableError("--normalise is for the serial numbers of --devices: give both")
    if request.devices:
        return DeviceRows(request.devices, serial_number_parameter, request.normalise)
    if request.certificate:
        read = iotda_parameters if request.body_type is BodyType.IOTDA else subject_parameters
        return [Device(None, read(request.certificate))]
    return [parse_device(request.device)]


def _workers(request: Request) -> int:
    alone = None
    if request.hook:
        alone = "a hook is asked about one device after the other"
    elif "-" in (request.template, request.existing):
        alone = "only one process can read standard input"
    if alone and request.workers not in (None, 1):
        raise UnreadableError(f"--workers {request.workers}: {alone}: give --workers 1")
    return 1 if alone else request.workers or cores()


def _iotda_outcome(request: Request) -> Callable[[Device], SimulatedOutcome]:
    options: Mapping[str, object] = {
        "--hook": request.hook,
        "--existing": request.existing,
        "--resource": request.resource,
        "--condition": request.conditions,
    }
    given = [name for name, value in options.items() if value]
    if given:
        raise UnreadableError(f"{' and '.join(given)} can't be given: IoTDA templates do not support that")
    return read_iotda_template(request.template)


def _provisioner(request: Request, stack: ExitStack) -> _Provisioner:
    templates = _templates(request)
    if len(templates) > 1:
        sys.stderr.write(f"{_what_is_tried([body for body, _ in templates])}\n")
    if broken := sorted({code for body, _ in templates for code in broken_around(body)}):
        sys.stderr.write(f"{request.template}: around the body, lint finds errors: {', '.join(broken)}\n")
    known = next(filter(None, (library_hook(body) for body, _ in templates)), None)
    parameter = known.serial_number_parameter if known else SERIAL_NUMBER_PARAMETER
    if request.hook:
        asked = stack.enter_context(HookInTheLoop(request.hook))
        ahead_of = asked.ahead_of if _is_complete(request.devices) else iter
        return _Provisioner(_outcomes(request, templates, AskedOnce(asked)), ahead_of, parameter)
    body = next((body for body, _ in templates if body.has_hook), None)
    if body:
        sys.stderr.write(f"{_what_is_not_asked(library_hook(body))}\n")
    return _Provisioner(_outcomes(request, templates), serial_number_parameter=parameter)


def _outcomes(
    request: Request, templates: Sequence[tuple[ChosenBody, CompiledTemplate]], asked: Hook | None = None
) -> Callable[[Device], SimulatedOutcome]:
    """What becomes of a device; without a hook that is asked, what each branch shows of its own counts."""
    existing = _existing(request)
    return in_every_branch(
        [
            (
                body.conditions,
                Simulator(template, existing, asked or library_hook(body), refusals_of(body)).outcome,
            )
            for body, template in templates
        ]
    )


def _what_is_tried(branches: Sequence[ChosenBody]) -> str:
    named = "; ".join(written(branch.conditions) for branch in branches)
    return f"the body depends on conditions, and each device is tried with each: {named}: --condition chooses"


def _is_complete(devices: str | None) -> bool:
    """Whether no device is still to be written: whoever streams a list may wait for an outcome."""
    return devices is not None and devices != STANDARD_INPUT and Path(devices).is_file()


def _outcome_of(request: Request) -> Callable[[Device], SimulatedOutcome]:
    """The outcomes that a worker works out, as the process that began it would."""
    if request.body_type is BodyType.IOTDA:
        return _iotda_outcome(request)
    return _outcomes(request, _templates(request))


def _existing(request: Request) -> Mapping[str, ExistingThing]:
    return read_existing_things(request.existing) if request.existing else {}


def _what_is_not_asked(hook: Hook | None) -> str:
    if not isinstance(hook, LibraryHook):
        return "the template's pre-provisioning hook was not run: give --hook MODULE:FUNCTION to run it"
    listed = ", ".join(hook.listed_parameters)
    values = f"; only the list gives {listed}: what a device supplies stands in for the list's value"
    return f"the hook's settings are applied, but its list is not read{values if listed else ''}"


def _templates(request: Request) -> list[tuple[ChosenBody, CompiledTemplate]]:
    """The body in every branch in which it is another one."""
    conditions = parse_conditions(request.conditions)
    try:
        branches = distinct(
            choose_branches(request.template, request.body_type.template_type, request.resource, conditions)
        )
        templates = [(body, compile_template(body.document, body.template_type)) for body in branches]
    except ValueError as error:
        lines = str(error).splitlines()
        raise UnreadableError("\n".join(f"{request.template}: {line}" for line in lines)) from None
    for body in branches:
        _require_fitting(request, body.template_type)
    return templates


def _require_fitting(request: Request, kind: TemplateType) -> None:
    if request.certificate and kind is not TemplateType.JITP:
        raise UnreadableError(f"--certificate is for templates of type jitp, and this one is of type {kind}")
    if request.hook and kind is not TemplateType.FLEET_PROVISIONING:
        raise UnreadableError(f"--hook is for templates of type fleet, and this one is of type {kind}")


def _output(request: Request) -> OutputFile | StandardOutput:
    inputs = (request.template, request.devices, request.certificate, request.existing)
    if request.out and any(given and is_same_file(given, request.out) for given in inputs):
        raise UnreadableError(
            f"{request.out}: is an input, so the outcomes can't be written there: give another file"
        )
    return output(request.out)
