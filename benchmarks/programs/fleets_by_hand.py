"""What ``FleetProvisioning`` defines, written by hand with aws-cdk-lib: L2s wherever there is one."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_iot as iot
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

import device_provisioning
from device_provisioning.fleet.hook_settings import hook_environment

CODE = Path(device_provisioning.__file__).parents[1]
HOOK_ENVIRONMENT = hook_environment(table_name="")
PACKED = (
    "device_provisioning",
    "device_provisioning/__init__.py",
    "device_provisioning/records",
    "device_provisioning/allow_list/*.py",
    "device_provisioning/lambdas",
    "device_provisioning/lambdas/**",
)


class FleetByHand(Construct):
    """The resources of one fleet."""

    def __init__(self, scope: Construct, construct_id: str, *, thing_name_prefix: str) -> None:
        super().__init__(scope, construct_id)
        self.stack = cdk.Stack.of(self)
        self.account = self.stack.account
        self.arn = f"arn:{self.stack.partition}:iot:{self.stack.region}:{self.account}"
        self.template_name = f"{construct_id}-template"
        device_policy = self._device_policy(f"{construct_id}-device")
        table = dynamodb.Table(
            self,
            "Devices",
            partition_key=dynamodb.Attribute(name="serial_number", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
        )
        hook = self._hook(table)
        self.caretaker = Caretaker.of(self.stack)
        self.may = iam.PolicyDocument()
        self.rights = iam.Role(
            self,
            "RightsOfCaretaker",
            assumed_by=iam.ArnPrincipal(self.caretaker.role.role_arn),
            inline_policies={"Permissions": self.may},
            description="The caretaker looks after the fleet with this role",
        )
        template = self._template(thing_name_prefix, device_policy, hook)
        self._claim(f"{construct_id}-claim")
        self.template = template

    def _device_policy(self, name: str) -> iot.CfnPolicy:
        topic = "dt/${iot:Connection.Thing.ThingName}/*"
        statements: list[dict[str, object]] = [
            {
                "Effect": "Allow",
                "Action": "iot:Connect",
                "Resource": f"{self.arn}:client/${{iot:Connection.Thing.ThingName}}",
                "Condition": {"Bool": {"iot:Connection.Thing.IsAttached": ["true"]}},
            },
            {"Effect": "Allow", "Action": "iot:Publish", "Resource": f"{self.arn}:topic/{topic}"},
            {"Effect": "Allow", "Action": "iot:Receive", "Resource": f"{self.arn}:topic/{topic}"},
            {"Effect": "Allow", "Action": "iot:Subscribe", "Resource": f"{self.arn}:topicfilter/{topic}"},
        ]
        return self._iot_policy("DevicePolicy", name, statements)

    def _iot_policy(self, construct_id: str, name: str, statements: list[dict[str, object]]) -> iot.CfnPolicy:
        document = {"Version": "2012-10-17", "Statement": statements}
        return iot.CfnPolicy(self, construct_id, policy_name=name, policy_document=document)

    def _hook(self, table: dynamodb.Table) -> lambda_.Function:
        function, _ = _function(
            self,
            "Hook",
            handler="device_provisioning.lambdas.pre_provisioning_hook.handler.handler",
            description="Decides by an allow list whether a device may register",
            statements=[
                iam.PolicyStatement(actions=["dynamodb:UpdateItem"], resources=[table.table_arn]),
                iam.PolicyStatement(actions=["iot:DescribeCertificate"], resources=[f"{self.arn}:cert/*"]),
            ],
            environment={**HOOK_ENVIRONMENT, "ALLOW_LIST_TABLE_NAME": table.table_name},
            timeout=cdk.Duration.seconds(5),
            memory_mib=512,
        )
        return function

    def _template(
        self, thing_name_prefix: str, device_policy: iot.CfnPolicy, hook: lambda_.Function
    ) -> iot.CfnProvisioningTemplate:
        body = _body(thing_name_prefix, str(device_policy.policy_name))
        template_arn = f"{self.arn}:provisioningtemplate/{self.template_name}"
        role = self._provisioning_role(thing_name_prefix, str(device_policy.policy_name), template_arn)
        hook.add_permission(
            "Template",
            principal=iam.ServicePrincipal("iot.amazonaws.com"),
            source_account=self.account,
            source_arn=template_arn,
        )
        hook_property = {"PayloadVersion": "2020-04-01", "TargetArn": hook.function_arn}
        template = iot.CfnProvisioningTemplate(
            self,
            "Template",
            provisioning_role_arn=role.role_arn,
            template_body=body,
            template_name=self.template_name,
            template_type="FLEET_PROVISIONING",
            enabled=True,
            pre_provisioning_hook=iot.CfnProvisioningTemplate.ProvisioningHookProperty(
                payload_version="2020-04-01", target_arn=hook.function_arn
            ),
        )
        template.node.add_dependency(device_policy, hook)
        actions = [
            "CreateProvisioningTemplateVersion",
            "DeleteProvisioningTemplateVersion",
            "DescribeProvisioningTemplate",
            "DescribeProvisioningTemplateVersion",
            "ListProvisioningTemplateVersions",
            "UpdateProvisioningTemplate",
        ]
        self.may.add_statements(
            iam.PolicyStatement(actions=[f"iot:{action}" for action in actions], resources=[template_arn]),
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "iot.amazonaws.com"}},
            ),
        )
        cdk.CustomResource(
            self,
            "DeclaredTemplate",
            service_token=self.caretaker.function.function_arn,
            resource_type="Custom::DeclaredProvisioningTemplate",
            properties={
                "TemplateName": template.ref,
                "TemplateBody": body,
                "PreProvisioningHook": hook_property,
                "ActsWithRoleArn": self.rights.role_arn,
            },
            service_timeout=cdk.Duration.minutes(5),
        )
        return template

    def _provisioning_role(self, thing_name_prefix: str, policy_name: str, template_arn: str) -> iam.Role:
        things, certificates = f"{self.arn}:thing/{thing_name_prefix}*", f"{self.arn}:cert/*"
        granted = {
            ("CreateThing", "DescribeThing", "ListThingPrincipals", "UpdateThing"): [things],
            (
                "AttachPolicy",
                "DescribeCertificate",
                "ListPrincipalThings",
                "UpdateCertificate",
                "AttachThingPrincipal",
            ): [certificates, things],
            ("GetPolicy", "ListTargetsForPolicy"): [f"{self.arn}:policy/{policy_name}"],
            ("ListAttachedPolicies", "ListPrincipalPolicies", "RegisterThing"): ["*"],
        }
        statements = [
            iam.PolicyStatement(actions=[f"iot:{action}" for action in actions], resources=resources)
            for actions, resources in granted.items()
        ]
        conditions = {
            "StringEquals": {"aws:SourceAccount": self.account},
            "ArnLike": {"aws:SourceArn": template_arn},
        }
        return iam.Role(
            self,
            "ProvisioningRole",
            assumed_by=iam.ServicePrincipal("iot.amazonaws.com", conditions=conditions),
            inline_policies={"Permissions": iam.PolicyDocument(statements=statements)},
            description=f"AWS IoT applies the provisioning template {self.template_name} with this role",
        )

    def _claim(self, name: str) -> None:
        provision = f"$aws/provisioning-templates/{self.template_name}/provision/json"
        topics = ["$aws/certificates/create/json", provision]
        statements: list[dict[str, object]] = [
            {"Effect": "Allow", "Action": "iot:Connect", "Resource": f"{self.arn}:client/claim-*"},
            {
                "Effect": "Allow",
                "Action": "iot:Publish",
                "Resource": [f"{self.arn}:topic/{topic}" for topic in topics],
            },
            {
                "Effect": "Allow",
                "Action": "iot:Receive",
                "Resource": [f"{self.arn}:topic/{topic}/*" for topic in topics],
            },
            {
                "Effect": "Allow",
                "Action": "iot:Subscribe",
                "Resource": [f"{self.arn}:topicfilter/{topic}/*" for topic in topics],
            },
        ]
        policy = self._iot_policy("ClaimPolicy", name, statements)
        secret = secretsmanager.Secret(self, "Secret", description=f"Claim certificate and key of {name}")
        on_certificates = [
            "DeleteCertificate",
            "DescribeCertificate",
            "DetachPolicy",
            "DetachThingPrincipal",
            "UpdateCertificate",
        ]
        self.may.add_statements(
            iam.PolicyStatement(actions=["iot:CreateKeysAndCertificate"], resources=["*"]),
            iam.PolicyStatement(
                actions=[f"iot:{action}" for action in on_certificates], resources=[f"{self.arn}:cert/*"]
            ),
            iam.PolicyStatement(
                actions=["iot:ListAttachedPolicies", "iot:ListPrincipalThings"], resources=["*"]
            ),
            iam.PolicyStatement(
                actions=["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
                resources=[secret.secret_arn],
            ),
        )
        certificate = cdk.CustomResource(
            self,
            "Claim",
            service_token=self.caretaker.function.function_arn,
            resource_type="Custom::ClaimCertificate",
            properties={"SecretId": secret.secret_arn, "ActsWithRoleArn": self.rights.role_arn},
            service_timeout=cdk.Duration.minutes(5),
        )
        certificate.node.add_dependency(policy)
        attachment = iot.CfnPolicyPrincipalAttachment(
            self,
            "PolicyAttachment",
            policy_name=name,
            principal=certificate.get_att_string("CertificateArn"),
        )
        attachment.node.add_dependency(policy)


def _function(
    scope: Construct,
    construct_id: str,
    *,
    handler: str,
    description: str,
    timeout: cdk.Duration,
    statements: Sequence[iam.PolicyStatement] = (),
    memory_mib: int = 256,
    environment: dict[str, str] | None = None,
    max_event_age: cdk.Duration | None = None,
) -> tuple[lambda_.Function, iam.Role]:
    log_group = logs.LogGroup(
        scope,
        f"{construct_id}LogGroup",
        retention=logs.RetentionDays.ONE_YEAR,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
    log_lines = iam.PolicyStatement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
    )
    account = cdk.Stack.of(scope).account
    role = iam.Role(
        scope,
        f"{construct_id}Role",
        assumed_by=iam.ServicePrincipal(
            "lambda.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": account}}
        ),
        inline_policies={"Permissions": iam.PolicyDocument(statements=[*statements, log_lines])},
        description=description,
    )
    function = lambda_.Function(
        scope,
        f"{construct_id}Function",
        code=lambda_.Code.from_asset(
            str(CODE),
            exclude=["*", *(f"!/{path}" for path in PACKED), "__pycache__"],
            ignore_mode=cdk.IgnoreMode.GIT,
        ),
        handler=handler,
        runtime=lambda_.Runtime.PYTHON_3_14,
        architecture=lambda_.Architecture.ARM_64,
        role=role.without_policy_updates(),
        description=description,
        timeout=timeout,
        memory_size=memory_mib,
        environment=environment,
        log_group=log_group,
        max_event_age=max_event_age,
    )
    return function, role


class Caretaker(Construct):
    """The one function behind the custom resources of a stack."""

    def __init__(self, stack: cdk.Stack) -> None:
        super().__init__(stack, "Caretaker")
        self.function, self.role = _function(
            self,
            "Caretaker",
            handler="device_provisioning.lambdas.custom_resources.caretaker.handler",
            description="Looks after the custom resources of this stack",
            timeout=cdk.Duration.minutes(15),
            max_event_age=cdk.Duration.minutes(3),
        )

    @classmethod
    def of(cls, stack: cdk.Stack) -> Self:
        """The one of a stack."""
        found = stack.node.try_find_child("Caretaker")
        return found if isinstance(found, cls) else cls(stack)


def _body(thing_name_prefix: str, policy_name: str) -> str:
    certificate_id = "AWS::IoT::Certificate::Id"
    thing_name = {"Fn::Join": ["", [thing_name_prefix, {"Ref": "SerialNumber"}]]}
    body = {
        "Parameters": {"SerialNumber": {"Type": "String"}, certificate_id: {"Type": "String"}},
        "Resources": {
            "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": thing_name}},
            "certificate": {
                "Type": "AWS::IoT::Certificate",
                "Properties": {
                    "CertificateId": {"Ref": certificate_id},
                    "Status": "ACTIVE",
                    "ThingPrincipalType": "EXCLUSIVE_THING",
                },
            },
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": policy_name}},
        },
    }
    return json.dumps(body)
