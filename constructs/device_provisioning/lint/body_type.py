"""The type of a standalone body file."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..aws_iot import TemplateType


class BodyType(StrEnum):
    """What a body that stands alone is for: AWS IoT, or pre-provisioning by IoTDA of Huawei Cloud."""

    FLEET = "fleet"
    JITP = "jitp"
    BULK = "bulk"
    IOTDA = "iotda"

    @property
    def template_type(self) -> "TemplateType":
        """The same in the words of AWS IoT's API."""
        from ..aws_iot import TemplateType

        return TemplateType.FLEET_PROVISIONING if self is BodyType.FLEET else TemplateType(self.upper())
