"""Run a program of fleets with Pulumi's own mocks in the engine's place, and tell the seconds that took."""

import json
import sys
import time
from collections import Counter
from typing import Any

import pulumi
from pulumi.runtime import mocks, settings

from benchmarks.programs.pulumi_fleet_by_hand import fleet_by_hand
from device_provisioning.pulumi import FleetProvisioning

ACCOUNT, REGION = "111122223333", "eu-west-1"
KNOWN = {
    "getCallerIdentity": {"accountId": ACCOUNT, "arn": "", "id": "", "userId": ""},
    "getRegion": {"region": REGION, "name": REGION, "description": "", "endpoint": "", "id": ""},
    "getPartition": {"partition": "aws", "dnsSuffix": "", "id": "", "reverseDnsPrefix": ""},
}


class Engine(mocks.Mocks):
    """Answers as AWS would, and counts."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        """What AWS knows of whom it talks to."""
        return KNOWN[args.token.rpartition(":")[2]], []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """A resource, with what AWS makes of it."""
        kind = args.typ.rpartition(":")[2]
        if args.custom and kind != "Stack":
            self.made[kind] += 1
        arn = f"arn:aws:service:{REGION}:{ACCOUNT}:cert/{args.name}"
        made = {"arn": arn, "certificate_arn": arn, "name": args.name, "result": args.inputs.get("proposed")}
        return f"{args.name}-id", {**made, **args.inputs}


def main() -> None:
    """Take who defines fleets, and how many, from the command line."""
    kind, size = sys.argv[1], int(sys.argv[2])
    engine = Engine()
    started = time.perf_counter()
    mocks.set_mocks(engine, project="plant", stack="dev")
    settings.SETTINGS.organization = "acme"

    def program() -> None:
        for number in range(size):
            if kind == "FleetProvisioning":
                FleetProvisioning(f"fleet{number}", {"thing_name_prefix": f"sensor{number}-"})
            else:
                fleet_by_hand(f"fleet{number}", f"sensor{number}-")

    run: Any = pulumi.runtime.test
    run(program)()
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "resources": dict(sorted(engine.made.items()))}))


if __name__ == "__main__":
    main()
