"""One device, let in again."""

from .memory import Revocation
from .outcome import Became, Outcome
from .problem import DeviceError
from .registry import Registry
from .remembering import Records
from .steps import back


class Releaser:
    """Give devices back what their revocations took away.

    Args:
        records: Their records.
        registry: AWS IoT.
        skip_missing: Whether devices are released without what does not exist any more.
    """

    def __init__(self, records: Records, registry: Registry, *, skip_missing: bool) -> None:
        self._records = records
        self._registry = registry
        self._skip_missing = skip_missing

    def plan(self, serial_number: str, changes: list[str]) -> Outcome:
        """What would become of a device.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        return self._become(serial_number, changes, is_plan=True)

    def carry_out(self, serial_number: str, changes: list[str]) -> Outcome:
        """Let a device in; go on with it, if that was begun and cut off.

        The record is changed last: until then the device can be revoked, or released, once more.

        Args:
            serial_number: The device.
            changes: Gets what is changed, as it is.

        Raises:
            UnreadableError: If AWS refuses or can't be reached, or what the device had is missing.
        """
        return self._become(serial_number, changes, is_plan=False)

    def _become(self, serial_number: str, changes: list[str], *, is_plan: bool) -> Outcome:
        record = self._records.read(serial_number)
        if record is None:
            return Outcome(serial_number, Became.NOT_LISTED)
        memory = Revocation.of(record)
        if memory is None:
            return Outcome(serial_number, Became.NOT_REVOKED)
        missing: list[str] = []
        for step in back(memory, self._registry, missing):
            if not is_plan:
                self._require(missing)
                known = len(missing)
                step.run()
                if len(missing) > known:
                    continue
            changes.append(step.text)
        if not is_plan:
            self._require(missing)
            self._records.forget(record, memory)
        changes.append("record stays blocked, as it was" if memory.blocked else "record unblocked")
        notes = [f"{each} does not exist any more" for each in missing]
        return Outcome(serial_number, Became.TO_RELEASE if is_plan else Became.RELEASED, changes, notes)

    def _require(self, missing: list[str]) -> None:
        if missing and not self._skip_missing:
            raise DeviceError(
                f"{', '.join(missing)}: does not exist any more: create it again, or give --skip-missing to"
                " release devices without it"
            )
