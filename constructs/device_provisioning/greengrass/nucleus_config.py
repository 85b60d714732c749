"""The configuration file with which a core device enrols itself.

https://docs.aws.amazon.com/greengrass/v2/developerguide/fleet-provisioning.html
https://github.com/aws-greengrass/aws-greengrass-lite (docs/fleet_provisioning)
"""

from dataclasses import dataclass
from typing import Any

from ..aws_iot.claim_client_ids import a_client_id
from .client_ids import RANDOM_UUID, allows_random_uuid
from .enrolment import Enrolment
from .nucleus_settings import Nucleus, NucleusSettings

LONGEST_CLIENT_ID = 128
"""https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits"""

Configuration = dict[str, Any]
PLUGIN = "aws.greengrass.FleetProvisioningByClaim"
HTTPS, MQTT = 443, 8883


@dataclass(frozen=True)
class IotEndpoints:
    """The endpoints of an account in a Region, which DescribeEndpoint gives.

    Args:
        data: Of the type ``iot:Data-ATS``.
        credentials: Of the type ``iot:CredentialProvider``.
    """

    data: str
    credentials: str


def nucleus_config(
    enrolment: Enrolment, endpoints: IotEndpoints, core_name: str, settings: NucleusSettings | None = None
) -> Configuration:
    """The configuration of one core, to be written as YAML.

    It names the files of the claim certificate and holds no key; a password of a proxy is in it if there is
    one, so keep the file to its owner then.

    Args:
        enrolment: The output of the deployed fleet.
        endpoints: The account's endpoints.
        core_name: The thing name that the core will have.
        settings: How the core is set up; the classic nucleus with files where it looks by default.

    Raises:
        ValueError: If the core is not of this fleet, the claim does not allow how it obtains its certificate
            or which client ids it can connect with, or all cores would connect as one.

    Example:
        >>> enrolment = Enrolment(
        ...     region="eu-west-1", template_name="cores", role_alias_name="edge", thing_name_prefix="gg-",
        ...     certificate_sources=("create",),
        ... )
        >>> endpoints = IotEndpoints("data.example.com", "credentials.example.com")
        >>> document = nucleus_config(enrolment, endpoints, "gg-0042")
        >>> document["services"][PLUGIN]["configuration"]["templateParameters"]
        {'SerialNumber': '0042'}
    """
    settings = settings or NucleusSettings()
    parameters = {enrolment.serial_number_parameter: enrolment.serial_number(core_name)}
    if settings.certificate_source not in enrolment.certificate_sources:
        allowed = ", ".join(enrolment.certificate_sources)
        raise ValueError(
            f"this core obtains its certificate by {settings.certificate_source}, but the claim allows"
            f" {allowed}: deploy the fleet with the other certificate source, or set the core up otherwise"
        )
    if settings.nucleus is Nucleus.LITE:
        return _lite(enrolment, endpoints, core_name, parameters, settings)
    return _classic(enrolment, endpoints, core_name, parameters, settings)


def _classic(
    enrolment: Enrolment,
    endpoints: IotEndpoints,
    core_name: str,
    parameters: dict[str, str],
    settings: NucleusSettings,
) -> Configuration:
    proxy = settings.proxy
    plugin = {
        "rootPath": settings.folder,
        "awsRegion": enrolment.region,
        "iotDataEndpoint": endpoints.data,
        "iotCredentialEndpoint": endpoints.credentials,
        "iotRoleAlias": enrolment.role_alias_name,
        "provisioningTemplate": enrolment.template_name,
        "claimCertificatePath": settings.claim_certificate,
        "claimCertificatePrivateKeyPath": settings.claim_key,
        "rootCaPath": settings.root_ca,
        "templateParameters": parameters,
        "csrPath": settings.csr_path,
        "csrPrivateKeyPath": settings.csr_private_key_path,
        # Left out, the plugin connects to 443 by ALPN, whatever its documentation says.
        "mqttPort": HTTPS if settings.port_443 else MQTT,
        "deviceId": _client_id(enrolment, core_name),
        "proxyUrl": proxy.url if proxy else None,
        "proxyUserName": proxy.username if proxy else None,
        "proxyPassword": _password(settings),
    }
    nucleus: Configuration = {"version": settings.version}
    if configuration := _nucleus_network(settings):
        nucleus["configuration"] = configuration
    services = {"aws.greengrass.Nucleus": nucleus, PLUGIN: {"configuration": _given(plugin)}}
    return {"services": services}


