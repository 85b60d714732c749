"""The whole way from a deployment to a device with its own certificate, on the emulator."""
