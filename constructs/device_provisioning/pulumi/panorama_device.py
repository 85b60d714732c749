"""A device of AWS Panorama."""

from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..aws_iot.unresolved import unresolved_paths
from ..panorama import END_OF_SUPPORT_WARNING, ConnectionType
from ..panorama.archive import EXPIRATION_DAYS
from ..panorama.choices import require_bucket_to_encrypt
from ..panorama.endpoint import require_endpoint
from ..pulumi_providers.panorama_device import Device, request_of
from .environment import environment_of
from .private_bucket import PrivateBucket
from .settings import settings_of


class StaticIpConnectionInfoArgs(TypedDict):
    """A static address."""

    ip_address: pulumi.Input[str]
    """IPv4, with a port if wanted, as ``10.2.0.9``."""
    mask: pulumi.Input[str]
    """IPv4, as ``255.255.255.0``."""
    default_gateway: pulumi.Input[str]
    """IPv4."""
    dns: pulumi.Input[list[pulumi.Input[str]]]
    """Addresses of name servers; may be empty."""


class EthernetPayloadArgs(TypedDict):
    """An Ethernet interface."""

    connection_type: pulumi.Input[ConnectionType]
    """``DHCP``, or ``STATIC_IP`` with ``static_ip_connection_info``."""
    static_ip_connection_info: NotRequired[StaticIpConnectionInfoArgs]
    """The static address; none by default."""


class NtpPayloadArgs(TypedDict):
    """Time servers."""

    ntp_servers: pulumi.Input[list[pulumi.Input[str]]]
    """Up to 5: lower-case host names with a dot, or IPv4 with a port if wanted."""


class NetworkPayloadArgs(TypedDict):
    """The network of a device."""

    ethernet0: NotRequired[EthernetPayloadArgs]
    """The first interface; the device's own default by default."""
    ethernet1: NotRequired[EthernetPayloadArgs]
    """The second interface; the device's own default by default."""
    ntp: NotRequired[NtpPayloadArgs]
    """Time servers; the device's own by default."""


class PanoramaDeviceArgs(TypedDict):
    """Settings of a Panorama device."""

    name: pulumi.Input[str]
    """1 to 255 letters, digits, ``_`` and ``-``."""
    description: NotRequired[pulumi.Input[str]]
    """Up to 255 characters in one line; none by default."""
    networking_configuration: NotRequired[NetworkPayloadArgs]
    """Its network; the device's own default by default."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Up to 49 tags: AWS accepts 50, and one says what made the device, so that a request that is delivered
    twice makes one device; none by default."""
    endpoint_url: NotRequired[pulumi.Input[str]]
    """Where the API is; AWS's own endpoint of the Region by default. Encrypted, unless it is on the machine
    itself."""
    archive_bucket: NotRequired[aws.s3.Bucket]
    """A bucket of yours for the archive; by default one is created: encrypted, not public, every archive
    gone after a day."""
    encryption_key: NotRequired[aws.kms.Key]
    """A customer key of the created bucket; AWS's own by default."""


class PanoramaDevice(pulumi.ComponentResource):
    """Define a device of AWS Panorama, which pulumi-aws has no resource for.

    AWS ended the support of Panorama on 2026-05-31, and the program warns of it: the component is for
    endpoints that still answer, for records and for the way to ``GreengrassCoreDevices``.

    Pulumi's process calls ProvisionDevice. The configuration archive that it answers goes encrypted into a
    bucket and nowhere else, never into a state; it can set the device up for five minutes, and is deleted
    after a day. Export ``archive``, and ``device-provisioning panorama archive`` fetches it. Description and
    tags are changed in place; another name or network is another device.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        archive_bucket: The bucket with the archive.
        resource: The resource of the dynamic provider.

    Raises:
        ValueError: With every problem of the request, or if settings contradict each other.

    Example::

        PanoramaDevice("camera", {"name": "line-4", "endpoint_url": "https://panorama.example.com"})
    """

    device_id: pulumi.Output[str]
    """The id of the device."""
    device_arn: pulumi.Output[str]
    """The ARN of the device."""
    archive_location: pulumi.Output[str]
    """Where the archive is, as an S3 URI."""
    archive_expires_at: pulumi.Output[str]
    """Until when the archive can set the device up, in UTC."""
    archive: pulumi.Output[str]
    """Where the archive is and until when it is of use, as JSON for ``device-provisioning panorama
    archive``."""

    def __init__(
        self, name: str, args: PanoramaDeviceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(PanoramaDeviceArgs, args, name)
        super().__init__("device-provisioning:index:PanoramaDevice", name, {}, opts)
        request = _request(args)
        bucket, awaited = self._bucket(name, args)
        self.archive_bucket = bucket
        pulumi.log.warn(END_OF_SUPPORT_WARNING, self)
        self.resource = Device(
            f"{name}-device",
            belongs_to="/".join([pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack(), name]),
            request=request,
            archive_bucket_name=bucket.bucket,
            endpoint_url=args.get("endpoint_url"),
            environment=environment_of(self),
            opts=pulumi.ResourceOptions(parent=self, depends_on=awaited),
        )
        self.device_id = self.resource.device_id
        self.device_arn = self.resource.device_arn
        self.archive_location = self.resource.archive_location
        self.archive_expires_at = self.resource.archive_expires_at
        self.archive = pulumi.Output.json_dumps(
            {
                "device_name": args["name"],
                "location": self.archive_location,
                "expires_at": self.archive_expires_at,
                "status": self.resource.status,
                "advice": self.resource.advice,
            }
        )
        self.register_outputs(
            {
                "deviceId": self.device_id,
                "deviceArn": self.device_arn,
                "archiveLocation": self.archive_location,
                "archiveExpiresAt": self.archive_expires_at,
                "archive": self.archive,
            }
        )

    def _bucket(self, name: str, args: PanoramaDeviceArgs) -> tuple[aws.s3.Bucket, list[pulumi.Resource]]:
        given = args.get("archive_bucket")
        require_bucket_to_encrypt(given, args.get("encryption_key"))
        if given:
            return given, []
        made = PrivateBucket(
            f"{name}-archive-bucket",
            self,
            expiration_days=EXPIRATION_DAYS,
            encryption_key=args.get("encryption_key"),
            sse_algorithm="aws:kms",
        )
        return made.bucket, made.protections


def _request(args: PanoramaDeviceArgs) -> dict[str, Any]:
    request = {
        "device_name": args["name"],
        "description": args.get("description", ""),
        "networking_configuration": args.get("networking_configuration", {}),
        "tags": args.get("tags", {}),
    }
    # What is not known yet is checked by the provider, before anything is made.
    if not any(unresolved_paths(request)):
        request_of(request)
    endpoint_url = args.get("endpoint_url")
    if isinstance(endpoint_url, str):
        require_endpoint(endpoint_url)
    return request
