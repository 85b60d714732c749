import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns

from device_provisioning.cdk import FleetProvisioning, ProvisioningDashboard

app = cdk.App()
stack = cdk.Stack(app, "Sensors")
topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111122223333:on-call")
on_call = actions.SnsAction(topic)
fleet = FleetProvisioning(stack, "Fleet", thing_name_prefix="sensor-", alarm_actions=[on_call])
ProvisioningDashboard(stack, "Dashboard", template=fleet.template, hook=fleet.hook)
fleet.template.metric_register_thing_failed(statistic="Sum").create_alarm(
    stack,
    "RegistrationsFail",
    threshold=10,
    evaluation_periods=1,
    treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
).add_alarm_action(on_call)
app.synth()
