"""A stand-in for Pulumi's AWS provider that performs the calls on an emulator.

It is this project's own and knows only the resource types that the components and examples use. Pulumi's own
provider takes its place as soon as the folder ``pulumi_plugins`` is not on the PATH.
"""
