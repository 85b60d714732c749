"""Roles of their own that tests give on Pulumi."""

import json

import pulumi_aws as aws

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "iot.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        }
    ],
}


def a_provisioning_role(name):
    """A role that AWS IoT may assume for templates of this account."""
    return aws.iam.Role(name, assume_role_policy=json.dumps(TRUST))
