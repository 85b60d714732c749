"""JSON pointers (RFC 6901): where in a document something is."""


def escaped(key: str) -> str:
    """A key as a part of a pointer.

    Example:
        >>> escaped("a/b~c")
        'a~1b~0c'
    """
    return key.replace("~", "~0").replace("/", "~1")


def keys_of(pointer: str) -> list[str]:
    """The keys that a pointer leads through, from the outside in.

    Example:
        >>> keys_of("/Resources/a~1b~0c")
        ['Resources', 'a/b~c']
    """
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
