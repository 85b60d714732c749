"""``python -m device_provisioning.cli``."""

from . import main

if __name__ == "__main__":
    main()
