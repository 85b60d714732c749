"""Settings of devices that are registered in bulk, and of Huawei Cloud IoTDA."""

from .certificates import CERTIFICATE_AUTHORITY
from .fleets import FLEET_PROVISIONING
from .setting import Settings, both, each, on_cdk, on_pulumi

BULK_REGISTRATION: Settings = {
    "body": each(
        cdk="The body, which is checked by the rules here and now.",
        pulumi=(
            "The body as a JSON document, such as ``document`` of a ``BulkTemplate``, which is checked by the"
            " rules as soon as it is known."
        ),
    ),
    "bucket": both(
        "Your own bucket; by default one is created, encrypted, without public access, over TLS only, whose"
        " files go after 30 days, when AWS IoT deletes what it knows of a task"
        " (https://docs.aws.amazon.com/general/latest/gr/iot-core.html).",
    ),
    "role": both("The role that AWS IoT assumes; created by default."),
    "silenced_rules": both("Codes of rules that don't apply to this body, each with the reason."),
    "encryption_key": on_pulumi(
        "The customer key of the bucket: the one that yours has, or the one that the created one gets; S3's"
        " own by default.",
    ),
}

IOTDA_INSTANCE: Settings = {
    "project_id": both("The project of the Region."),
    "credentials": on_cdk(
        'A secret that holds ``{"ak": …, "sk": …}``, or ``{"token": …}`` of a user. They are read when the'
        " function runs and are never in a template.",
    ),
    "region": both(
        "The Region, such as ``cn-north-4``. It may be left out only with a token and an endpoint.",
    ),
    "endpoint": both("The instance's own host, which the console shows; the Region's by default."),
    "instance_id": both("The instance; professional editions need it, and it is recommended otherwise."),
}

IOTDA_DEVICE_CA: Settings = {
    "instance": both("The instance, which takes 100 device CA certificates."),
    "certificate": both("The CA's certificate in PEM. Another one replaces it."),
    "verification_certificate": both(
        "The certificate in PEM that shows that its key is yours; by default the CA waits for it, unverified"
        " and bound to nothing.",
    ),
    "template": on_cdk("The template that devices register through; none by default."),
    "provision_enable": both(
        "Whether devices register through the template; yes by default if there is one.",
    ),
    "app_id": both("The resource space; the instance's default one by default."),
    "silenced_rules": CERTIFICATE_AUTHORITY["silenced_rules"],
    "template_id": on_pulumi("The template that devices register through; none by default."),
}

IOTDA_PROVISIONING_TEMPLATE: Settings = {
    "instance": both("The instance, which takes 10 templates."),
    "body": each(
        cdk="The template body.",
        pulumi="The template body as a JSON document, such as ``document`` of a ``TemplateBody``.",
    ),
    "template_name": each(
        cdk=(
            "Up to 128 letters, digits, ``_`` and ``-``; by default a name is generated that stays the same"
            " from synthesis to synthesis."
        ),
        pulumi=(
            "Up to 128 letters, digits, ``_`` and ``-``; by default a name is generated that stays as long as"
            " the template does."
        ),
    ),
    "description": both("Up to 2048 letters, digits and ``_?'#().,&%@!-``; none by default."),
    "silenced_rules": FLEET_PROVISIONING["silenced_rules"],
}
