from device_provisioning.pulumi import CoreDevicePolicy, GreengrassCoreDevices, TokenExchange

exchange = TokenExchange("gateways-exchange")
policy = CoreDevicePolicy(
    "gateways",
    {
        "thing_name_prefix": "gg-",
        "role_alias_name": exchange.role_alias_name,
        "only_nucleus_lite": True,
    },
)
GreengrassCoreDevices(
    "gateways",
    {
        "thing_name_prefix": "gg-",
        "token_exchange": exchange.resource,
        "core_device_policy": policy.resource,
    },
)
