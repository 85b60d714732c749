"""A template body, compiled once and evaluated for as many devices as there are."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from ..limits import MAX_POLICIES
from ..template_type import TemplateType
from .certificate import CompiledCertificate
from .checks import attempt_all, scalar
from .expressions import Evaluator, Place, checked
from .outcome import ExistingThing, Failure, FailureReason, Outcome, Result, failed
from .parameters import CompiledParameters
from .policy import compile_policy
from .problems import Problem
from .structure import CERTIFICATE, POLICY, THING, of_type, problems, section
from .thing import CompiledThing

_NOTHING: Mapping[str, ExistingThing] = {}


class CompiledTemplate:
    """A template body that is ready to be evaluated: see ``compile_template``, which checks the body first.

    Args:
        document: The body as JSON.
        template_type: What it is for.
    """

    def __init__(self, document: Mapping[str, Any], template_type: TemplateType) -> None:
        self._parameters = CompiledParameters(section(document, "Parameters"), template_type)
        mappings = section(document, "Mappings")
        resources = document["Resources"]
        root = Place("/Resources", mappings)
        [certificate] = of_type(document, CERTIFICATE)
        self._certificate = CompiledCertificate(
            resources[certificate]["Properties"],
            section(resources[certificate], "OverrideSettings"),
            root.at(certificate),
            template_type,
        )
        self._thing = None
        for name in of_type(document, THING):
            each = resources[name]
            self._thing = CompiledThing(each["Properties"], section(each, "OverrideSettings"), root.at(name))
        policies = of_type(document, POLICY)
        self._policies = [compile_policy(resources[name]["Properties"], root.at(name)) for name in policies]
        self._configuration = _configuration(document, mappings, template_type)
        self._static_failures = list(_too_many_policies(policies, root))

    def evaluate(
        self,
        parameters: Mapping[str, str],
        existing: Mapping[str, ExistingThing] | None = None,
        overrides: Mapping[str, str | None] | None = None,
    ) -> Outcome:
        """What AWS IoT would do for one device.

        Args:
            parameters: What the device supplies. ``AWS::IoT::Certificate::Id``, which AWS IoT supplies
                unless the registration is a bulk one, may be among them to say which id to assume; 64
                zeros by default.
            existing: The things that exist, by name; none by default.
            overrides: The ``parameterOverrides`` of the pre-provisioning hook; none by default. They win
                over the device's parameters, as their name suggests and the emulator has it; AWS does not
                say so. ``None`` leaves a parameter without a value.

        Returns:
            What the device gets, or every reason why it gets nothing: all that is wrong with the parameters
            or, if nothing is, all that is wrong with what the template makes of them. No exception is raised.
        """
        values, failures = self._parameters.values(parameters, overrides)
        if failures:
            return failed(*failures)
        failures += self._static_failures
        thing = self._thing.evaluate(values, existing or _NOTHING, failures) if self._thing else None
        status = self._certificate.evaluate(values, failures)
        policies = attempt_all(self._policies, values, failures)
        evaluated = attempt_all(self._configuration.values(), values, failures)
        if failures:
            return failed(*failures)
        configuration = dict(zip(self._configuration, evaluated, strict=True))
        if not thing:
            return Outcome(
                Result.PROVISIONED,
                certificate_status=status,
                policies=policies,
                device_configuration=configuration,
            )
        return Outcome(
            Result.REPROVISIONED if existing and thing.name in existing else Result.PROVISIONED,
            thing.name,
            thing.thing_type_name,
            thing.thing_groups or (),
            thing.billing_group,
            thing.attributes or {},
            status,
            policies,
            configuration,
        )


def compile_template(document: Mapping[str, Any], template_type: TemplateType) -> CompiledTemplate:
    """Compile a body, so that evaluating it for a device is a function call.

    Functions work in bodies of every type, as AWS documents for fleet templates only. ``DeviceConfiguration``
    counts for fleet templates only. A parameter that has no value or is not declared fails the registration
    where it is referred to; one without a value does in bodies for JITP wherever it is declared.

    Args:
        document: The body as JSON.
        template_type: What it is for.

    Raises:
        ValueError: With everything that is so wrong that the body can be evaluated for no device: sections
            that are not objects, no certificate, two of them.

    Example:
        >>> from device_provisioning.aws_iot import TemplateType, compile_template, ref
        >>> certificate = {"CertificateId": ref("AWS::IoT::Certificate::Id")}
        >>> body = {
        ...     "Parameters": {"SerialNumber": {"Type": "String"}},
        ...     "Resources": {
        ...         "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": ref("SerialNumber")}},
        ...         "certificate": {"Type": "AWS::IoT::Certificate", "Properties": certificate},
        ...     },
        ... }
        >>> compiled = compile_template(body, TemplateType.FLEET_PROVISIONING)
        >>> compiled.evaluate({"SerialNumber": "A-1"}).thing_name
        'A-1'
        >>> print(compiled.evaluate({"SerialNumber": "A 1"}).failures[0])
        /Resources/thing/Properties/ThingName has characters other than a-zA-Z0-9:_-: 'A 1'
    """
    found = problems(document)
    if found:
        raise ValueError("\n".join(found))
    return CompiledTemplate(document, template_type)


class TemplateLike(Protocol):
    """What has a body and a kind, such as ``FleetTemplate``."""

    template_type: Any

    @property
    def document(self) -> Mapping[str, Any]:
        """The body."""


def evaluate(
    template: TemplateLike,
    parameters: Mapping[str, str],
    *,
    existing: Mapping[str, ExistingThing] | None = None,
    overrides: Mapping[str, str | None] | None = None,
) -> Outcome:
    """What AWS IoT would do for one device: see ``compile_template``, which is for many of them.

    Args:
        template: A ``FleetTemplate``, a ``JitpTemplate`` or a ``BulkTemplate``.
        parameters: What the device supplies.
        existing: The things that exist, by name; none by default.
        overrides: What the pre-provisioning hook overrides; nothing by default.

    Raises:
        ValueError: If the body can be evaluated for no device.

    Example:
        >>> from device_provisioning.aws_iot import FleetTemplate, Parameter, Thing, evaluate, ref
        >>> sensor = Thing(thing_name=ref("SerialNumber"), thing_groups=["sensors"])
        >>> body = FleetTemplate(parameters={"SerialNumber": Parameter()}, thing=sensor)
        >>> evaluate(body, {"SerialNumber": "A-1"}).thing_groups
        ['sensors']
    """
    compiled = compile_template(template.document, template.template_type)
    return compiled.evaluate(parameters, existing, overrides)


def _configuration(
    document: Mapping[str, Any], mappings: Mapping[str, Any], template_type: TemplateType
) -> dict[str, Evaluator]:
    if template_type is not TemplateType.FLEET_PROVISIONING:
        return {}
    root = Place("/DeviceConfiguration", mappings)
    return {
        name: checked(value, root.at(name), scalar(root.at(name)))
        for name, value in section(document, "DeviceConfiguration").items()
    }


def _too_many_policies(policies: list[str], root: Place) -> Iterator[Failure]:
    if len(policies) > MAX_POLICIES:
        problem = Problem.TOO_MANY_POLICIES.format(most=MAX_POLICIES)
        yield Failure(FailureReason.PROVISIONING_FAILED, root.path, problem, len(policies))
