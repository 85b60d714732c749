"""How a device proves that it is the one whose serial number it sends."""
