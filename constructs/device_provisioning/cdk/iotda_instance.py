"""An instance of Huawei Cloud IoTDA, and the function that works on it."""

from aws_cdk import CfnResource
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ..aws_iot import is_unresolved
from ..fleet.functions import IOTDA_RESOURCES
from ..iotda.client import Connection
from .iotda_code import iotda_code
from .library_function import LibraryFunction
from .setting_types import checked

SERVICE_TIMEOUT_SECONDS = 600


class IotdaInstance(Construct):
    """Define how an instance of IoTDA is reached from AWS: a function with the vendor's SDK.

    The function may read one secret, and write its log. What it does there, the secret's user may do: grant
    that user ``iotda:provisioningtemplate:*`` and the actions on certificates in Huawei's IAM, no more.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        project_id: The project of the Region.
        credentials: A secret that holds ``{"ak": …, "sk": …}``, or ``{"token": …}`` of a user. They are read
            when the function runs and are never in a template.
        region: The Region, such as ``cn-north-4``. It may be left out only with a token and an endpoint.
        endpoint: The instance's own host, which the console shows; the Region's by default.
        instance_id: The instance; professional editions need it, and it is recommended otherwise.

    Raises:
        ImportError: If the extra ``iotda`` is not installed: the SDK is shipped with the function.
        ValueError: With every problem of the settings.

    Example::

        credentials = secretsmanager.Secret.from_secret_name_v2(self, "Credentials", "huawei")
        IotdaInstance(self, "Iotda", project_id="…", region="cn-north-4", credentials=credentials)
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        project_id: str,
        credentials: secretsmanager.ISecret,
        region: str | None = None,
        endpoint: str | None = None,
        instance_id: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        settings = {
            "project_id": project_id,
            "region": region,
            "endpoint": endpoint,
            "instance_id": instance_id,
        }
        if not any(is_unresolved(value) for value in settings.values() if value):
            Connection(project_id, region, endpoint, instance_id)
        names = {
            "ProjectId": project_id,
            "Region": region,
            "Endpoint": endpoint,
            "InstanceId": instance_id,
            "SecretId": credentials.secret_arn,
        }
        self._properties = {name: value for name, value in names.items() if value is not None}
        self._template_names: list[str] = []
        key = credentials.encryption_key
        self._function = LibraryFunction(
            self,
            "Function",
            IOTDA_RESOURCES,
            rights={
                # The ARN of a secret that is known by its name lacks six characters.
                "secret_arn": credentials.secret_full_arn or f"{credentials.secret_arn}-??????",
                "encryption_key_arn": key.key_arn if key else None,
            },
            code=iotda_code(),
        )

    def add_template(self, template_name: str) -> int:
        """Count a template of this instance; how many there are then."""
        self._template_names.append(template_name)
        return len(self._template_names)

    def resource(
        self, scope: Construct, resource_type: str, properties: dict[str, object | None]
    ) -> CfnResource:
        """Define something on this instance, under the id ``Resource``."""
        own = {name: value for name, value in properties.items() if value is not None}
        resource = self._function.custom_resource(
            scope,
            "Resource",
            resource_type=resource_type,
            properties={**self._properties, **own},
            service_timeout_seconds=SERVICE_TIMEOUT_SECONDS,
        )
        if self._function.waits:
            resource.add_resource_dependency(self._function.waits)
        return resource
