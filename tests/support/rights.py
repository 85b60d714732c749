"""Roles of a deployed stack whose rights are taken away one at a time, and what each of them does."""

import json
import re
import uuid
from contextlib import contextmanager

from botocore.exceptions import ClientError

from device_provisioning.fleet.caretaker_rights import ACTS_WITH
from device_provisioning.fleet.functions import CARETAKER
from device_provisioning.lambdas.custom_resources.declared_template import KEPT_VERSIONS
from tests.support.custom_resources import answers_server
from tests.support.detaching import settled
from workshop.device import Rejected


class Broken(Exception):  # noqa: N818  # an outcome, not an error
    """What a role is for did not work."""


class Roles:
    """The roles of a stack by their descriptions, and the functions that run with them."""

    def __init__(self, emulator, stack_name):
        self._iam, self._lambda = emulator.client("iam"), emulator.client("lambda")
        described = emulator.client("cloudformation").describe_stack_resources(StackName=stack_name)
        resources = described["StackResources"]
        physical = {kind: [] for kind in ("AWS::IAM::Role", "AWS::Lambda::Function")}
        for resource in resources:
            is_another = resource["LogicalResourceId"].startswith("RotationTemplate")
            if resource["ResourceType"] in physical and not is_another:
                physical[resource["ResourceType"]].append(resource["PhysicalResourceId"])
        self.names = {}
        for name in physical["AWS::IAM::Role"]:
            description = self._iam.get_role(RoleName=name)["Role"]["Description"]
            self.names[kind_of(description)] = name
        self._functions = {}
        for name in physical["AWS::Lambda::Function"]:
            role = self._lambda.get_function_configuration(FunctionName=name)["Role"]
            self._functions[role.rpartition("/")[2]] = name

    def actions(self, role):
        """Every action that a role may do."""
        return {
            action for statement in self._policy(role)["Statement"] for action in listed(statement["Action"])
        }

    @contextmanager
    def without(self, role, *actions):
        """Take actions from a role for a while."""
        policy = self._policy(role)
        left = [
            {**statement, "Action": [given for given in listed(statement["Action"]) if given not in actions]}
            for statement in policy["Statement"]
        ]
        self._put(role, {**policy, "Statement": [statement for statement in left if statement["Action"]]})
        try:
            yield
        finally:
            self._put(role, policy)

    def allow(self, role, *actions):
        """Let a role do what the emulator authorises on other resources than AWS."""
        policy = self._policy(role)
        more = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        self._put(role, {**policy, "Statement": [*policy["Statement"], more]})

    def invoke(self, role, event):
        """What the function that runs with a role answers.

        Raises:
            Broken: If it fails.
        """
        answer = self._lambda.invoke(
            FunctionName=self._functions[self.names[role]], Payload=json.dumps(event).encode()
        )
        text = answer["Payload"].read()
        if "FunctionError" in answer:
            raise Broken(text.decode())
        return json.loads(text or "null")

    def custom_resource(self, role, request_type, properties, **more):
        """Send an event of CloudFormation to the function that runs with a role, or to the caretaker.

        Raises:
            Broken: If it answers that it failed.
        """
        runs_with = role
        if self.names[role] not in self._functions:
            arn = self._iam.get_role(RoleName=self.names[role])["Role"]["Arn"]
            runs_with, properties = CARETAKER.description, {**properties, ACTS_WITH: arn}
        with answers_server() as server:
            event = {
                "RequestType": request_type,
                "RequestId": str(uuid.uuid4()),
                "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/Rights/1",
                "LogicalResourceId": "Resource",
                "ResponseURL": server.url,
                "ResourceProperties": {"ServiceToken": "arn", **properties},
                **more,
            }
            self.invoke(runs_with, event)
            (answer,) = server.answers
        if answer["Status"] != "SUCCESS":
            raise Broken(answer["Reason"])
        return answer

    def _policy(self, role):
        found = self._iam.get_role_policy(RoleName=self.names[role], PolicyName="Permissions")
        return found["PolicyDocument"]

    def _put(self, role, policy):
        self._iam.put_role_policy(
            RoleName=self.names[role], PolicyName="Permissions", PolicyDocument=json.dumps(policy)
        )


def kind_of(description):
    """The description of a role without the name of what it is for, or what the caretaker does with it."""
    if found := re.fullmatch("The caretaker looks after (.*) with this role", description):
        return found[1]
    for beginning in (
        "AWS IoT applies the provisioning template",
        "Greengrass core devices act with this role",
    ):
        if description.startswith(beginning):
            return beginning
    return description


