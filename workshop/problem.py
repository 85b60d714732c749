"""What keeps a local run from going on, in one line."""


class LocalProblem(Exception):  # noqa: N818  # what the user reads
    """Something on this machine is missing or in the way; the message says what to do."""
