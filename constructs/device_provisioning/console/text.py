"""Texts on a terminal."""


def printable(text: str) -> str:
    """A text without what could move a terminal's cursor."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
