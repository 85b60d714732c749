"""Who may do what in a fleet, from a device to what it may use, as a tree or a page."""
