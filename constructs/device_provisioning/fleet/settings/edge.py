"""Settings of AWS IoT Greengrass core devices and of AWS Panorama devices."""

from .devices import DEVICE_POLICY
from .fleets import FLEET_PROVISIONING
from .setting import Settings, both, each, on_cdk, on_pulumi

GREENGRASS_CORE_DEVICES: Settings = {
    "thing_name_prefix": both(
        "What the name of every core begins with, before its serial number: letters, digits, ``_`` and ``-``,"
        " no ``:``, never empty.",
    ),
    "groups": both(
        "The thing groups that are created and that every core joins, with what is deployed to them; by"
        " default one group of a generated name, without a deployment.",
    ),
    "token_exchange": each(
        cdk="The role alias of the cores; created by default, with its role.",
        pulumi=(
            "The role alias of the cores, ``resource`` of a ``TokenExchange``; created by default, with its"
            " role."
        ),
    ),
    "artifact_buckets": both(
        "Buckets with artefacts of your components, which the created role may read; none by default.",
    ),
    "core_device_policy": each(
        cdk="The policy of the cores; created by default.",
        pulumi="The policy of the cores, ``resource`` of a ``CoreDevicePolicy``; created by default.",
    ),
    "serial_number_parameter": FLEET_PROVISIONING["serial_number_parameter"],
    "serial_number_pattern": FLEET_PROVISIONING["serial_number_pattern"],
    "device_parameters": FLEET_PROVISIONING["device_parameters"],
    "attributes": both("Attributes of the things, values or functions; none by default."),
    "template_name": FLEET_PROVISIONING["template_name"],
    "description": FLEET_PROVISIONING["description"],
    "enabled": both("Whether cores may register; yes by default.", default=True),
    "role": FLEET_PROVISIONING["role"],
    "device_allow_list": each(
        cdk="The cores that may register; created by default.",
        pulumi=(
            "The table of the cores that may register, ``table`` of a ``DeviceAllowList``; created by"
            " default."
        ),
    ),
    "hook": each(
        cdk="The pre-provisioning hook; by default the one of this library, over ``device_allow_list``.",
        pulumi=(
            "The function that AWS IoT asks first; by default the one of this library, over"
            " ``device_allow_list``."
        ),
    ),
    "reprovisioning": FLEET_PROVISIONING["reprovisioning"],
    "attestation": FLEET_PROVISIONING["attestation"],
    "certificate_signing_request": both(
        "A CSR for the claim certificate, such as one whose key is in a TPM; by default key and certificate"
        " are made.",
    ),
    "claim_certificate_arn": FLEET_PROVISIONING["claim_certificate_arn"],
    "encryption_key": FLEET_PROVISIONING["encryption_key"],
    "certificate_sources": both(
        "How cores obtain their certificates; by default both ways: ``create``, and ``create-from-csr``, the"
        " only one that nucleus lite knows.",
        default=("create", "create-from-csr"),
    ),
    "claim_client_id_patterns": both(
        "Client ids of claim connections, with ``*`` and ``?``; by default ``claim-*`` and the shape of a"
        " random UUID, which nucleus lite connects with. Names of cores are never among them.",
        default=("claim-*", "????????-????-4???-????-????????????"),
    ),
    "log_removal_policy": FLEET_PROVISIONING["log_removal_policy"],
    "alarm_actions": FLEET_PROVISIONING["alarm_actions"],
    "silenced_rules": FLEET_PROVISIONING["silenced_rules"],
    "devices": on_pulumi("A few cores declared in code; none by default."),
    "rotate_claim_automatically_after_days": on_pulumi(
        "After how many days Secrets Manager replaces the claim, 1 to 1000; never by default. A core that"
        " still holds the old claim can't enrol any more.",
    ),
}

