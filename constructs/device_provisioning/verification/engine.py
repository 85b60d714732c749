"""What deploys a fleet, and removes it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from .aws import Aws
from .cdk_engine import CdkEngine
from .leftovers import Left
from .naming import Names
from .pulumi_engine import PulumiEngine


class Engine(Protocol):
    """Something that deploys a fleet, and removes it."""

    @property
    def makes(self) -> Sequence[str]:
        """What it makes to deploy it, in words."""

    @property
    def commands(self) -> Sequence[str]:
        """What removes everything by hand."""

    def deploy(self) -> Mapping[str, str]:
        """Deploy; the outputs.

        Raises:
            UnreadableError: If that fails.
        """

    def destroy(self) -> Iterator[Left]:
        """Remove everything that was deployed; gives what could not be removed."""


ENGINES: Mapping[str, Callable[[Aws, Names, Path], Engine]] = {"cdk": CdkEngine, "pulumi": PulumiEngine}
"""The engines, each by its name."""
