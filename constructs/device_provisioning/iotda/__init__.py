"""What Huawei Cloud IoTDA accepts, as data: bodies of pre-provisioning templates, rules, evaluation."""

from .certificate_field import CertificateField, ref
from .evaluation import CheckedTemplate, Evaluation, Result, evaluate
from .rules import Context, DeviceCa, check, check_device_ca
from .template_body import Device, Tag, TemplateBody

__all__ = [
    "CertificateField",
    "CheckedTemplate",
    "Context",
    "Device",
    "DeviceCa",
    "Evaluation",
    "Result",
    "Tag",
    "TemplateBody",
    "check",
    "check_device_ca",
    "evaluate",
    "ref",
]
