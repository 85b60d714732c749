"""MiniStack with extensions of this project; ``local.emulator`` runs it."""

import os
import sys

from . import csr_extension, paused_reading, role_alias_extension

CREDENTIALS_PORT = "CREDENTIALS_PORT"


def main() -> None:
    """Run MiniStack with the extensions that the command line names."""
    paused_reading.install()
    for name in sys.argv[1:]:
        match name:
            case "csr":
                csr_extension.install()
            case "role-alias":
                role_alias_extension.install(int(os.environ[CREDENTIALS_PORT]))
            case _:
                raise SystemExit(f"there is no extension {name}")
        print(f"{name} is an extension of device-provisioning, not of MiniStack", flush=True)
    sys.argv[1:] = []
    from ministack.app import main as run

    run()


if __name__ == "__main__":
    main()