def listed(value):
    return [value] if isinstance(value, str) else value


class Work:
    """What each role is for, done once; every piece of work can be repeated."""

    def __init__(self, fleet, roles, outputs):
        self.fleet, self.roles, self._outputs = fleet, roles, outputs
        self._client = fleet.emulator.client
        self.iot, self.secrets = self._client("iot"), self._client("secretsmanager")
        self.secret_id = outputs["ClaimCertificateSecretArn"]

    def register(self):
        """A device registers whose thing is new, and one whose thing is there already, in another group."""
        fleet = self.fleet.from_outputs(self.fleet.emulator, self._outputs)
        existing = fleet.a_serial_number()
        self.iot.create_thing(thingName=f"sensor-{existing}")
        self.iot.add_thing_to_thing_group(thingGroupName="plant7", thingName=f"sensor-{existing}")
        try:
            fleet.provision(fleet.a_serial_number())
            fleet.provision(existing)
        except (Rejected, TimeoutError) as error:
            raise Broken(str(error)) from None

    def decide(self):
        """The hook lets a device of a batch in, and in again whose first attempt was not completed."""
        self.fleet.open_batch("line-4")
        serial_number = self.fleet.a_serial_number(batch_name={"S": "line-4"})
        for _ in range(2):
            event = {"parameters": {"SerialNumber": serial_number}, "certificateId": uuid.uuid4().hex * 2}
            if not self.roles.invoke(DECIDE, event)["allowProvisioning"]:
                raise Broken("denied")
            self.fleet.let_settle(serial_number)

    def keep_in_step(self):
        """A device is declared, and then is not any more."""
        name, serial_number = self.fleet.table_name, f"SN-{uuid.uuid4().hex[:8]}"
        one = {"TableName": name, "Devices": json.dumps([{"serial_number": serial_number}])}
        none = {"TableName": name, "Devices": "[]"}
        listed = {"ResourceType": "Custom::ListedDevices"}
        made = self.roles.custom_resource(KEEP_IN_STEP, "Create", one, **listed)
        self.roles.custom_resource(
            KEEP_IN_STEP,
            "Update",
            none,
            PhysicalResourceId=made["PhysicalResourceId"],
            OldResourceProperties=one,
            **listed,
        )

    def make_claim(self):
        """The claim certificate is made, used for a thing, deleted and made anew."""
        self._claim("Create")
        stored = self._stored()
        self._use(stored["certificateArn"])
        self._claim("Delete", PhysicalResourceId=stored["certificateId"])
        self._claim("Create")
        self._attach_claim_policy()

    def rotate_claim(self):
        """The claim is replaced while the old one is in use."""
        self._claim("Create")
        self._use(self._stored()["certificateArn"])
        event = {"SecretId": self.secret_id, "ClientRequestToken": str(uuid.uuid4())}
        for step in ("createSecret", "setSecret"):
            self.roles.invoke(ROTATE_CLAIM, {**event, "Step": step})
        try:
            self.roles.invoke(ROTATE_CLAIM, {**event, "Step": "testSecret"})
        except Broken as error:
            # The emulator's MQTT port is elsewhere than AWS's: to have asked for the endpoint is enough.
            if "AccessDenied" in str(error) or "not authorized" in str(error):
                raise
        self.roles.invoke(ROTATE_CLAIM, {**event, "Step": "finishSecret"})

    def revoke(self):
        """Every certificate that holds the device policy is revoked."""
        arn = self._certificate(self._outputs["DevicePolicyName"])
        self._use(arn)
        properties = {"PolicyName": self._outputs["DevicePolicyName"]}
        self.roles.custom_resource(
            REVOKE,
            "Delete",
            properties,
            PhysicalResourceId="certificates",
            ResourceType="Custom::ProvisionedCertificates",
        )
        self._require_gone(arn)

    def declare(self):
        """A template gets another body, again and again, so that old versions have to go."""
        name = self.fleet.template_name
        described = self.iot.describe_provisioning_template(templateName=name)
        hook = described["preProvisioningHook"]
        for _ in range(KEPT_VERSIONS + 1):
            body = json.loads(described["templateBody"])
            body["DeviceConfiguration"] = {"changed": uuid.uuid4().hex}
            properties = {
                "TemplateName": name,
                "TemplateBody": json.dumps(body),
                "PreProvisioningHook": {
                    "PayloadVersion": hook["payloadVersion"],
                    "TargetArn": hook["targetArn"],
                },
            }
            self.roles.custom_resource(
                KEEP_FLEET, "Create", properties, ResourceType="Custom::DeclaredProvisioningTemplate"
            )

    def keep_fleet(self):
        """The claim is made and the template is declared."""
        self.make_claim()
        self.declare()

    def let_replace(self):
        """A device on the list may replace its certificate, and gets the same answer again."""
        thing_name, (arn,) = self._thing(1)
        serial_number = thing_name.removeprefix("sensor-")
        self.fleet.put(serial_number)
        event = {
            "parameters": {"SerialNumber": serial_number},
            "certificateId": self.iot.create_keys_and_certificate(setAsActive=True)["certificateId"],
            "claimCertificateId": arn.rpartition("/")[2],
        }
        for _ in range(2):
            if not self.roles.invoke(LET_REPLACE, event)["allowProvisioning"]:
                raise Broken("denied")

    def retire(self):
        """The certificate that a device replaced is taken out of use, and the record names the new one."""
        thing_name, (old, new) = self._thing(2)
        serial_number = thing_name.removeprefix("sensor-")
        self.fleet.put(serial_number, certificate_id={"S": old.rpartition("/")[2]})
        event = {"thing_name": thing_name, "certificate_id": new.rpartition("/")[2]}
        self.roles.invoke(RETIRE, event)
        described = self.iot.describe_certificate(certificateId=old.rpartition("/")[2])
        if described["certificateDescription"]["status"] != "INACTIVE":
            raise Broken("the old certificate is active")
        if settled(lambda: self.iot.list_attached_policies(target=old))["policies"]:
            raise Broken("the old certificate holds the policy")
        if settled(lambda: self.iot.list_thing_principals(thingName=thing_name))["principals"] != [new]:
            raise Broken("the old certificate is attached")
        if self.fleet.record(serial_number)["certificate_id"] != {"S": new.rpartition("/")[2]}:
            raise Broken("the record names the old certificate")

    def _claim(self, request_type, **more):
        resource_type = {"ResourceType": "Custom::ClaimCertificate"}
        self.roles.custom_resource(
            KEEP_FLEET, request_type, {"SecretId": self.secret_id}, **resource_type, **more
        )

    def _stored(self):
        return json.loads(self.secrets.get_secret_value(SecretId=self.secret_id)["SecretString"])

    def _attach_claim_policy(self):
        self.iot.attach_policy(
            policyName=self._outputs["ClaimPolicyName"], target=self._stored()["certificateArn"]
        )

    def _certificate(self, policy_name):
        arn = self.iot.create_keys_and_certificate(setAsActive=True)["certificateArn"]
        self.iot.attach_policy(policyName=policy_name, target=arn)
        return arn

    def _thing(self, certificates):
        thing_name = f"sensor-{uuid.uuid4().hex[:8]}"
        self.iot.create_thing(thingName=thing_name)
        arns = [self._certificate(self._outputs["DevicePolicyName"]) for _ in range(certificates)]
        for arn in arns:
            self.iot.attach_thing_principal(thingName=thing_name, principal=arn)
        return thing_name, arns

    def _use(self, arn):
        thing_name = f"sensor-{uuid.uuid4().hex[:8]}"
        self.iot.create_thing(thingName=thing_name)
        self.iot.attach_policy(policyName=self._outputs["ClaimPolicyName"], target=arn)
        self.iot.attach_thing_principal(thingName=thing_name, principal=arn)

    def _require_gone(self, arn):
        try:
            self.iot.describe_certificate(certificateId=arn.rpartition("/")[2])
        except ClientError:
            return
        raise Broken("the certificate is there")


ACT = "Greengrass core devices act with this role"
REGISTER = "AWS IoT applies the provisioning template"
DECIDE = "Decides by an allow list whether a device may register"
KEEP_IOTDA = "Manages pre-provisioning templates and device CAs of Huawei Cloud IoTDA"
KEEP_FLEET = "ClaimCertificate, DeclaredProvisioningTemplate"
KEEP_IN_STEP = "ListedDevices"
ROTATE_CLAIM = "Rotates the claim certificate in Secrets Manager"
REVOKE = "ProvisionedCertificates"
LET_REPLACE = "Lets devices replace their own certificates"
RETIRE = "Retires certificates that devices have replaced"
WORK = {
    REGISTER: Work.register,
    DECIDE: Work.decide,
    KEEP_IN_STEP: Work.keep_in_step,
    ROTATE_CLAIM: Work.rotate_claim,
    REVOKE: Work.revoke,
    LET_REPLACE: Work.let_replace,
    RETIRE: Work.retire,
    KEEP_FLEET: Work.keep_fleet,
}
"""What each role is for; the template is changed last."""
