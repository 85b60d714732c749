"""Settings of claims, of certificates that rotate, and of certificates of your own CA."""

from .devices import PRE_PROVISIONING_HOOK
from .fleets import FLEET_PROVISIONING
from .setting import Settings, both, each, on_cdk, on_pulumi

CLAIM_CERTIFICATE: Settings = {
    "template": on_cdk("The template that devices register through."),
    "certificate_signing_request": both("A CSR in PEM, when the key is yours; none by default."),
    "certificate_arn": both("An active certificate of yours; none by default."),
    "encryption_key": both("A customer key of the secret; AWS's own by default."),
    "certificate_sources": both(
        "How devices obtain their own certificates: ``create`` by default, ``create-from-csr`` or both.",
        default=("create",),
    ),
    "payload_formats": FLEET_PROVISIONING["payload_formats"],
    "client_id_patterns": both(
        "Client ids that a claim connection may use, with ``*`` and ``?``; ``claim-*`` by default, so that it"
        " cannot take over the connection of a provisioned device.",
        default=("claim-*",),
    ),
    "thing_name_patterns": each(
        cdk="Names of things, such as ``sensor-*``, which no claim connection may use as its client id,"
        " whatever ``client_id_patterns`` allows; by default those of the template's body, as far as it shows"
        " what they begin with.",
        pulumi="Names of things, such as ``sensor-*``, which no claim connection may use as its client id,"
        " whatever ``client_id_patterns`` allows; none by default, as the body is not known here.",
    ),
    "template_name": on_pulumi("The name of the template that devices register through."),
    "rotate_automatically_after_days": on_pulumi(
        "After how many days Secrets Manager replaces the certificate in the secret, 1 to 1000; never by"
        " default. The old claim is valid until AWS IoT has accepted a connection with the new one; then it"
        " is deleted. A device that still holds the old claim can't enrol any more: use this where claims are"
        " read from the secret shortly before devices enrol, such as on a factory line.",
    ),
}

CERTIFICATE_ROTATION: Settings = {
    "template_name": both("1 to 36 letters, digits, ``_`` and ``-``: the device policy names it too."),
    "thing_name_prefix": both("What thing names begin with, before the serial number."),
    "device_policy": each(
        cdk="The policy of the devices, which has the same name as ``rotation_template_name``.",
        pulumi=(
            "The policy of the devices, ``resource`` of a ``DevicePolicy`` that has the same name as"
            " ``rotation_template_name``."
        ),
    ),
    "device_allow_list": each(
        cdk=(
            "The list that the devices registered by: a blocked device can't replace its certificate, and the"
            " record names the new one. None by default: no list is asked."
        ),
        pulumi=(
            "The table of the list that the devices registered by, ``table`` of a ``DeviceAllowList``: a"
            " blocked device can't replace its certificate, and the record names the new one. None by"
            " default: no list is asked."
        ),
    ),
    "alarm_actions": each(
        cdk="What the hook's alarms do; none are made by default.",
        pulumi="ARNs of what the hook's alarms do; none are made by default.",
    ),
    "log_removal_policy": PRE_PROVISIONING_HOOK["log_removal_policy"],
    "encryption_key": PRE_PROVISIONING_HOOK["encryption_key"],
}

CERTIFICATE_AUTHORITY: Settings = {
    "certificate_pem": both("The CA's certificate in PEM, never its key."),
    "verification_certificate_pem": both(
        "A certificate that the CA issued to your account's registration code, as ``device-provisioning ca"
        " verification-certificate`` makes it; for ``DEFAULT`` mode only.",
    ),
    "certificate_mode": both(
        "``DEFAULT`` with a verification certificate, ``SNI_ONLY`` without one, by default.",
    ),
    "active": both("Whether the CA's devices are accepted; yes by default.", default=True),
    "automatic_registration": both(
        "Whether AWS IoT registers a certificate that it sees for the first time; only with a template by"
        " default.",
    ),
    "template": on_cdk("The JITP template that new devices are provisioned through; none by default."),
    "tags": both("Tags of the CA; none by default."),
    "silenced_rules": both("Codes of rules that don't apply to this CA, each with the reason."),
    "template_name": on_pulumi(
        "The name of the JITP template that new devices are provisioned through; none by default.",
    ),
}

