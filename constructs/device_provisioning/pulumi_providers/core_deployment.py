"""A deployment of Greengrass components, which pulumi-aws has no resource for."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pulumi
from botocore.exceptions import ClientError
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, UpdateResult

from ..aws_iot.environment import Environment
from ..lambdas.custom_resources.certificates import GONE, is_error
from .account import AccountProvider, difference, place

Properties = dict[str, Any]


class CoreDeploymentProvider(AccountProvider):
    """Deploy, revise and withdraw components."""

    def diff(self, _id: str, _olds: Properties, _news: Properties) -> DiffResult:
        """Another group gets a deployment of its own."""
        inputs = {name: value for name, value in _news.items() if name != "deployment_id"}
        return difference(_olds, inputs, replacing=("target_arn",))

    def create(self, props: Properties) -> CreateResult:
        """Deploy the components to the group."""
        deployment_id = self._deploy(props)
        return CreateResult(deployment_id, {**props, "deployment_id": deployment_id})

    def update(self, _id: str, _olds: Properties, _news: Properties) -> UpdateResult:
        """Deploy again: Greengrass makes it a revision of what the group has."""
        return UpdateResult({**_news, "deployment_id": self._deploy(_news)})

    def read(self, id_: str, props: Properties) -> ReadResult:
        """Look what the group is to run by now; nothing if its latest deployment is gone or cancelled."""
        greengrass = self.client("greengrassv2", props)
        answer = greengrass.list_deployments(targetArn=props["target_arn"], historyFilter="LATEST_ONLY")
        latest = [found for found in answer["deployments"] if found["deploymentStatus"] != "CANCELED"]
        if not latest:
            return ReadResult("", {})
        found = greengrass.get_deployment(deploymentId=latest[0]["deploymentId"])
        is_same = _says(found["components"], props["components"])
        components = props["components"] if is_same else found["components"]
        names = {"deployment_name": found["deploymentName"], "components": components}
        read = {**props, **names, "deployment_id": found["deploymentId"]}
        return ReadResult(id_, read, inputs={**read, "deployment_id": None})

    def delete(self, _id: str, _props: Properties) -> None:
        """Cancel the deployment and delete it; one that is gone already is fine."""
        greengrass = self.client("greengrassv2", _props)
        deployment = {"deploymentId": _props["deployment_id"]}
        # One that is over can't be cancelled, and needs not be.
        with suppress(
            greengrass.exceptions.ConflictException, greengrass.exceptions.ResourceNotFoundException
        ):
            greengrass.cancel_deployment(**deployment)
        try:
            greengrass.delete_deployment(**deployment)
        except ClientError as error:
            if not is_error(error, GONE):
                raise

    def _deploy(self, properties: Properties) -> str:
        answer = self.client("greengrassv2", properties).create_deployment(
            targetArn=properties["target_arn"],
            deploymentName=properties["deployment_name"],
            components=properties["components"],
        )
        return str(answer["deploymentId"])


def _says(found: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    """Whether a deployment has the declared components, whatever else Greengrass says of them."""
    return found.keys() == declared.keys() and all(
        {field: found[name].get(field) for field in declared[name]} == declared[name] for name in declared
    )


class CoreDeployment(Resource, module="device-provisioning", name="CoreDeployment"):
    """A deployment to a thing group of core devices.

    Args:
        name: The name of the resource.
        deployment_name: The name of the deployment.
        target_arn: The thing group.
        components: The components, as CreateDeployment takes them.
        environment: Where the cores are.
        parent: The component above.
    """

    def __init__(
        self,
        name: str,
        *,
        deployment_name: str,
        target_arn: pulumi.Input[str],
        components: Mapping[str, Any],
        environment: pulumi.Output[Environment],
        parent: pulumi.Resource,
    ) -> None:
        properties = {
            "deployment_name": deployment_name,
            "target_arn": target_arn,
            "components": dict(components),
            "deployment_id": None,
            **place(environment),
        }
        super().__init__(CoreDeploymentProvider(), name, properties, pulumi.ResourceOptions(parent=parent))