def _client_id(enrolment: Enrolment, core_name: str) -> str | None:
    patterns = enrolment.claim_client_id_patterns
    chosen = [pattern for pattern in patterns if "*" in pattern]
    if not chosen and allows_random_uuid(patterns):
        return None
    names = [f"{enrolment.thing_name_prefix}*"]
    client_id = a_client_id(chosen or patterns, names, [core_name, f"claim-{core_name}"])
    if not chosen:
        raise ValueError(
            f"the claim allows the client ids {', '.join(patterns)}, the same for every core, and of two"
            " connections with one client id AWS IoT ends the first: deploy the fleet with claim-* among"
            " claim_client_id_patterns"
        )
    if len(client_id) > LONGEST_CLIENT_ID:
        raise ValueError(
            f"the core would connect as {client_id}, {len(client_id)} characters, and AWS IoT takes"
            f" {LONGEST_CLIENT_ID}: give the core a shorter name, or the fleet a shorter client id pattern"
        )
    return client_id


def _nucleus_network(settings: NucleusSettings) -> Configuration:
    # The plugin's own settings end with the enrolment: the nucleus has its own for all that follows.
    proxy = settings.proxy
    network = {}
    if settings.port_443:
        network = {"mqtt": {"port": HTTPS}, "greengrassDataPlanePort": HTTPS}
    if proxy:
        login = {"url": proxy.url, "username": proxy.username, "password": _password(settings)}
        network["networkProxy"] = {"proxy": _given(login)}
    return network


def _lite(
    enrolment: Enrolment,
    endpoints: IotEndpoints,
    core_name: str,
    parameters: dict[str, str],
    settings: NucleusSettings,
) -> Configuration:
    if not allows_random_uuid(enrolment.claim_client_id_patterns):
        allowed = ", ".join(enrolment.claim_client_id_patterns)
        raise ValueError(
            "nucleus lite enrols with a random UUID as its client id, but the claim allows"
            f" {allowed}: deploy the fleet with {RANDOM_UUID} among claim_client_id_patterns"
        )
    nucleus: Configuration = {
        "awsRegion": enrolment.region,
        # Enrolment fills these in; what stands here before it would be taken for the core's own.
        "iotCredEndpoint": "",
        "iotDataEndpoint": "",
        "iotRoleAlias": enrolment.role_alias_name,
        "runWithDefault": {"posixUser": "ggcore:ggcore"},
        "greengrassDataPlanePort": "8443",
    }
    if settings.proxy:
        nucleus["networkProxy"] = {"proxy": {"url": settings.proxy.url}}
    enrolling = {
        "iotDataEndpoint": endpoints.data,
        "iotCredEndpoint": endpoints.credentials,
        "rootCaPath": settings.root_ca,
        "claimCertPath": settings.claim_certificate,
        "claimKeyPath": settings.claim_key,
        "csrCommonName": core_name,
        "templateName": enrolment.template_name,
        "templateParams": parameters,
        "keyPath": settings.key_path,
    }
    blank = dict.fromkeys(("privateKeyPath", "certificateFilePath", "rootCaPath", "thingName"), "")
    return {
        "system": {**blank, "rootPath": settings.folder},
        "services": {
            "aws.greengrass.NucleusLite": {"componentType": "NUCLEUS", "configuration": nucleus},
            "aws.greengrass.fleet_provisioning": {"configuration": _given(enrolling)},
        },
    }


def _password(settings: NucleusSettings) -> str | None:
    proxy = settings.proxy
    return proxy.password.get_secret_value() if proxy and proxy.password else None


def _given(values: Configuration) -> Configuration:
    return {name: value for name, value in values.items() if value is not None}
