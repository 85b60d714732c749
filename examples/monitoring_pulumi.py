import pulumi_aws as aws

from device_provisioning.pulumi import FleetProvisioning, ProvisioningDashboard

ON_CALL = "arn:aws:sns:eu-west-1:111122223333:on-call"

fleet = FleetProvisioning("watched", {"thing_name_prefix": "sensor-", "alarm_actions": [ON_CALL]})
if fleet.hook:
    ProvisioningDashboard("dashboard", {"template_name": fleet.template_name, "hook": fleet.hook.function})
aws.cloudwatch.MetricAlarm(
    "registrations-fail",
    namespace="AWS/IoT",
    metric_name="RegisterThingFailed",
    dimensions={"TemplateName": fleet.template_name},
    statistic="Sum",
    period=300,
    threshold=10,
    evaluation_periods=1,
    comparison_operator="GreaterThanOrEqualToThreshold",
    treat_missing_data="notBreaching",
    alarm_actions=[ON_CALL],
)
