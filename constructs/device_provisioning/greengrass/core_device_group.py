"""A thing group of core devices and what is deployed to it."""

import json
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from .names import CORE_DEVICE_GROUP_NAME, require_names


class ComponentDeployment(BaseModel):
    """A component of a deployment.

    Args:
        version: The version of the component, such as ``2.14.0``.
        configuration: What is merged into its configuration; nothing by default.

    Raises:
        pydantic.ValidationError: If a setting is unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    configuration: Mapping[str, Any] | None = None

    @property
    def merge(self) -> str | None:
        """The configuration as the JSON text that a deployment carries."""
        return json.dumps(self.configuration) if self.configuration else None


class CoreDeviceGroup(BaseModel):
    """A static thing group that is created, and that every core of the fleet joins.

    Args:
        name: Its name: 1 to 128 letters, digits, ``_`` and ``-``, no ``:``.
        components: What is deployed to the group, by the name of the component; no deployment by default.

    Raises:
        pydantic.ValidationError: If Greengrass does not accept the name, or a setting is unknown.

    Example:
        >>> shell = ComponentDeployment(version="2.14.0")
        >>> group = CoreDeviceGroup(name="line-4", components={"aws.greengrass.Cli": shell})
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    components: Mapping[str, ComponentDeployment] = {}

    @model_validator(mode="after")
    def _accepted(self) -> Self:
        require_names({"the thing group's name": (self.name, CORE_DEVICE_GROUP_NAME)})
        return self
