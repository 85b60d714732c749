"""Settings of who may register, and of what devices may do."""

from .fleets import FLEET_PROVISIONING
from .setting import Settings, both, each, on_cdk, on_pulumi

PRE_PROVISIONING_HOOK: Settings = {
    "device_allow_list": each(
        cdk="The devices that may register; only with the function of this library.",
        pulumi=(
            "The table of the devices that may register, ``table`` of a ``DeviceAllowList``; only with the"
            " function of this library."
        ),
    ),
    "function": both("Your own function, at most five seconds of timeout."),
    "reprovisioning": both(
        "Whether a serial number whose certificate became active may register again: ``NEVER`` by default,"
        " ``ALLOW`` or the number of times that it may, such as ``2``.",
        default="NEVER",
    ),
    "serial_number_parameter": FLEET_PROVISIONING["serial_number_parameter"],
    "serial_number_pattern": both(
        "A regular expression for the whole serial number; letters, digits, ``_`` and ``-``, at most 128, by"
        " default.",
        default="[A-Za-z0-9][A-Za-z0-9_-]{0,127}",
    ),
    "reservation_seconds": both(
        "How long another attempt for the same serial number is refused because the first may still be under"
        " way; 30 by default.",
        default=30,
    ),
    "listed_parameters": both(
        "Parameters of the template whose values only the list decides; a device that sends another value"
        " than its record has is denied. None by default.",
    ),
    "attestation": both(
        "Keys in AWS KMS, by batch, with which devices prove that they are who they say. Nobody registers"
        " then without a proof in the parameter ``Proof``, or outside a batch that is open. A claim and a"
        " listed serial number are enough by default.",
    ),
    "log_retention": on_cdk("How long decisions are kept in the log; a year by default."),
    "log_removal_policy": each(
        cdk=(
            "What happens to the log group of the hook's function when it leaves the stack: it is the audit"
            " trail, so that by default it is retained, unless the stack that was to create it is rolled"
            " back. Its name is generated: one that stays is in the way of no other stack."
        ),
        pulumi=(
            "What happens to the log group of the hook's function when it is not defined any more: it is the"
            " audit trail, so that it is retained by default. Its name is generated: one that stays is in the"
            " way of no other stack."
        ),
    ),
    "reserved_concurrent_executions": both("How many decisions at once; not limited by default."),
    "alarm_actions": each(
        cdk="What the alarms do; none are made by default.",
        pulumi="ARNs of what the alarms do; none are made by default.",
    ),
    "encryption_key": on_pulumi("The customer key of that table, if it has one."),
    "log_retention_days": on_pulumi("How long decisions are kept in the log; a year by default."),
}

ATTESTATION: Settings = {
    "derived_keys": both("HMAC keys from which each device's own key is derived; none by default."),
    "signing_keys": both("Keys with which the manufacturer signs the keys of devices; none by default."),
}

DEVICE_ALLOW_LIST: Settings = {
    "table": both(
        "Your own table with the partition key ``serial_number`` (string) and, so that items of certificates"
        " go after a day, the time to live attribute ``forget_at``; by default one is created: on demand,"
        " encrypted, with point-in-time recovery.",
    ),
    "encryption_key": both("A customer key of the created table; AWS's own by default."),
    "serial_number_pattern": on_pulumi(
        "What the hook over this list lets through, so that ``devices`` and ``devices import`` are checked by"
        " it: a tag of the created table. Not known by default.",
    ),
    "removal_policy": each(
        cdk=(
            "What happens to the created table when it leaves the stack; by default it is retained, unless"
            " the stack that was to create it is rolled back."
        ),
        pulumi=(
            "What happens to the created table when it is not defined any more; it is retained by default."
        ),
    ),
    "devices": on_pulumi(
        "A few devices declared in code, such as those of a test bench, at most 200, each serial number once;"
        " none by default. What a device has used up is never reset: a device that leaves the code is deleted"
        " if it never registered and blocked if it did.",
    ),
}

LISTED_DEVICE: Settings = {
    "serial_number": both(
        "At most 128 characters of ASCII without spaces; it has to match the hook's"
        " ``serial_number_pattern``, by default letters, digits, ``_`` and ``-``.",
    ),
    "parameter_overrides": both(
        "Template parameters that the list decides rather than the device, so that its groups, site or tenant"
        " can be trusted; none by default.",
    ),
    "expires_at": both(
        "The second since 1970 (UTC) from which the device may not register any more; never by default.",
    ),
    "batch_name": both(
        "The batch of the device, which has to be open for it to register; none by default, or the one"
        " that it proves to be of.",
    ),
    "blocked": both("Whether the device may not register although it is listed; no by default."),
}

DEVICE_POLICY: Settings = {
    "policy_name": both("Its name, 1 to 128 characters; one is generated by default."),
    "topic_prefix": each(
        cdk="Where a device's own topics begin; ``dt`` by default, ``None`` for no topics of its own.",
        pulumi="Where a device's own topics begin; ``dt`` by default, empty for no topics of its own.",
        default="dt",
    ),
    "shadow": both("Whether a device may use its own shadows; no by default.", default=False),
    "jobs": both("Whether a device may use its own jobs; no by default.", default=False),
    "rotation_template_name": both(
        "The ``template_name`` of a ``CertificateRotation`` through which a device may replace its own"
        " certificate; none by default.",
    ),
    "rotation_certificate_sources": both(
        "How devices obtain their new certificates: ``create`` by default, ``create-from-csr`` or both.",
        default=("create",),
    ),
    "rotation_payload_formats": both("``json``, ``cbor`` or both; JSON by default.", default=("json",)),
    "statements": both("Further statements, as in a policy document; none by default."),
    "revoke_certificates_on_removal": each(
        cdk=(
            "Whether every certificate that holds this policy is deactivated and deleted when the policy"
            " leaves the stack, so that its devices can't connect any more. No by default: AWS IoT then"
            " refuses to delete the policy while a device holds it."
        ),
        pulumi=(
            "Whether every certificate that holds this policy is deactivated and deleted when the policy is"
            " destroyed, so that its devices can't connect any more. No by default: AWS IoT then refuses to"
            " delete the policy while a device holds it."
        ),
        default=False,
    ),
}

QUARANTINE_GROUP: Settings = {
    "thing_group_name": both(
        "Its name, 1 to 128 letters, digits, ``:``, ``_`` and ``-``; generated by default.",
    ),
    "topic_prefix": both(
        "Where the repair topics of devices begin; ``repair`` by default.", default="repair"
    ),
}
