"""What tests share: tools that keep quiet, and one emulator a worker."""

import os
from contextlib import contextmanager

import pytest
import released
from built_sites import built_site
from hypothesis import settings

from device_provisioning.local import toolchain
from device_provisioning.local.emulator import Emulator

os.environ.update(toolchain.tool_environment())
# The CDK's own validation of a template costs seconds; one test has it on.
os.environ["CDK_VALIDATION"] = "false"

# `make fuzz` asks for the second.
settings.register_profile("short", max_examples=200, deadline=None)
settings.register_profile("long", max_examples=20_000, deadline=None)
settings.load_profile("short")


def pytest_collection_modifyitems(items):
    """Begin with the files that may take longest: one that begins last leaves a processor idle."""
    longest = {}
    for item in items:
        allowed = item.get_closest_marker("timeout")
        longest[item.path] = max(longest.get(item.path, 0), allowed.args[0] if allowed else 0)
    items.sort(key=lambda item: -longest[item.path])


@pytest.fixture(scope="session")
def emulator():
    """An emulator with our CSR and role alias extensions that asks nobody for permission."""
    with Emulator(csr_extension=True, role_alias_extension=True) as running:
        yield running


@pytest.fixture(scope="session")
def enforcing_emulator():
    """An emulator with our CSR and role alias extensions that enforces IAM and AWS IoT policies."""
    with Emulator(csr_extension=True, role_alias_extension=True, enforce_iam=True) as running:
        yield running


@pytest.fixture(scope="session")
def open_fleet(tmp_path_factory):
    """A fleet on an emulator of its own that asks nobody for permission."""
    with _a_fleet(tmp_path_factory.mktemp("open"), enforce_iam=False) as fleet:
        yield fleet


@pytest.fixture(scope="session")
def enforced_fleet(tmp_path_factory):
    """A fleet on an emulator of its own that enforces IAM and AWS IoT policies."""
    with _a_fleet(tmp_path_factory.mktemp("enforced"), enforce_iam=True) as fleet:
        yield fleet


@contextmanager
def _a_fleet(folder, *, enforce_iam):
    # AWS CDK takes a second to import, which most tests can do without.
    from tests.fleets import deploy

    with Emulator(csr_extension=True, enforce_iam=enforce_iam) as emulator:
        yield deploy(emulator, folder)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder of the wheel and the source distribution, the wheel built from the latter."""
    folder = tmp_path_factory.mktemp("dist")
    released.build(released.ROOT, folder)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The documentation site."""
    return built_site(tmp_path_factory.mktemp("site"))
