"""Define fleets, synthesise, and tell the seconds that took and what is in the templates."""

import json
import sys
import time
from collections import Counter

import aws_cdk as cdk

from benchmarks.programs.fleets_by_hand import FleetByHand
from benchmarks.programs.fleets_of_l1s import FleetOfL1s
from device_provisioning.cdk import FleetProvisioning

# A stack holds 500 resources at the most.
FLEETS_OF_A_STACK = 20


def main() -> None:
    """Take the name of the construct and the number of fleets from the command line."""
    make = {each.__name__: each for each in (FleetProvisioning, FleetByHand, FleetOfL1s)}[sys.argv[1]]
    started = time.perf_counter()
    app = cdk.App()
    for number in range(int(sys.argv[2])):
        if number % FLEETS_OF_A_STACK == 0:
            stack = cdk.Stack(app, f"Fleets{number}")
        make(stack, f"Fleet{number}", thing_name_prefix=f"sensor{number}-")
    assembly = app.synth()
    seconds = time.perf_counter() - started
    templates = [stack.template for stack in assembly.stacks]
    kinds = Counter(part["Type"] for template in templates for part in template["Resources"].values())
    print(json.dumps({"seconds": seconds, "resources": dict(sorted(kinds.items()))}))


if __name__ == "__main__":
    main()
