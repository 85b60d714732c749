"""What is wrong with one device, while others are not concerned."""

from ..console.sources import UnreadableError


class DeviceError(UnreadableError):
    """A device can't be taken out, or let in; the others can."""
