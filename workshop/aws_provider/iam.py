"""Roles and what they may do."""

import json
from typing import Any

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

LONGEST_SESSION = 3600
"""How long a session may last where nothing else is said, in seconds."""


class Role(ResourceType):
    """``aws.iam.Role``."""

    pulumi_type = "aws:iam/role:Role"
    required = frozenset({"assumeRolePolicy"})
    optional = frozenset({"description", "maxSessionDuration", "name", "path", "permissionsBoundary", "tags"})
    replacing = frozenset({"name", "path"})
    computed = ("arn", "uniqueId")
    longest_name = 64
    documents = frozenset({"assumeRolePolicy"})

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Create it."""
        settings = {
            "RoleName": inputs["name"],
            "AssumeRolePolicyDocument": inputs["assumeRolePolicy"],
            "Description": inputs.get("description", ""),
            "MaxSessionDuration": inputs.get("maxSessionDuration", LONGEST_SESSION),
            "Path": inputs.get("path", "/"),
            "Tags": tag_list(inputs),
            **given({"PermissionsBoundary": inputs.get("permissionsBoundary")}),
        }
        role = client("iam").create_role(**settings)["Role"]
        return inputs["name"], {"arn": role["Arn"], "uniqueId": role["RoleId"]}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it."""
        role = client("iam").get_role(RoleName=id_)["Role"]
        return {"arn": role["Arn"], **_same_document(role, "AssumeRolePolicyDocument", state)}

    def imported(self, client: Client, id_: str) -> tuple[str, Properties]:
        """By its name; what is as usual is left out."""
        role = client("iam").get_role(RoleName=id_)["Role"]
        seconds = role.get("MaxSessionDuration", LONGEST_SESSION)
        return id_, given(
            {
                "name": id_,
                **_same_document(role, "AssumeRolePolicyDocument", {}),
                "description": role.get("Description"),
                "maxSessionDuration": seconds if seconds != LONGEST_SESSION else None,
                "path": role["Path"] if role["Path"] != "/" else None,
                "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
                "tags": tags_of(role.get("Tags", [])),
            }
        )

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Change trust and description."""
        require_unchanged(inputs, before, "permissionsBoundary", "tags")
        client("iam").update_assume_role_policy(RoleName=id_, PolicyDocument=inputs["assumeRolePolicy"])
        client("iam").update_role(
            RoleName=id_,
            Description=inputs.get("description", ""),
            MaxSessionDuration=inputs.get("maxSessionDuration", LONGEST_SESSION),
        )

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        client("iam").delete_role(RoleName=id_)


class RolePolicy(ResourceType):
    """``aws.iam.RolePolicy``."""

    pulumi_type = "aws:iam/rolePolicy:RolePolicy"
    required = frozenset({"policy", "role"})
    optional = frozenset({"name"})
    replacing = frozenset({"name", "role"})
    computed = ()
    longest_name = 128
    documents = frozenset({"policy"})

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Put it."""
        self._put(client, inputs)
        return f"{inputs['role']}:{inputs['name']}", {}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it."""
        role, _, name = id_.partition(":")
        found = client("iam").get_role_policy(RoleName=role, PolicyName=name)
        return _same_document(found, "PolicyDocument", state, "policy")

    def imported(self, client: Client, id_: str) -> tuple[str, Properties]:
        """By role and name."""
        role, _, name = id_.partition(":")
        return id_, {"role": role, "name": name, **self.read(client, id_, {})}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Put it anew."""
        self._put(client, inputs)

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        role, _, name = id_.partition(":")
        client("iam").delete_role_policy(RoleName=role, PolicyName=name)

    def _put(self, client: Client, inputs: Properties) -> None:
        client("iam").put_role_policy(
            RoleName=inputs["role"], PolicyName=inputs["name"], PolicyDocument=inputs["policy"]
        )


class RolePolicyAttachment(Attachment):
    """``aws.iam.RolePolicyAttachment``."""

    pulumi_type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    required = frozenset({"policyArn", "role"})
    replacing = required

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Attach it."""
        client("iam").attach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
        return f"{inputs['role']}/{inputs['policyArn']}", {}

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Look for it among those of the role."""
        attached = client("iam").list_attached_role_policies(RoleName=state["role"])["AttachedPolicies"]
        if state["policyArn"] not in [policy["PolicyArn"] for policy in attached]:
            raise Gone
        return {}

    def imported(self, client: Client, id_: str) -> tuple[str, Properties]:
        """By role and ARN; whether it is attached is seen when it is read."""
        role, _, arn = id_.partition("/")
        return id_, {"role": role, "policyArn": arn}

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Detach it."""
        client("iam").detach_role_policy(RoleName=state["role"], PolicyArn=state["policyArn"])


def _same_document(
    found: Properties, name: str, state: Properties, output: str = "assumeRolePolicy"
) -> dict[str, Any]:
    """The document as text; the text that is known if it says the same."""
    document = found[name] if isinstance(found[name], dict) else json.loads(found[name])
    known = state.get(output)
    return {output: known if known and json.loads(known) == document else json.dumps(document)}
