"""The three files that a process begins with, also where somebody closed them."""

import os
import sys

_CLOSED = (("stdin", os.O_WRONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w"))
"""How a closed file is opened: input and output such that using them is an error, as it is without them."""


def open_standard_files() -> None:
    """Keep what is closed from being taken by the next file that is opened, which would get the output."""
    for descriptor, (name, flags, mode) in enumerate(_CLOSED):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, flags)
            if opened != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
