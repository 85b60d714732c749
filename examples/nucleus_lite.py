import aws_cdk as cdk

from device_provisioning.cdk import CoreDevicePolicy, GreengrassCoreDevices, TokenExchange

app = cdk.App()
stack = cdk.Stack(app, "Gateways")
exchange = TokenExchange(stack, "TokenExchange")
policy = CoreDevicePolicy(
    stack,
    "Policy",
    thing_name_prefix="gg-",
    role_alias_name=exchange.role_alias_name,
    only_nucleus_lite=True,
)
GreengrassCoreDevices(
    stack, "Cores", thing_name_prefix="gg-", token_exchange=exchange, core_device_policy=policy
)
app.synth()
