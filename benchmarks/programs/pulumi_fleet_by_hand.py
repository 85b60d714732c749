"""What ``FleetProvisioning`` defines on Pulumi, written by hand with pulumi-aws alone."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

import device_provisioning
from device_provisioning.fleet.hook_settings import hook_environment

CODE = Path(device_provisioning.__file__).parents[1]
HOOK_ENVIRONMENT = hook_environment(table_name="")
PACKED = (
    "__init__.py",
    "records/__init__.py",
    "records/record.py",
    "lambdas/__init__.py",
    "lambdas/pre_provisioning_hook/*.py",
)


def fleet_by_hand(name: str, thing_name_prefix: str) -> aws.iot.ProvisioningTemplate:
    """The resources of one fleet."""
    account = aws.get_caller_identity_output().account_id
    arn = pulumi.Output.format("arn:aws:iot:{}:{}", aws.get_region_output().region, account)
    device_policy = aws.iot.Policy(f"{name}-device-policy", policy=arn.apply(_device_policy))
    table = aws.dynamodb.Table(
        f"{name}-table",
        attributes=[{"name": "serial_number", "type": "S"}],
        hash_key="serial_number",
        billing_mode="PAY_PER_REQUEST",
        point_in_time_recovery={"enabled": True},
        server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(enabled=True),
    )
    hook = _hook(name, account, arn, table)
    template_name = f"{name}-template"
    template_arn = pulumi.Output.format("{}:provisioningtemplate/{}", arn, template_name)
    role = _role(
        f"{name}-template",
        "iot.amazonaws.com",
        {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": template_arn}},
        [
            _allow(
                ["iot:CreateThing", "iot:DescribeThing", "iot:ListThingPrincipals", "iot:UpdateThing"],
                pulumi.Output.format("{}:thing/{}*", arn, thing_name_prefix),
            ),
            _allow(
                [
                    "iot:AttachPolicy",
                    "iot:AttachThingPrincipal",
                    "iot:DescribeCertificate",
                    "iot:ListPrincipalThings",
                    "iot:UpdateCertificate",
                ],
                [
                    pulumi.Output.format("{}:cert/*", arn),
                    pulumi.Output.format("{}:thing/{}*", arn, thing_name_prefix),
                ],
            ),
            _allow(["iot:GetPolicy", "iot:ListTargetsForPolicy"], device_policy.arn),
            _allow(["iot:ListAttachedPolicies", "iot:ListPrincipalPolicies", "iot:RegisterThing"], "*"),
        ],
    )
    permission = aws.lambda_.Permission(
        f"{name}-permission",
        action="lambda:InvokeFunction",
        function=hook.name,
        principal="iot.amazonaws.com",
        source_account=account,
        source_arn=template_arn,
    )
    template = aws.iot.ProvisioningTemplate(
        f"{name}-template",
        name=template_name,
        type="FLEET_PROVISIONING",
        enabled=True,
        provisioning_role_arn=role.arn,
        pre_provisioning_hook={"payload_version": "2020-04-01", "target_arn": hook.arn},
        template_body=device_policy.name.apply(lambda policy: _body(thing_name_prefix, policy)),
        opts=pulumi.ResourceOptions(depends_on=[permission]),
    )
    _claim(name, arn, template_name)
    return template


def _hook(
    name: str, account: pulumi.Output[str], arn: pulumi.Output[str], table: aws.dynamodb.Table
) -> aws.lambda_.Function:
    log_group = aws.cloudwatch.LogGroup(f"{name}-hook-log-group", retention_in_days=365)
    role = _role(
        f"{name}-hook",
        "lambda.amazonaws.com",
        {"StringEquals": {"aws:SourceAccount": account}},
        [
            _allow("dynamodb:UpdateItem", table.arn),
            _allow("iot:DescribeCertificate", pulumi.Output.format("{}:cert/*", arn)),
            _allow(
                ["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.format("{}:*", log_group.arn)
            ),
        ],
    )
    files: dict[str, pulumi.Asset | pulumi.Archive] = {
        str(file.relative_to(CODE)): pulumi.FileAsset(str(file))
        for pattern in PACKED
        for file in CODE.glob(f"device_provisioning/{pattern}")
    }
    return aws.lambda_.Function(
        f"{name}-hook",
        code=pulumi.AssetArchive(files),
        handler="device_provisioning.lambdas.pre_provisioning_hook.handler.handler",
        runtime="python3.14",
        architectures=["arm64"],
        role=role.arn,
        description="Decides by an allow list whether a device may register",
        timeout=5,
        memory_size=512,
        logging_config=aws.lambda_.FunctionLoggingConfigArgs(log_format="Text", log_group=log_group.name),
        environment=aws.lambda_.FunctionEnvironmentArgs(
            variables={**HOOK_ENVIRONMENT, "ALLOW_LIST_TABLE_NAME": table.name}
        ),
    )


def _claim(name: str, arn: pulumi.Output[str], template_name: str) -> None:
    policy = aws.iot.Policy(
        f"{name}-claim-policy", policy=arn.apply(lambda start: _claim_policy(start, template_name))
    )
    certificate = aws.iot.Certificate(f"{name}-claim", active=True)
    aws.iot.PolicyAttachment(f"{name}-claim", policy=policy.name, target=certificate.arn)
    secret = aws.secretsmanager.Secret(f"{name}-claim", description="Claim certificate and key")
    aws.secretsmanager.SecretVersion(
        f"{name}-claim",
        secret_id=secret.id,
        secret_string=pulumi.Output.json_dumps(
            {"certificatePem": certificate.certificate_pem, "privateKey": certificate.private_key}
        ),
    )


def _role(
    name: str, service: str, condition: dict[str, Any], statements: list[dict[str, Any]]
) -> aws.iam.Role:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    role = aws.iam.Role(f"{name}-role", assume_role_policy=pulumi.Output.json_dumps(_document([trust])))
    aws.iam.RolePolicy(
        f"{name}-permissions", role=role.id, policy=pulumi.Output.json_dumps(_document(statements))
    )
    return role


def _allow(action: str | list[str], resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _device_policy(arn: str) -> str:
    topic = "dt/${iot:Connection.Thing.ThingName}/*"
    connect = _allow("iot:Connect", f"{arn}:client/${{iot:Connection.Thing.ThingName}}")
    statements = [
        {**connect, "Condition": {"Bool": {"iot:Connection.Thing.IsAttached": ["true"]}}},
        _allow("iot:Publish", f"{arn}:topic/{topic}"),
        _allow("iot:Receive", f"{arn}:topic/{topic}"),
        _allow("iot:Subscribe", f"{arn}:topicfilter/{topic}"),
    ]
    return json.dumps(_document(statements))


def _claim_policy(arn: str, template_name: str) -> str:
    topics = [
        "$aws/certificates/create/json",
        f"$aws/provisioning-templates/{template_name}/provision/json",
    ]
    statements = [
        _allow("iot:Connect", f"{arn}:client/claim-*"),
        _allow("iot:Publish", [f"{arn}:topic/{topic}" for topic in topics]),
        _allow("iot:Receive", [f"{arn}:topic/{topic}/*" for topic in topics]),
        _allow("iot:Subscribe", [f"{arn}:topicfilter/{topic}/*" for topic in topics]),
    ]
    return json.dumps(_document(statements))


def _body(thing_name_prefix: str, policy_name: str) -> str:
    certificate_id = "AWS::IoT::Certificate::Id"
    body = {
        "Parameters": {"SerialNumber": {"Type": "String"}, certificate_id: {"Type": "String"}},
        "Resources": {
            "thing": {
                "Type": "AWS::IoT::Thing",
                "Properties": {"ThingName": {"Fn::Join": ["", [thing_name_prefix, {"Ref": "SerialNumber"}]]}},
            },
            "certificate": {
                "Type": "AWS::IoT::Certificate",
                "Properties": {"CertificateId": {"Ref": certificate_id}, "Status": "ACTIVE"},
            },
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": policy_name}},
        },
    }
    return json.dumps(body)
