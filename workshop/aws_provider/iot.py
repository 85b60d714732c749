"""AWS IoT policies, certificates and the groups that things join."""

import json

from .resource_type import (
    Attachment,
    Client,
    Gone,
    Properties,
    ResourceType,
    given,
    require_unchanged,
    tag_list,
    tags_of,
)

MOST_VERSIONS = 5
ATTEMPTS = 5


class Policy(ResourceType):
    """``aws.iot.Policy``."""

    pulumi_type = "aws:iot/policy:Policy"
    required = frozenset({"policy"})
    optional = frozenset({"name", "tags"})
    replacing = frozenset({"name"})
    computed = ("arn", "defaultVersionId")
    longest_name = 128
    documents = frozenset({"policy"})

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        made = client("iot").create_policy(
            policyName=inputs["name"], policyDocument=inputs["policy"], tags=tag_list(inputs)
        )
        return inputs["name"], {"arn": made["policyArn"], "defaultVersionId": made["policyVersionId"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for its default version."""
        found = client("iot").get_policy(policyName=id_)
        known = state.get("policy", "null")
        same = json.loads(known) == json.loads(found["policyDocument"])
        return {
            "arn": found["policyArn"],
            "defaultVersionId": found["defaultVersionId"],
            "policy": known if same else found["policyDocument"],
        }

    def imported(self, client: Client, id_: str) -> tuple[str, Properties]:
        """By its name."""
        found = client("iot").get_policy(policyName=id_)
        tags = tags_by_arn(client, found["policyArn"])
        return id_, given({"name": id_, "policy": found["policyDocument"], "tags": tags})

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Make a new default version, and room for it."""
        require_unchanged(inputs, before, "tags")
        versions = client("iot").list_policy_versions(policyName=id_)["policyVersions"]
        old = sorted(int(version["versionId"]) for version in versions if not version["isDefaultVersion"])
        if len(versions) >= MOST_VERSIONS:
            client("iot").delete_policy_version(policyName=id_, policyVersionId=str(old[0]))
        client("iot").create_policy_version(
            policyName=id_, policyDocument=inputs["policy"], setAsDefault=True
        )

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it with its versions."""
        for version in client("iot").list_policy_versions(policyName=id_)["policyVersions"]:
            if not version["isDefaultVersion"]:
                client("iot").delete_policy_version(policyName=id_, policyVersionId=version["versionId"])
        _delete_when_detached(client, id_)


class PolicyAttachment(Attachment):
    """``aws.iot.PolicyAttachment``."""

    pulumi_type = "aws:iot/policyAttachment:PolicyAttachment"
    required = frozenset({"policy", "target"})
    replacing = required

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Attach it."""
        client("iot").attach_policy(policyName=inputs["policy"], target=inputs["target"])
        return f"{inputs['policy']}|{inputs['target']}", {}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Look for it among those of the target."""
        attached = client("iot").list_attached_policies(target=state["target"])["policies"]
        if state["policy"] not in [policy["policyName"] for policy in attached]:
            raise Gone
        return {}

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Detach it."""
        client("iot").detach_policy(policyName=state["policy"], target=state["target"])


class Certificate(ResourceType):
    """``aws.iot.Certificate`` of a signing request."""

    pulumi_type = "aws:iot/certificate:Certificate"
    required = frozenset({"active", "csr"})
    replacing = frozenset({"csr"})
    computed = ("arn", "certificateId", "certificatePem")

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Have it signed."""
        made = client("iot").create_certificate_from_csr(
            certificateSigningRequest=inputs["csr"], setAsActive=inputs["active"]
        )
        return made["certificateId"], {
            "arn": made["certificateArn"],
            "certificateId": made["certificateId"],
            "certificatePem": made["certificatePem"],
        }

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for its state."""
        found = client("iot").describe_certificate(certificateId=id_)["certificateDescription"]
        return {"arn": found["certificateArn"], "active": found["status"] == "ACTIVE"}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Activate or deactivate it."""
        self._set(client, id_, "ACTIVE" if inputs["active"] else "INACTIVE")

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Deactivate and delete it."""
        self._set(client, id_, "INACTIVE")
        client("iot").delete_certificate(certificateId=id_)

    def _set(self, client: Client, id_: str, status: str) -> None:
        client("iot").update_certificate(certificateId=id_, newStatus=status)


class CaCertificate(ResourceType):
    """``aws.iot.CaCertificate``."""

    pulumi_type = "aws:iot/caCertificate:CaCertificate"
    required = frozenset({"active", "allowAutoRegistration", "caCertificatePem"})
    optional = frozenset({"certificateMode", "registrationConfig", "tags", "verificationCertificatePem"})
    replacing = frozenset({"caCertificatePem", "certificateMode", "verificationCertificatePem"})

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Register it."""
        verification = inputs.get("verificationCertificatePem")
        made = client("iot").register_ca_certificate(
            caCertificate=inputs["caCertificatePem"],
            setAsActive=inputs["active"],
            allowAutoRegistration=inputs["allowAutoRegistration"],
            certificateMode=inputs.get("certificateMode", "DEFAULT"),
            tags=_tags(inputs),
            **({"verificationCertificate": verification} if verification else {}),
            **_registration(inputs),
        )
        return made["certificateId"], {"arn": made["certificateArn"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for its state."""
        answer = client("iot").describe_ca_certificate(certificateId=id_)
        found, registration = answer["certificateDescription"], answer.get("registrationConfig")
        return {
            "arn": found["certificateArn"],
            "active": found["status"] == "ACTIVE",
            "allowAutoRegistration": found.get("autoRegistrationStatus") == "ENABLE",
            **({"registrationConfig": registration} if registration else {}),
        }

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Change whether and how it registers devices."""
        registration = _registration(inputs)
        client("iot").update_ca_certificate(
            certificateId=id_,
            newStatus="ACTIVE" if inputs["active"] else "INACTIVE",
            newAutoRegistrationStatus="ENABLE" if inputs["allowAutoRegistration"] else "DISABLE",
            **(registration or {"removeAutoRegistration": True}),
        )
        arn = client("iot").describe_ca_certificate(certificateId=id_)["certificateDescription"][
            "certificateArn"
        ]
        if gone := before.get("tags", {}).keys() - inputs.get("tags", {}).keys():
            client("iot").untag_resource(resourceArn=arn, tagKeys=sorted(gone))
        if inputs.get("tags"):
            client("iot").tag_resource(resourceArn=arn, tags=_tags(inputs))

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Deactivate and delete it."""
        client("iot").update_ca_certificate(certificateId=id_, newStatus="INACTIVE")
        client("iot").delete_ca_certificate(certificateId=id_)


class ThingGroup(ResourceType):
    """``aws.iot.ThingGroup``."""

    pulumi_type = "aws:iot/thingGroup:ThingGroup"
    required = frozenset()
    optional = frozenset({"name"})
    replacing = frozenset({"name"})
    longest_name = 128

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        made = client("iot").create_thing_group(thingGroupName=inputs["name"])
        return inputs["name"], {"arn": made["thingGroupArn"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it."""
        return {"arn": client("iot").describe_thing_group(thingGroupName=id_)["thingGroupArn"]}

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        client("iot").delete_thing_group(thingGroupName=id_)


class RoleAlias(ResourceType):
    """``aws.iot.RoleAlias``, which the emulator has only with this project's extension."""

    pulumi_type = "aws:iot/roleAlias:RoleAlias"
    required = frozenset({"alias", "roleArn"})
    optional = frozenset({"credentialDuration"})
    replacing = frozenset({"alias"})

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        made = client("iot").create_role_alias(roleAlias=inputs["alias"], **_role_alias_settings(inputs))
        return inputs["alias"], {"arn": made["roleAliasArn"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it."""
        found = client("iot").describe_role_alias(roleAlias=id_)["roleAliasDescription"]
        return {
            "arn": found["roleAliasArn"],
            "roleArn": found["roleArn"],
            "credentialDuration": found["credentialDurationSeconds"],
        }

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Change role and duration."""
        client("iot").update_role_alias(roleAlias=id_, **_role_alias_settings(inputs))

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        client("iot").delete_role_alias(roleAlias=id_)


def tags_by_arn(client: Client, arn: str) -> dict[str, str]:
    """The tags of something of AWS IoT."""
    return tags_of(client("iot").list_tags_for_resource(resourceArn=arn)["tags"])


def _delete_when_detached(client: Client, name: str) -> None:
    """Try again while it is attached, as Pulumi's provider does for two minutes.

    https://github.com/hashicorp/terraform-provider-aws/pull/34329
    """
    for _ in range(ATTEMPTS):
        try:
            client("iot").delete_policy(policyName=name)
        except client("iot").exceptions.DeleteConflictException:
            continue
        return
    client("iot").delete_policy(policyName=name)


def _role_alias_settings(inputs: Properties) -> Properties:
    return {
        "roleArn": inputs["roleArn"],
        "credentialDurationSeconds": int(inputs.get("credentialDuration", 3600)),
    }


def _registration(inputs: Properties) -> Properties:
    given = inputs.get("registrationConfig")
    return {"registrationConfig": given} if given else {}


def _tags(inputs: Properties) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(inputs.get("tags", {}).items())]
