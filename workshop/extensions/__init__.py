"""What AWS IoT does and MiniStack does not: extensions of this project, each with the page that it follows.

They are not of MiniStack's authors: a pass says that what is deployed and what a device does fit together
by AWS's pages, not that AWS agrees. They reach into private names and therefore refuse every version of
MiniStack but the one that they were written for.
"""

from importlib.metadata import version

from . import (
    answer_filters,
    answers_without_subscription,
    billing_groups,
    cbor_payloads,
    certificates_from_csr,
    client_certificates,
    closed_connections,
    conflicts_in_stacks,
    device_policies,
    eventual_detaching,
    exclusive_things,
    group_policies,
    just_in_time_provisioning,
    kms_condition_keys,
    late_roles,
    leading_keys,
    limits,
    mqtt_host,
    named_principals,
    quotas,
    registration_tasks,
    role_aliases,
    role_trust,
    unsuback_codes,
)

WRITTEN_FOR = "1.5.33"
# The formats come last: they translate for every operation before them.
EXTENSIONS = (
    mqtt_host,
    client_certificates,
    device_policies,
    group_policies,
    closed_connections,
    answer_filters,
    unsuback_codes,
    answers_without_subscription,
    certificates_from_csr,
    role_aliases,
    just_in_time_provisioning,
    limits,
    registration_tasks,
    role_trust,
    named_principals,
    kms_condition_keys,
    exclusive_things,
    billing_groups,
    eventual_detaching,
    conflicts_in_stacks,
    late_roles,
    leading_keys,
    quotas,
    cbor_payloads,
)


def install() -> None:
    """Add all extensions to the MiniStack of this process.

    Raises:
        RuntimeError: If it is another version than the one that they were written for.
    """
    if version("ministack") != WRITTEN_FOR:
        raise RuntimeError(
            f"the extensions are for ministack {WRITTEN_FOR}, not {version('ministack')}: install that"
        )
    from ministack.services import iot

    for extension in EXTENSIONS:
        extension.install(iot)
        name = extension.__name__.rpartition(".")[2]
        print(f"{name} is an extension of device-provisioning, not of MiniStack", flush=True)
