"""What tests share: tools that keep quiet, and one emulator a worker."""

import os
import signal
from contextlib import contextmanager

import pytest
from hypothesis import settings

from tests.support import allow_list_command, released
from tests.support.built_sites import built_site
from tests.support.faulty_wire import faulty_wire
from tests.support.left_over import LeftOver
from tests.support.reach import is_quick_file, is_quick_test
from workshop import toolchain
from workshop.emulator import Emulator

os.environ.update(toolchain.tool_environment())
# The CDK's own validation of a template costs seconds; one test has it on.
os.environ["CDK_VALIDATION"] = "false"
# Set, it would hide what a command forgets to flush.
os.environ.pop("PYTHONUNBUFFERED", None)
# A shell lets what it runs in the background ignore Ctrl-C, and what tests interrupt would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# `make quick` and `make fuzz` ask for the others.
settings.register_profile("short", max_examples=200, deadline=None)
settings.register_profile("quick", max_examples=20, deadline=None)
settings.register_profile("long", max_examples=20_000, deadline=None)
settings.load_profile("short")

# What tests share holds no examples. To look for some would import the fuzzer, which instruments the package.
collect_ignore = ["support"]

NOT_HERE = (
    ("no engine: ", "Pulumi's engine", "make engine builds it where there is Go"),
    ("no browser: ", "a browser", "install your system's package of chromium, then make browser finds it"),
)
"""What a skipped test says, what it needs, and the one command that brings it."""


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="only what needs no engine, emulator or synthesis")


def pytest_configure(config):
    if not config.getoption("quick"):
        config.pluginmanager.register(LeftOver(config))


def pytest_ignore_collect(collection_path, config):
    """With ``--quick``, don't even import what needs an engine."""
    is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    if config.getoption("quick") and is_test and not is_quick_file(collection_path):
        return True
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Begin with the files that may take longest: one that begins last leaves a processor idle."""
    if config.getoption("quick"):
        items[:] = [item for item in items if is_quick_test(item)]
    longest = {}
    for item in items:
        allowed = item.get_closest_marker("timeout")
        longest[item.path] = max(longest.get(item.path, 0), allowed.args[0] if allowed else 0)
    items.sort(key=lambda item: -longest[item.path])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter):
    """Say in the last lines what was not run on this machine, and what brings it."""
    yield
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    for missing, what, command in NOT_HERE:
        if number := sum(missing in reason for reason in reasons):
            terminalreporter.write_line(f"not run: {number} tests that need {what}: {command}", yellow=True)


@pytest.fixture(scope="session")
def emulator():
    """An emulator that asks nobody for permission."""
    with Emulator() as running:
        yield running


@pytest.fixture(scope="session")
def enforcing_emulator():
    """An emulator that enforces IAM and AWS IoT policies."""
    with Emulator(enforce_iam=True) as running:
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


@pytest.fixture
def list_table(emulator, monkeypatch):
    """The emulator's DynamoDB, with the table of an allow list that commands of this process find."""
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    with allow_list_command.a_table(emulator) as client:
        yield client


@pytest.fixture
def list_wire(emulator, monkeypatch):
    """A wire to the emulator that can be broken, taken by the commands of this process."""
    with faulty_wire(emulator) as wire:
        monkeypatch.setenv("AWS_ENDPOINT_URL", wire.url)
        yield wire


@contextmanager
def _a_fleet(folder, *, enforce_iam):
    # AWS CDK takes a second to import, which most tests can do without.
    from tests.support.fleets import deploy

    with Emulator(enforce_iam=enforce_iam) as emulator:
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
