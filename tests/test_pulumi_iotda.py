"""Templates and device CAs of Huawei Cloud IoTDA on Pulumi: what the components ask the engine for."""

import pulumi
import pytest

from device_provisioning.iotda import CertificateField, Device, Tag, TemplateBody, ref
from device_provisioning.pulumi import IotdaDeviceCa, IotdaProvisioningTemplate
from tests.support.iotda_authorities import authority
from tests.support.pulumi_program import ran

COMMON_NAME = ref(CertificateField.COMMON_NAME)
BODY = TemplateBody(device=Device(node_id=COMMON_NAME, product_id="642bf260f2f9030e44210d8d")).document
INSTANCE = {"project_id": "project", "region": "cn-north-4"}
_, PEM = authority("Factory")


def with_defaults():
    template = IotdaProvisioningTemplate("pumps", {"instance": INSTANCE, "body": BODY})
    ca = {"instance": INSTANCE, "certificate": PEM, "template_id": template.template_id}
    IotdaDeviceCa("factory", ca)


def with_everything():
    instance = {**INSTANCE, "endpoint": "1a2b.iotda-app.example.com", "instance_id": "instance-1"}
    unit = ref(CertificateField.ORGANIZATIONAL_UNIT)
    device = Device(
        node_id=COMMON_NAME,
        device_name=COMMON_NAME,
        product_id=unit,
        tags=[Tag(tag_key="line", tag_value=unit)],
    )
    body = TemplateBody(
        device=device, policy_ids=["5c90fa7d3c4e4405e8525079"], parameters=list(CertificateField)
    )
    template = IotdaProvisioningTemplate(
        "pumps",
        {
            "instance": instance,
            "body": body.document,
            "template_name": "pumps",
            "description": "all-pumps",
            "silenced_rules": {"DP208": "every certificate has all seven"},
        },
    )
    IotdaDeviceCa(
        "factory",
        {
            "instance": instance,
            "certificate": PEM,
            "verification_certificate": PEM,
            "template_id": template.template_id,
            "provision_enable": False,
            "app_id": "space",
        },
    )


@pytest.mark.parametrize("define", [with_defaults, with_everything])
def test_the_program_asks_for_what_it_did_before(define, snapshot):
    assert ran(define).own_part(IotdaProvisioningTemplate, IotdaDeviceCa) == snapshot


@pytest.mark.parametrize("define", [with_defaults, with_everything])
def test_a_preview_asks_for_the_same_resources(define):
    assert ran(define, preview=True).asked() == ran(define).asked()


def test_a_ca_waits_for_its_template():
    program = ran(with_defaults)
    [urn] = [urn for urn in program.resources if urn.endswith("::pumps-template")]
    assert program.named("factory-certificate")["dependencies"] == [urn]


def test_a_ca_without_a_template_provisions_nothing():
    program = ran(lambda: IotdaDeviceCa("factory", {"instance": INSTANCE, "certificate": PEM}))
    assert program.named("factory-certificate")["inputs"]["provision_enable"] is False


def test_nothing_that_is_asked_for_holds_credentials(monkeypatch):
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", "hush")
    assert "hush" not in ran(with_everything).text()


def body_of(program):
    return program.named("pumps-template")["inputs"]["template_body"]


def test_a_body_is_the_same_whatever_the_order_of_its_keys():
    turned = {name: BODY[name] for name in reversed(BODY)}
    programs = [
        ran(lambda body=body: IotdaProvisioningTemplate("pumps", {"instance": INSTANCE, "body": body}))
        for body in (BODY, turned)
    ]
    assert [list(body_of(program)) for program in programs] == [["parameters", "resources"]] * 2


def test_all_problems_of_a_template_stop_the_program_together():
    broken = {"parameters": {}, "resources": {"device": {"product_id": "a b"}}}
    settings = {"instance": INSTANCE, "body": broken, "template_name": "a b"}
    with pytest.raises(ValueError, match=r"DP203.*\nDP209.*\nDP211"):
        ran(lambda: IotdaProvisioningTemplate("pumps", settings))


def test_a_value_that_is_known_later_is_left_to_the_provider():
    def define():
        device = Device(node_id=COMMON_NAME, product_id=pulumi.Output.from_input("pump"))
        body = TemplateBody(device=device).document
        IotdaProvisioningTemplate("pumps", {"instance": INSTANCE, "body": body})

    assert body_of(ran(define))["resources"]["device"]["product_id"] == "pump"


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"certificate": "no pem"}, "DP217"),
        ({"provision_enable": True}, "DP216"),
    ],
)
def test_a_ca_that_cannot_be_is_refused(settings, text):
    args = {"instance": INSTANCE, "certificate": PEM, **settings}
    with pytest.raises(ValueError, match=text):
        ran(lambda: IotdaDeviceCa("factory", args))
