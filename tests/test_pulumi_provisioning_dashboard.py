"""The dashboard of a fleet on Pulumi."""

import json

import pulumi_aws as aws
import pytest

from device_provisioning.fleet.dashboard import dashboard_body
from device_provisioning.pulumi import DeviceAllowList, PreProvisioningHook, ProvisioningDashboard
from tests.support.pulumi_program import ran


def a_dashboard(**settings):
    ProvisioningDashboard("dashboard", {"template_name": "sensors", **settings})


def an_own_function():
    role = "arn:aws:iam::111122223333:role/decide"
    return aws.lambda_.Function("decide", role=role, runtime="python3.14", handler="decide.handler")


def with_everything():
    a_dashboard(hook=an_own_function(), dashboard_name="sensors")


def body_of(define):
    body = ran(define).only("Dashboard")["dashboardBody"]
    return json.loads(body) if isinstance(body, str) else body


def test_the_body_is_the_one_of_the_core_for_the_region_of_the_provider():
    assert body_of(a_dashboard) == dashboard_body(region="eu-west-1", template_name="sensors")


def test_the_function_and_the_log_of_the_hook_are_named():
    def define():
        devices = DeviceAllowList("devices")
        a_dashboard(hook=PreProvisioningHook("hook", {"device_allow_list": devices.table}).function)

    text = json.dumps(body_of(define))
    assert text.count("SOURCE 'hook-allow-list-hook-log-group' | ") == 2
    assert '"Errors", "FunctionName", "hook-allow-list-hook-function"' in text


def test_the_log_of_a_function_without_a_setting_is_the_one_that_lambda_makes():
    text = json.dumps(body_of(with_everything))
    assert text.count("SOURCE '/aws/lambda/decide' | ") == 2


def test_a_generated_name_is_its_own_and_a_given_one_is_used():
    assert ran(a_dashboard).only("Dashboard")["dashboardName"].startswith("dashboard-")
    assert ran(with_everything).only("Dashboard")["dashboardName"] == "sensors"


def test_two_dashboards_of_one_name_are_refused():
    def define():
        for name in ("first", "second"):
            ProvisioningDashboard(name, {"template_name": "sensors", "dashboard_name": "sensors"})

    with pytest.raises(ValueError, match="dashboard_name is 'sensors', which first has already"):
        ran(define)


def test_defaults_match_the_snapshot(snapshot):
    assert ran(a_dashboard).own_part(ProvisioningDashboard) == snapshot
    assert ran(a_dashboard, preview=True).asked() == ran(a_dashboard).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(ProvisioningDashboard) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
