"""The emulator on this machine, a device that provisions itself against it, and the demo."""
