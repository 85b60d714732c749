"""Rules about the form of a template."""

from collections.abc import Iterator, Mapping

from ...aws_iot.finding import Severity
from ...aws_iot.fix import Fix, Renaming
from ...aws_iot.rules.body import Located
from ...aws_iot.rules.registry import Evidence, Problem, rule
from ...aws_iot.unresolved import is_unresolved
from ..certificate_field import CertificateField
from .subject import CREATE, REQUEST_FIELDS, Template, is_object, is_reference

_DEVICE_FIELDS = ("device_name", "device_id", "node_id", "product_id", "tags")
_ONLY_REFERENCES = ("device_name", "device_id", "node_id")


@rule(
    "DP201",
    "an IoTDA template is a well-formed JSON object",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source="https://support.huaweicloud.com/en-us/api-iothub/iot_06_v5_0018.html",
    hint="give the body of the create request, or the template body alone, as a JSON object",
)
def well_formed(template: Template) -> Iterator[Problem]:
    """IoTDA answers IOTDA.000008 to what is not valid JSON."""
    if template.defect:
        yield Problem(template.context.path, template.defect)


@rule(
    "DP202",
    "an IoTDA template body consists of parameters and of a device and a policy as resources",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=CREATE,
    hint="use parameters, resources.device and resources.policy, in lower case, each an object",
)
def sections(template: Template) -> Iterator[Problem]:
    """Another key is a warning: what IoTDA does with it is not documented."""
    if template.defect:
        return
    for place, known in _objects(template):
        yield from _object_problems(place, known)
    resources = template.body / "resources"
    if resources.value is None and not is_unresolved(template.body.value):
        yield Problem(template.body.path, "there are no resources")
    elif isinstance(resources.value, Mapping) and template.device.value is None:
        yield Problem(resources.path, "there is no device")


def _object_problems(place: Located, known: tuple[str, ...]) -> Iterator[Problem]:
    if place.value is not None and not is_object(place):
        yield Problem(place.path, f"{place.path.rpartition('/')[2] or 'the body'} is not an object")
    for name, entry in place.items():
        if name not in known and not is_unresolved(name):
            message = f"{name!r} is not documented here (what IoTDA does with it is not either)"
            yield Problem(entry.path, message, Severity.WARNING)


def _objects(template: Template) -> list[tuple[Located, tuple[str, ...]]]:
    resources = template.body / "resources"
    places = [
        (template.body, ("parameters", "resources")),
        (resources, ("device", "policy")),
        (resources / "device", _DEVICE_FIELDS),
        (resources / "policy", ("policy_ids",)),
    ]
    return [(template.root, REQUEST_FIELDS), *places] if template.is_request else places


@rule(
    "DP203",
    "a device has a node_id and a product_id",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint="give node_id as a reference, and product_id as text or as a reference",
)
def required_fields(template: Template) -> Iterator[Problem]:
    """Without them IoTDA has no device to register."""
    device = template.device
    if isinstance(device.value, Mapping):
        for name in ("node_id", "product_id"):
            if (device / name).value is None:
                yield Problem(device.path, f"the device has no {name}")


@rule(
    "DP204",
    "device_name, device_id and node_id refer to a field of the certificate",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint='write {"ref": "iotda::certificate::common_name"} or another declared parameter',
)
def only_references(template: Template) -> Iterator[Problem]:
    """A fixed value would be the same for every device; only product_id and tags may be fixed."""
    for name in _ONLY_REFERENCES:
        place = template.device / name
        if isinstance(place.value, str | int | float | list) and not is_unresolved(place.value):
            yield Problem(place.path, f"{name} is {place.value!r}, not a reference")


@rule(
    "DP205",
    "references are written ref, in lower case, and there are no functions",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=CREATE,
    hint='write {"ref": "iotda::certificate::common_name"}: Ref and Fn::… belong to AWS and to the'
    " authentication templates of IoTDA",
)
def reference_form(template: Template) -> Iterator[Problem]:
    """IoTDA has no function that joins or splits values."""
    for place in _values(template):
        if isinstance(place.value, Mapping) and not is_reference(place.value):
            message = f"{dict(place.value)!r} is not a reference"
            yield Problem(place.path, message, fix=_lower_case(place))


def _lower_case(place: Located) -> Fix | None:
    """The key in lower case, where what it names is a field of the certificate."""
    match list(place.value.items()):
        case [(str() as key, str() as name)] if key.lower() == "ref" and name in tuple(CertificateField):
            return Fix((Renaming((place / key).path, "ref"),))
        case _:
            return None


def _values(template: Template) -> Iterator[Located]:
    for name in (*_ONLY_REFERENCES, "product_id"):
        yield template.device / name
    for tag in (template.device / "tags").elements():
        yield tag / "tag_key"
        yield tag / "tag_value"
    yield from (template.body / "resources" / "policy" / "policy_ids").elements()
