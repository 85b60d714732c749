"""The recorder that the tests of Pulumi components rely on refuses what the engine would refuse."""

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.pulumi import DevicePolicy
from tests.support.pulumi_program import Refused, ran


def test_two_resources_of_one_urn_are_refused():
    def define():
        DevicePolicy("policy")
        DevicePolicy("policy")

    with pytest.raises(Exception, match="duplicate resource URN"):
        ran(define)


def test_a_call_that_nobody_expects_is_refused():
    with pytest.raises(Refused, match="unknown call aws:s3/getBucket:getBucket"):
        ran(lambda: aws.s3.get_bucket("logs"))


def test_an_input_that_nobody_expects_is_refused():
    with pytest.raises(Exception, match="has no inputs"):
        ran(lambda: aws.iot.Policy("policy", policy="{}", tags={"site": "lab"}))


def test_a_resource_type_that_nobody_expects_is_refused():
    with pytest.raises(Exception, match="unknown resource type aws:sns/topic:Topic"):
        ran(lambda: aws.sns.Topic("jobs"))


def test_a_preview_leaves_computed_outputs_unknown():
    seen = []
    ran(lambda: aws.iot.Policy("policy", policy="{}").arn.apply(seen.append), preview=True)
    assert not seen
    ran(lambda: aws.iot.Policy("policy", policy="{}").arn.apply(seen.append))
    assert seen == ["arn:aws:iot:eu-west-1:111122223333:policy"]


def test_secrets_are_marked():
    program = ran(lambda: aws.iot.Policy("policy", policy=pulumi.Output.secret("{}")))
    assert program.only("Policy") == {"policy": {"SECRET": {}}}
