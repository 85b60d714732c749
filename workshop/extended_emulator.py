"""MiniStack with the extensions of this project; ``workshop.emulator`` runs it."""

from . import extensions, paused_reading


def main() -> None:
    """Run MiniStack with the extensions."""
    paused_reading.install()
    extensions.install()
    from ministack.app import main as run

    run()


if __name__ == "__main__":
    main()
