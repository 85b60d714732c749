"""What the process loads that the engine starts for dynamic providers at every operation."""

import base64
import importlib
import pkgutil
import subprocess
import sys

from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider

from device_provisioning import pulumi_providers

LOAD = (
    "import base64, sys, dill, pulumi.dynamic;"
    "[dill.loads(base64.b64decode(line)) for line in sys.stdin];"
    "print({name.partition('.')[0] for name in sys.modules} & {'pulumi_aws', 'aws_cdk', 'jsii'});"
    "print('device_provisioning.pulumi' in sys.modules)"
)


def providers():
    for module in pkgutil.iter_modules(pulumi_providers.__path__):
        found = vars(importlib.import_module(f"{pulumi_providers.__name__}.{module.name}"))
        for kind in found.values():
            if isinstance(kind, type) and issubclass(kind, ResourceProvider) and kind is not ResourceProvider:
                yield kind


def test_no_provider_needs_pulumi_aws_which_costs_seconds():
    stored = [serialize_provider(kind()) for kind in set(providers())]
    assert len(stored) > 5
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOAD],
        input="\n".join(stored),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == ["set()", "False"]


def test_a_state_names_a_provider_and_holds_nothing_of_it():
    for kind in set(providers()):
        text = base64.b64decode(serialize_provider(kind()))
        assert f"{kind.__module__}".encode() in text
        assert len(text) < 250
