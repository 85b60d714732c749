import json

import pulumi_aws as aws

from device_provisioning.pulumi import FleetProvisioning

fleet = FleetProvisioning("installed-by-technicians", {"thing_name_prefix": "sensor-"})
account = aws.get_caller_identity().account_id
trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "sts:AssumeRole",
        }
    ],
}
technicians = aws.iam.Role("technicians", assume_role_policy=json.dumps(trust))
aws.iam.RolePolicy("technicians-claims", role=technicians.name, policy=fleet.create_claim_policy)
