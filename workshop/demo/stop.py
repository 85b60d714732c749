"""``python -m workshop.demo.stop``: what ``make demo-stop`` runs."""

import sys

from ..problem import LocalProblem
from .kept import stop


def main() -> None:
    """End the demo that stays up, from another terminal; it is not an error if there is none."""
    try:
        ended = stop()
    except LocalProblem as problem:
        sys.exit(f"make demo-stop failed: {problem}")
    print("the demo has ended" if ended else "no demo is running")


if __name__ == "__main__":
    main()
