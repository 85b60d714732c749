"""Every function that this library ships, each defined once for all who need to know it."""

from ..aws_iot.limits import HOOK_TIMEOUT_SECONDS
from ..aws_iot.registration_role import registration_policy
from ..iotda.function_role import iotda_resources_policy
from .certificate_rotation import retirement_policy, rotation_environment, rotation_hook_policy
from .claim_rotation import claim_rotation_environment
from .function_definition import FunctionDefinition
from .function_roles import caretaker_policy, claim_rotation_policy, pre_provisioning_hook_policy
from .hook_settings import hook_environment
from .registration_settings import registration_environment

_LAMBDAS = "device_provisioning.lambdas"

PRE_PROVISIONING_HOOK = FunctionDefinition(
    f"{_LAMBDAS}.pre_provisioning_hook.handler.handler",
    "Decides by an allow list whether a device may register",
    pre_provisioning_hook_policy,
    timeout_seconds=HOOK_TIMEOUT_SECONDS,
    memory_mib=512,
    variables=hook_environment,
)
ROTATION_HOOK = FunctionDefinition(
    f"{_LAMBDAS}.certificate_rotation.hook.handler",
    "Lets devices replace their own certificates",
    rotation_hook_policy,
    timeout_seconds=HOOK_TIMEOUT_SECONDS,
    memory_mib=512,
    variables=rotation_environment,
)
RETIREMENT = FunctionDefinition(
    f"{_LAMBDAS}.certificate_rotation.retirement.handler",
    "Retires certificates that devices have replaced",
    retirement_policy,
    timeout_seconds=30,
    variables=rotation_environment,
)
REGISTRATION = FunctionDefinition(
    f"{_LAMBDAS}.just_in_time_registration.handler.handler",
    "Registers devices of a CA that its lists permit",
    registration_policy,
    timeout_seconds=30,
    variables=registration_environment,
    shortening={"CA_CERTIFICATE": "by a shorter subject or an EC key"},
)
CLAIM_ROTATION = FunctionDefinition(
    f"{_LAMBDAS}.custom_resources.claim_rotation.handler",
    "Rotates the claim certificate in Secrets Manager",
    claim_rotation_policy,
    timeout_seconds=120,
    variables=claim_rotation_environment,
)
CARETAKER = FunctionDefinition(
    f"{_LAMBDAS}.custom_resources.caretaker.handler",
    "Looks after the custom resources of this stack",
    caretaker_policy,
    timeout_seconds=900,
    max_event_age_seconds=180,
)
IOTDA_RESOURCES = FunctionDefinition(
    f"{_LAMBDAS}.iotda_resources.handler.handler",
    "Manages pre-provisioning templates and device CAs of Huawei Cloud IoTDA",
    iotda_resources_policy,
    timeout_seconds=300,
    # A processor comes with the memory, and the SDK takes long to import.
    memory_mib=1024,
    max_event_age_seconds=300,
)
FUNCTIONS = (
    PRE_PROVISIONING_HOOK,
    ROTATION_HOOK,
    RETIREMENT,
    REGISTRATION,
    CLAIM_ROTATION,
    CARETAKER,
    IOTDA_RESOURCES,
)


def is_hook_handler(handler: object) -> bool:
    """Whether a function's handler is the one of this library's hook, in whichever folder it was shipped."""
    return str(handler).endswith(".".join(PRE_PROVISIONING_HOOK.handler.split(".")[-3:]))
