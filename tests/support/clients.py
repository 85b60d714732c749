"""How clients that others wrote enrol: what each connects as, subscribes to and sends, with the source.

To add one, add a `Client` to `CLIENTS` with the page or file that shows its behaviour; a field that is left
out says what most clients do. `tests/test_clients.py` then tries it against every kind of fleet and expects
it to get in wherever the fleet's claim allows its client id, its way to a certificate and its format. Nothing
else is to be done, unless it does what no field describes: then add the field here, and what it means to
`enrolling.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from tests.support.raw_mqtt import V3, V5

SDK_PYTHON = "https://github.com/aws/aws-iot-device-sdk-python-v2/blob/9be4058"
SDK_JS = "https://github.com/aws/aws-iot-device-sdk-js-v2/blob/4f055b3"
SDK_JAVA = "https://github.com/aws/aws-iot-device-sdk-java-v2/blob/47e5946"
SDK_CPP = "https://github.com/aws/aws-iot-device-sdk-cpp-v2/blob/030e461"
SDK_C = "https://github.com/aws/aws-iot-device-sdk-embedded-C/blob/3d170a0"
LITE = "https://github.com/aws-greengrass/aws-greengrass-lite/blob/326e992b"
DEVICE_CLIENT = "https://github.com/awslabs/aws-iot-device-client/blob/0a2f35d"
PLUGIN = "https://github.com/aws-greengrass/aws-greengrass-fleet-provisioning-by-claim/blob/56734a4"


class Subscriptions(StrEnum):
    """Which answers a client subscribes to, and when."""

    BEFORE_EACH = "both answers of a request before it is sent"
    ALL_FIRST = "both answers of both requests before the first is sent"
    ONE_FILTER = "both answers of a request by one filter with +"
    NONE = "nothing: it takes what comes"


@dataclass(frozen=True)
class Client:
    """How a client enrols.

    Args:
        name: What its users call it.
        source: Where its behaviour is written.
        client_id: What it connects as; ``{hex}`` and ``{uuid}`` are random, ``{serial}`` its serial number.
        protocol: MQTT 5 or 3.1.1; MQTT 5 by default.
        certificate: ``create`` by default: AWS IoT makes its key; ``create-from-csr`` if it has its own.
        payload_format: ``json`` by default, or ``cbor``.
        subscriptions: Both answers before each request by default.
        unsubscribes: Whether it unsubscribes once it has an answer, also from what it did not subscribe to.
    """

    name: str
    source: str
    client_id: str
    protocol: int = V5
    certificate: str = "create"
    payload_format: str = "json"
    subscriptions: Subscriptions = Subscriptions.BEFORE_EACH
    unsubscribes: bool = False


CLIENTS = (
    Client(
        "AWS IoT Device SDK for Python, basic",
        f"{SDK_PYTHON}/samples/service_clients/fleet_provisioning_basic.py",
        "mqtt5-sample-{hex}",
        unsubscribes=True,
    ),
    Client(
        "AWS IoT Device SDK for Python, csr",
        f"{SDK_PYTHON}/samples/service_clients/fleet_provisioning_csr.py",
        "mqtt5-sample-{hex}",
        certificate="create-from-csr",
        unsubscribes=True,
    ),
    Client(
        "AWS IoT Device SDK for Python, MQTT 3.1.1",
        f"{SDK_PYTHON}/servicetests/tests/FleetProvisioning/fleet_provisioning.py",
        "test-{hex}",
        protocol=V3,
    ),
    Client(
        "AWS IoT Device SDK for JavaScript, basic",
        f"{SDK_JS}/samples/node/service_clients/fleet_provisioning/basic/index.ts",
        "fleet-provisioning-{hex}",
        unsubscribes=True,
    ),
    Client(
        "AWS IoT Device SDK for JavaScript, csr",
        f"{SDK_JS}/samples/node/service_clients/fleet_provisioning/csr/index.ts",
        "fleet-provisioning-{hex}",
        certificate="create-from-csr",
        unsubscribes=True,
    ),
    Client(
        "AWS IoT Device SDK for Java, basic",
        f"{SDK_JAVA}/samples",
        "test-{uuid}",
        unsubscribes=True,
    ),
    Client(
        "AWS IoT Device SDK for Java, csr",
        f"{SDK_JAVA}/samples",
        "test-{uuid}",
        certificate="create-from-csr",
        unsubscribes=True,
    ),
    Client(
        "AWS IoT Device SDK for C++, basic",
        f"{SDK_CPP}/samples/service_clients/fleet_provisioning/provision-basic/main.cpp",
        "test-{uuid}",
        unsubscribes=True,
    ),
    Client(
        "AWS IoT Device SDK for C++, csr",
        f"{SDK_CPP}/samples/service_clients/fleet_provisioning/provision-csr/main.cpp",
        "test-{uuid}",
        certificate="create-from-csr",
        unsubscribes=True,
    ),
    Client(
        "AWS IoT Device Client, with the thing-name that the guide advises",
        f"{DEVICE_CLIENT}/source/fleetprovisioning/FleetProvisioning.cpp",
        "claim-{hex}",
        protocol=V3,
    ),
    Client(
        "AWS IoT Device Client with a CSR",
        f"{DEVICE_CLIENT}/source/fleetprovisioning/FleetProvisioning.cpp",
        "claim-{hex}",
        protocol=V3,
        certificate="create-from-csr",
    ),
    Client(
        "AWS IoT Device SDK for Embedded C",
        f"{SDK_C}/demos/fleet_provisioning",
        "{serial}",
        protocol=V3,
        certificate="create-from-csr",
        payload_format="cbor",
        unsubscribes=True,
    ),
    Client(
        "aws-samples/aws-iot-fleet-provisioning",
        "https://github.com/aws-samples/aws-iot-fleet-provisioning/blob/0759985/provisioning_handler.py",
        "{serial}",
        protocol=V3,
        subscriptions=Subscriptions.ALL_FIRST,
    ),
    Client(
        "Greengrass nucleus with its plugin",
        f"{PLUGIN}/src/main/java/com/aws/greengrass/FleetProvisioningByClaimPlugin.java",
        "{uuid}",
        protocol=V3,
    ),
    Client(
        "Greengrass nucleus with its plugin and a CSR",
        f"{PLUGIN}/src/main/java/com/aws/greengrass/FleetProvisioningByClaimPlugin.java",
        "{uuid}",
        protocol=V3,
        certificate="create-from-csr",
    ),
    Client(
        "Greengrass nucleus lite",
        f"{LITE}/modules/fleet-provisioning/src/entry.c",
        "{uuid}",
        certificate="create-from-csr",
        subscriptions=Subscriptions.NONE,
        unsubscribes=True,
    ),
    Client(
        "Greengrass nucleus lite before its virtual subscriptions",
        "https://github.com/aws-greengrass/aws-greengrass-lite/commit/18233f2b8fd6ebac1b3170b5a7565cb28655c1db",
        "{uuid}",
        certificate="create-from-csr",
        subscriptions=Subscriptions.ONE_FILTER,
        unsubscribes=True,
    ),
    Client(
        "a device of one's own",
        "https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html",
        "claim-{hex}",
    ),
    Client(
        "a device of one's own, MQTT 3.1.1",
        "https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html",
        "claim-{hex}",
        protocol=V3,
    ),
)
