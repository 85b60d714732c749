"""What is on each page of the reference: a public name that is on none fails a test."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

CORE = "device_provisioning.aws_iot"


class Page(NamedTuple):
    """A page of the reference.

    Args:
        file: Its place in ``docs/reference``.
        title: Its heading.
        introduction: What it is about.
        names: The full names of what is on it, in their order.
    """

    file: str
    title: str
    introduction: str
    names: Sequence[str]


class Task(NamedTuple):
    """What somebody wants to do, which is a page for each engine.

    Args:
        file: The name of its pages.
        title: Their heading.
        names: What is on them; of an engine that lacks a name it is left out, and ``…Args`` go along.
    """

    file: str
    title: str
    names: Sequence[str]


TASKS = (
    Task(
        "fleet-provisioning",
        "Fleet provisioning",
        (
            "FleetProvisioning",
            "ProvisioningTemplate",
            "PreProvisioningHook",
            "Attestation",
            "Reprovisioning",
            "DeviceAllowList",
            "ListedDevice",
            "RemovalPolicy",
            "DevicePolicy",
            "QuarantineGroup",
        ),
    ),
    Task(
        "certificates",
        "Claims, and certificates that rotate",
        ("ClaimCertificate", "CertificateSource", "PayloadFormat", "CertificateRotation"),
    ),
    Task(
        "certificate-authorities",
        "Certificates of your own CA",
        ("CertificateAuthority", "CertificateMode", "JustInTimeProvisioning", "JustInTimeRegistration"),
    ),
    Task("monitoring", "Monitoring", ("ProvisioningDashboard",)),
    Task("bulk-registration", "Devices in bulk", ("BulkRegistration",)),
    Task(
        "greengrass",
        "Greengrass core devices",
        (
            "GreengrassCoreDevices",
            "CoreDeviceGroup",
            "ComponentDeployment",
            "CoreDevicePolicy",
            "TokenExchange",
        ),
    ),
    Task(
        "panorama",
        "AWS Panorama devices",
        (
            "PanoramaDevice",
            "NetworkPayload",
            "EthernetPayload",
            "StaticIpConnectionInfo",
            "ConnectionType",
            "NtpPayload",
        ),
    ),
    Task(
        "iotda",
        "Huawei Cloud IoTDA",
        ("IotdaProvisioningTemplate", "IotdaDeviceCa", "IotdaInstance"),
    ),
    Task(
        "checks",
        "Checks of raw templates",
        ("ProvisioningTemplateChecks", "check_provisioning_templates"),
    ),
)

ENGINES = {"cdk": "AWS CDK", "pulumi": "Pulumi"}
EXTRAS = {
    "aws": "verbs that ask AWS, such as `devices`, `template` and `claim`, and `ca`",
    "cdk": "the constructs for AWS CDK",
    "cfn-lint": "the rules inside cfn-lint",
    "init": "`init`",
    "iotda": "the client of Huawei Cloud IoTDA, and its constructs",
    "language-server": "`language-server`, for editors",
    "parquet": "lists of devices in Parquet",
    "pulumi": "the components for Pulumi, from every language",
    "verify": "`verify`, with all that it deploys and connects with",
}
"""What each extra of the package is for."""


def _core(file: str, title: str, introduction: str, package: str, names: str) -> Page:
    return Page(f"core/{file}.md", title, introduction, [f"{package}.{name}" for name in names.split()])


CORE_PAGES = (
    _core(
        "bodies",
        "Template bodies of AWS IoT",
        "A body as data, and the functions that stand in it.",
        CORE,
        "FleetTemplate JitpTemplate BulkTemplate TemplateType Parameter Thing Certificate Policy"
        " ref join sub select split find_in_map is_unresolved",
    ),
    _core(
        "rules",
        "Checking bodies of AWS IoT",
        "What [the rules](../../rules.md) find in a body and in what is around it.",
        CORE,
        "check check_certificate_authority Finding Severity Context Definition Hook InvokePermission Role"
        " Claim Neighbour CertificateAuthority",
    ),
    _core(
        "evaluation",
        "What AWS IoT would do for a device",
        "Worked out without AWS; [why a device fails](../../errors.md#why-a-device-fails-in-a-simulation).",
        CORE,
        "evaluate compile_template CompiledTemplate Outcome Result ExistingThing Failure FailureReason",
    ),
    _core(
        "choices",
        "Choices and devices",
        "What settings of constructs and components take.",
        CORE,
        "ListedDevice Reprovisioning CertificateSource PayloadFormat CertificateMode",
    ),
    _core(
        "documents",
        "Policy documents of AWS IoT",
        "The documents of the safe defaults, for programs that describe resources of their own.",
        f"{CORE}.documents",
        "claim_policy device_policy provisioning_role_policy provisioning_role_trust Environment",
    ),
    _core(
        "greengrass",
        "AWS IoT Greengrass",
        "What a fleet of core devices needs, as data.",
        "device_provisioning.greengrass",
        "nucleus_config Enrolment Nucleus NucleusSettings Proxy IotEndpoints CoreDeviceGroup"
        " ComponentDeployment core_device_policy token_exchange_role_policy token_exchange_role_trust",
    ),
    _core(
        "panorama",
        "AWS Panorama",
        "What ProvisionDevice accepts. AWS ended the support of Panorama on 2026-05-31.",
        "device_provisioning.panorama",
        "PanoramaDeviceRequest NetworkPayload EthernetPayload StaticIpConnectionInfo ConnectionType"
        " NtpPayload PanoramaArchive END_OF_SUPPORT END_OF_SUPPORT_WARNING",
    ),
    _core(
        "iotda",
        "Huawei Cloud IoTDA",
        "Bodies of pre-provisioning templates, their rules, and what IoTDA would register.",
        "device_provisioning.iotda",
        "TemplateBody Device Tag CertificateField ref check check_device_ca Context DeviceCa evaluate"
        " CheckedTemplate Evaluation Result",
    ),
    _core(
        "iotda-client",
        "A client of Huawei Cloud IoTDA",
        "Over the vendor's SDK: `pip install 'device-provisioning[iotda]'`.",
        "device_provisioning.iotda.client",
        "IotdaClient Connection Credentials AccessKey Token credentials_of Templates is_same_body DeviceCas"
        " CertificateIdentity IotdaError ConflictError LimitReachedError NoAnswerError",
    ),
    Page(
        "core/cfn-lint.md",
        "Rules of cfn-lint",
        "[The rules](../../rules.md) where templates are linted already: extra `cfn-lint`.",
        ["device_provisioning.cfn_lint"],
    ),
)


def engine_pages(exports: Mapping[str, Sequence[str]]) -> Iterator[Page]:
    """A page for each task on each engine.

    Args:
        exports: What the package of each engine exports.
    """
    for engine, title in ENGINES.items():
        package = f"device_provisioning.{engine}"
        for task in TASKS:
            names = [each for name in task.names for each in (name, f"{name}Args") if each in exports[engine]]
            yield Page(
                f"{engine}/{task.file}.md",
                f"{task.title} on {title}",
                f"`from {package} import {names[0]}{', …' if names[1:] else ''}`",
                [f"{package}.{name}" for name in names],
            )
