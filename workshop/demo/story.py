"""The demo's story: deploy, let three devices try to register, destroy, find nothing left."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from ..emulator import Emulator
from .devices import Attempt, is_refused, registers
from .fleet import Fleet
from .progress import Progress, StepFailed
from .remnants import remnants

LISTED, UNLISTED = "A-0001", "B-0002"
Deployed = Callable[[Emulator, Progress], AbstractContextManager[Mapping[str, str]]]


def tell(
    emulator: Emulator, progress: Progress, deployed: Deployed, pause: Callable[[Fleet], None]
) -> list[Attempt]:
    """Tell the story on a running emulator.

    Args:
        emulator: The emulator.
        progress: Where each step is shown.
        deployed: Deploys the fleet with an engine, hands out its outputs, and destroys it.
        pause: Called with the fleet before it is destroyed.

    Raises:
        StepFailed: If a step goes otherwise than the demo says.
    """
    progress.heading("Deploy")
    with deployed(emulator, progress) as outputs:
        fleet = Fleet.from_outputs(emulator, outputs)
        attempts = _three_devices(progress, fleet)
        pause(fleet)
        progress.heading("Destroy")
    with progress.step("look for what is left:") as step:
        if left := remnants(emulator, fleet.table_name):
            raise StepFailed(f"left behind: {', '.join(left)}")
        step.result = "no active certificate, no policy, no template, no secret, no table"
    return attempts


def _three_devices(progress: Progress, fleet: Fleet) -> list[Attempt]:
    progress.heading(f"Device 1 has the serial number {LISTED}, which is on the allow list")
    with progress.step(f"put {LISTED} on the allow list"):
        fleet.allow(LISTED)
    first = registers(progress, fleet, f"1: {LISTED}, listed", LISTED)
    progress.heading(f"Device 2 has the serial number {UNLISTED}, which is not on the allow list")
    second = is_refused(progress, fleet, f"2: {UNLISTED}, not listed", UNLISTED, "not on the allow list")
    progress.heading(f"Device 3 presents the serial number of device 1, {LISTED}")
    third = is_refused(progress, fleet, f"3: claims to be {LISTED}", LISTED, "already provisioned")
    return [first, second, third]
