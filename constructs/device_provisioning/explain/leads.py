"""What leads from the left of the picture to whoever is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from .picture import Grant, State


@dataclass(frozen=True)
class Lead:
    """The end of one way to a registration.

    Args:
        node: The id of the node that it has come to.
        grants: What the next arrow rests on.
        state: What is known of the next arrow.
    """

    node: str
    grants: Sequence[Grant]
    state: State = State.GRANTED
