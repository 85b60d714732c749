"""The factory line: keys of devices, and what their manufacturer signs, so that they can prove themselves."""