CORE_DEVICE_POLICY: Settings = {
    "thing_name_prefix": both("What the names of the cores begin with; never empty."),
    "role_alias_name": both("The role alias that gives the cores their AWS credentials."),
    "only_nucleus_lite": both(
        "Whether all cores run nucleus lite: each may then use its own client id and topics only, by policy"
        " variables, which the classic nucleus does not support. No by default.",
        default=False,
    ),
    "policy_name": DEVICE_POLICY["policy_name"],
    "statements": DEVICE_POLICY["statements"],
    "revoke_certificates_on_removal": each(
        cdk=(
            "Whether every certificate that holds this policy is deactivated and deleted when the policy"
            " leaves the stack. No by default: AWS IoT then refuses to delete the policy while a core holds"
            " it."
        ),
        pulumi=(
            "Whether every certificate that holds this policy is deactivated and deleted when the policy is"
            " destroyed. No by default: AWS IoT then refuses to delete the policy while a core holds it."
        ),
        default=False,
    ),
}

TOKEN_EXCHANGE: Settings = {
    "role_alias_name": both("1 to 128 letters, digits and ``_=,@-``; one is generated by default."),
    "role": both("The role; created by default."),
    "artifact_buckets": GREENGRASS_CORE_DEVICES["artifact_buckets"],
    "credential_duration": on_cdk(
        "How long credentials are valid, 15 minutes to 12 hours; an hour by default.",
    ),
    "artifact_keys": on_pulumi("Customer keys of those buckets; none by default."),
    "credential_duration_seconds": on_pulumi(
        "How long credentials are valid, 900 to 43200; an hour by default.",
    ),
}

CORE_DEVICE_GROUP: Settings = {
    "name": both("Its name: 1 to 128 letters, digits, ``_`` and ``-``, no ``:``."),
    "components": both(
        "What is deployed to the group, by the name of the component; no deployment by default.",
    ),
}

COMPONENT_DEPLOYMENT: Settings = {
    "version": both("The version of the component, such as ``2.14.0``."),
    "configuration": both("What is merged into its configuration; nothing by default."),
}

PANORAMA_DEVICE: Settings = {
    "name": both("1 to 255 letters, digits, ``_`` and ``-``."),
    "description": both("Up to 255 characters in one line; none by default."),
    "networking_configuration": both("Its network; the device's own default by default."),
    "tags": both(
        "Up to 49 tags: AWS accepts 50, and one says what made the device, so that a request that is"
        " delivered twice makes one device; none by default.",
    ),
    "endpoint_url": both(
        "Where the API is; AWS's own endpoint of the Region by default. Encrypted, unless it is on the"
        " machine itself.",
    ),
    "archive_bucket": each(
        cdk=(
            "A bucket of yours for the archive; by default one is created: encrypted, not public, deleted"
            " with the stack, and with it every archive after a day."
        ),
        pulumi=(
            "A bucket of yours for the archive; by default one is created: encrypted, not public, every"
            " archive gone after a day."
        ),
    ),
    "encryption_key": both("A customer key of the created bucket; AWS's own by default."),
}

NETWORK_PAYLOAD: Settings = {
    "ethernet0": both("The first interface; the device's own default by default."),
    "ethernet1": both("The second interface; the device's own default by default."),
    "ntp": both("Time servers; the device's own by default."),
}

ETHERNET_PAYLOAD: Settings = {
    "connection_type": both("``DHCP``, or ``STATIC_IP`` with ``static_ip_connection_info``."),
    "static_ip_connection_info": both("The static address; none by default."),
}

STATIC_IP_CONNECTION_INFO: Settings = {
    "ip_address": both("IPv4, with a port if wanted, as ``10.2.0.9``."),
    "mask": both("IPv4, as ``255.255.255.0``."),
    "default_gateway": both("IPv4."),
    "dns": both("Addresses of name servers; may be empty."),
}

NTP_PAYLOAD: Settings = {
    "ntp_servers": both("Up to 5: lower-case host names with a dot, or IPv4 with a port if wanted."),
}
