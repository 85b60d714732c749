"""How the plugin makes components of the settings that programs in other languages give."""

import json
from collections.abc import Sequence

import pulumi
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.schema import generate_schema
from pulumi.provider.experimental.util import camel_case
from pulumi.provider.server import ComponentInitError

from .plugin_schema import SettingAnalyzer, in_words_of_all_languages
from .settings import SettingsError, settings_of


class PluginProvider(ComponentProvider):
    """Serves components, reads their settings as the components themselves do, and names what is wrong.

    Pulumi's own provider drops settings that it does not know, makes empty objects of enums in lists, and
    answers each error with a traceback of Python.

    Args:
        components: The components.
        name: The name of the package.
        version: Its version.
    """

    def __init__(self, components: Sequence[type[pulumi.ComponentResource]], name: str, version: str) -> None:
        self._name = name
        self.analyzer = SettingAnalyzer(name)
        found = self.analyzer.analyze(list(components))
        self._components = {component.__name__: component for component in components}
        self._component_defs = found["component_definitions"]
        self._type_defs = found["type_definitions"]
        self._external_enum_types = found["external_enum_types"]
        self._dependencies = sorted(found["dependencies"], key=lambda each: f"{each.name}{each.version}")
        schema = generate_schema(
            name, version, None, self._component_defs, self._type_defs, self._dependencies
        ).to_json()
        Provider.__init__(self, version, json.dumps(in_words_of_all_languages(schema, self.analyzer.unions)))

    def map_inputs(self, inputs: pulumi.Inputs, component_def: ComponentDefinition) -> pulumi.Inputs:
        """Read the settings; every problem is reported at once."""
        component = self._components[component_def.name]
        kind = component.__init__.__annotations__["args"]
        try:
            settings: pulumi.Inputs = settings_of(kind, inputs, "", spelled=camel_case)
        except SettingsError as error:
            raise _input_error(error) from error
        return settings

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Make a component; what it refuses is reported without a traceback."""
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, SettingsError):
                raise _input_error(error.inner) from error
            if isinstance(error.inner, ValueError):
                raise pulumi.InputPropertiesError(str(error.inner), []) from error
            raise


def _input_error(error: SettingsError) -> pulumi.InputPropertiesError:
    """The error for other languages, with names as they spell them."""
    problems: list[pulumi.errors.InputPropertyErrorDetails] = [
        {"property_path": camel_case(problem["property_path"]), "reason": problem["reason"]}
        for problem in error.errors
    ]
    return pulumi.InputPropertiesError(error.summary, problems)
