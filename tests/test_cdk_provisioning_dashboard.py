"""The dashboard of a fleet on AWS CDK."""

import json

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_

from device_provisioning.cdk import (
    DeviceAllowList,
    PreProvisioningHook,
    ProvisioningDashboard,
    ProvisioningTemplate,
)
from device_provisioning.fleet.dashboard import dashboard_body
from tests.support.synthesis import a_stack, in_partition_aws, own_part, properties, synthesised

DASHBOARD = "AWS::CloudWatch::Dashboard"


def a_template(stack):
    return ProvisioningTemplate.from_template_name(stack, "Sensors", "sensors")


def a_dashboard(stack, **settings):
    return ProvisioningDashboard(stack, "Dashboard", template=a_template(stack), **settings)


def an_own_hook(stack):
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:decide"
    return PreProvisioningHook(
        stack, "Own", function=lambda_.Function.from_function_arn(stack, "Decide", arn)
    )


def with_everything(stack):
    a_dashboard(stack, hook=an_own_hook(stack), dashboard_name="sensors")


def body_of(define):
    """The body as text, names of resources in brackets."""
    body = in_partition_aws(properties(synthesised(define), DASHBOARD)["DashboardBody"])
    if isinstance(body, str):
        return body
    _, parts = body["Fn::Join"]
    return "".join(part if isinstance(part, str) else f"<{next(iter(part.values()))}>" for part in parts)


def test_the_body_is_the_one_of_the_core_for_the_region_of_the_stack():
    assert json.loads(body_of(a_dashboard)) == dashboard_body(region="eu-west-1", template_name="sensors")


def test_the_function_and_the_log_of_the_hook_are_named():
    def define(stack):
        devices = DeviceAllowList(stack, "Devices")
        a_dashboard(stack, hook=PreProvisioningHook(stack, "Hook", device_allow_list=devices))

    text = body_of(define)
    assert text.count("SOURCE '<HookAllowListHookLogGroup") == 2
    assert '"Errors","FunctionName","<HookAllowListHookFunction' in text


def test_the_log_of_a_function_that_exists_is_the_one_that_lambda_makes():
    text = body_of(with_everything)
    assert text.count("SOURCE '/aws/lambda/decide' | ") == 2
    assert '"Errors","FunctionName","decide"' in text


def test_two_dashboards_of_one_name_are_refused():
    stack = a_stack()
    template = a_template(stack)
    ProvisioningDashboard(stack, "First", template=template, dashboard_name="sensors")
    with pytest.raises(ValueError, match="dashboard_name is 'sensors', which Stack/First has already"):
        ProvisioningDashboard(stack, "Second", template=template, dashboard_name="sensors")


def test_a_stack_of_no_known_region_can_have_one():
    stack = Stack(App(), "Stack")
    assert a_dashboard(stack).dashboard_name


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(a_dashboard, ProvisioningDashboard) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, ProvisioningDashboard) == snapshot
