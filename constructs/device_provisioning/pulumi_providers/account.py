"""The account that a dynamic provider acts in: the one of the AWS provider next to it, or none."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import ConfigureRequest, DiffResult, ResourceProvider

from ..aws_iot.environment import Environment
from ..lambdas.custom_resources.certificates import client
from .reasons import Reason

PLACE = ("account_id", "region")
Properties = dict[str, Any]


def place(environment: pulumi.Output[Environment]) -> dict[str, pulumi.Output[str]]:
    """The properties that say where a resource is."""
    return {
        "account_id": environment.apply(lambda known: known.account),
        "region": environment.apply(lambda known: known.region),
    }


class AccountProvider(ResourceProvider):
    """A provider that uses the credentials of the environment, or of the profile ``aws:profile``.

    A resource that was given another account is left alone: an AWS provider with credentials of its own would
    otherwise have half of a stack in one account and half in another.
    """

    serialize_as_secret_always = False
    profile: str | None = None
    own_account: str | None = None

    def configure(self, req: ConfigureRequest) -> None:
        """Take the profile of the stack's configuration."""
        self.profile = req.config.get("aws:profile")

    def client(self, service: str, properties: Mapping[str, Any]) -> Any:
        """A client for the account and Region of a resource.

        Raises:
            ValueError: If the credentials are of another account.
        """
        region = properties["region"]
        if self.own_account is None:
            sts = client("sts", region=region, profile=self.profile)
            self.own_account = sts.get_caller_identity()["Account"]
        if self.own_account != properties["account_id"]:
            raise ValueError(
                Reason.OTHER_ACCOUNT.format(account=properties["account_id"], own=self.own_account)
            )
        return client(service, region=region, profile=self.profile)


def difference(olds: Properties, news: Properties, *, replacing: tuple[str, ...]) -> DiffResult:
    """What changed of the inputs, and whether a new resource is needed for it."""
    changed = [name for name in news if not name.startswith("__") and olds.get(name) != news[name]]
    replaces = [name for name in changed if name in (*PLACE, *replacing)]
    return DiffResult(changes=bool(changed), replaces=replaces)