JUST_IN_TIME_PROVISIONING: Settings = {
    "ca_certificate_pem": CERTIFICATE_AUTHORITY["certificate_pem"],
    "verification_certificate_pem": both(
        "A certificate that the CA issued to your account's registration code; for ``DEFAULT`` mode only.",
    ),
    "certificate_mode": CERTIFICATE_AUTHORITY["certificate_mode"],
    "active": CERTIFICATE_AUTHORITY["active"],
    "thing_name_prefix": both(
        "What the common names of devices begin with, which are the names of their things: the created role"
        " can touch no other things, and a device of another name is not provisioned. By default it can touch"
        " all things, those of other fleets as well.",
    ),
    "body": each(
        cdk="A template body of your own; by default the thing is named after the common name.",
        pulumi=(
            "A template body of your own, as a JSON document; by default the thing is named after the common"
            " name."
        ),
    ),
    "thing_type_name": FLEET_PROVISIONING["thing_type_name"],
    "thing_groups": each(
        cdk="Thing groups, which have to exist; those of the same stack are waited for. None by default.",
        pulumi="Thing groups, which have to exist; those of the same program are waited for if they are given"
        " as ``group.name``. None by default.",
    ),
    "attributes": each(
        cdk=(
            "Attributes of the thing, values or references such as"
            ' ``ref("AWS::IoT::Certificate::SerialNumber")``; none by default. A device whose certificate'
            " lacks the field can't be provisioned: rule DP008 warns of each."
        ),
        pulumi=(
            'Attributes of the thing, values or references such as ``{"Ref":'
            ' "AWS::IoT::Certificate::SerialNumber"}``; none by default. A device whose certificate lacks the'
            " field can't be provisioned: rule DP008 warns of each."
        ),
    ),
    "body_inside_ca": both(
        "Whether the body is put into the CA rather than into a template of its own; no by default.",
        default=False,
    ),
    "template_name": FLEET_PROVISIONING["template_name"],
    "description": FLEET_PROVISIONING["description"],
    "enabled": both("Whether devices may be provisioned; yes by default.", default=True),
    "tags": both("Tags of template and CA; none by default."),
    "role": FLEET_PROVISIONING["role"],
    "device_policy": FLEET_PROVISIONING["device_policy"],
    "alarm_actions": PRE_PROVISIONING_HOOK["alarm_actions"],
    "silenced_rules": FLEET_PROVISIONING["silenced_rules"],
}

JUST_IN_TIME_REGISTRATION: Settings = {
    "ca_certificate_pem": CERTIFICATE_AUTHORITY["certificate_pem"],
    "thing_name_prefix": both(
        "What the common names of devices begin with, which are the names of their things: the function can"
        " touch no other things. An empty one is allowed and lets it touch all things.",
    ),
    "verification_certificate_pem": JUST_IN_TIME_PROVISIONING["verification_certificate_pem"],
    "certificate_mode": CERTIFICATE_AUTHORITY["certificate_mode"],
    "active": CERTIFICATE_AUTHORITY["active"],
    "device_allow_list": each(
        cdk="The devices that may register, by common name; created by default.",
        pulumi=(
            "The table of the devices that may register, by common name, ``table`` of a ``DeviceAllowList``;"
            " created by default."
        ),
    ),
    "revocation_list_bucket": both(
        "The bucket of the CA's revocation list; none by default, and then no certificate counts as revoked.",
    ),
    "revocation_list_key": both(
        "The list's key, PEM or DER; ``revoked.pem`` by default. While it is missing, out of date or not"
        " signed by the CA, no device registers.",
        default="revoked.pem",
    ),
    "device_policy": FLEET_PROVISIONING["device_policy"],
    "dead_letter_queue": both("Where events go that could not be handled; created by default."),
    "tags": CERTIFICATE_AUTHORITY["tags"],
    "log_retention": PRE_PROVISIONING_HOOK["log_retention"],
    "alarm_actions": PRE_PROVISIONING_HOOK["alarm_actions"],
    "devices": FLEET_PROVISIONING["devices"],
    "encryption_key": on_pulumi(
        "The customer key of that table: the one that yours has, or the one that the created one gets; AWS's"
        " own by default.",
    ),
    "revocation_list_encryption_key": on_pulumi("The customer key of that bucket, if it has one."),
    "dead_letter_queue_encryption_key": on_pulumi("The customer key of that queue, if it has one."),
    "log_retention_days": PRE_PROVISIONING_HOOK["log_retention_days"],
}
