"""Templates and device CAs of Huawei Cloud IoTDA on AWS CDK."""

import pytest
from aws_cdk import App, Stack, Token
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Annotations, Match, Template

from device_provisioning.cdk import IotdaDeviceCa, IotdaInstance, IotdaProvisioningTemplate
from device_provisioning.iotda import CertificateField, Device, Tag, TemplateBody, ref
from tests.support.iotda_authorities import authority
from tests.support.synthesis import IRELAND, in_partition_aws, only, own_part, properties

SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:huawei-AbCdEf"
COMMON_NAME = ref(CertificateField.COMMON_NAME)
BODY = TemplateBody(device=Device(node_id=COMMON_NAME, product_id="642bf260f2f9030e44210d8d"))
_, PEM = authority("Factory")
TEMPLATE, DEVICE_CA = "Custom::IotdaProvisioningTemplate", "Custom::IotdaDeviceCa"


def a_stack():
    """A stack that packs no SDK: what is packed is tested in test_iotda_code.py."""
    return Stack(App(context={"aws:cdk:bundling-stacks": []}), "Stack", env=IRELAND)


def an_instance(stack, **settings):
    secret = secretsmanager.Secret.from_secret_complete_arn(stack, "Credentials", SECRET_ARN)
    known = {"project_id": "project", "region": "cn-north-4", "credentials": secret}
    return IotdaInstance(stack, "Iotda", **{**known, **settings})


def a_template(stack, **settings):
    return IotdaProvisioningTemplate(
        stack, "Pumps", **{"instance": an_instance(stack), "body": BODY, **settings}
    )


def synthesised(define):
    stack = a_stack()
    define(stack)
    return Template.from_stack(stack)


def with_defaults(stack):
    template = a_template(stack)
    IotdaDeviceCa(stack, "Factory", instance=template.instance, certificate=PEM, template=template)


def with_everything(stack):
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    secret = secretsmanager.Secret.from_secret_attributes(
        stack, "Credentials", secret_complete_arn=SECRET_ARN, encryption_key=key
    )
    instance = IotdaInstance(
        stack,
        "Iotda",
        project_id="project",
        region="cn-north-4",
        endpoint="1a2b.iotda-app.cn-north-4.example.com",
        instance_id="instance-1",
        credentials=secret,
    )
    unit = ref(CertificateField.ORGANIZATIONAL_UNIT)
    device = Device(
        node_id=COMMON_NAME,
        device_name=COMMON_NAME,
        device_id=COMMON_NAME,
        product_id=unit,
        tags=[Tag(tag_key="line", tag_value=unit)],
    )
    body = TemplateBody(
        device=device,
        policy_ids=["5c90fa7d3c4e4405e8525079"],
        parameters=[CertificateField.ORGANIZATIONAL_UNIT, *list(CertificateField)[-2:]],
    )
    template = IotdaProvisioningTemplate(
        stack,
        "Pumps",
        instance=instance,
        body=body,
        template_name="pumps",
        description="all-pumps",
        silenced_rules={"DP208": "every certificate has a serial number"},
    )
    IotdaDeviceCa(
        stack,
        "Factory",
        instance=instance,
        certificate=PEM,
        verification_certificate=PEM,
        template=template,
        provision_enable=False,
        app_id="space",
    )


@pytest.mark.parametrize("define", [with_defaults, with_everything])
def test_the_template_is_as_before(define, snapshot):
    assert own_part(define, IotdaInstance, IotdaProvisioningTemplate, IotdaDeviceCa) == snapshot


def test_the_function_may_read_one_secret_and_nothing_else():
    role = in_partition_aws(properties(synthesised(with_defaults), "AWS::IAM::Role"))
    [policy] = role["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    assert [each["Sid"] for each in statements] == ["Credentials", "Logs"]
    assert (statements[0]["Action"], statements[0]["Resource"]) == (
        "secretsmanager:GetSecretValue",
        SECRET_ARN,
    )
    assert not role.get("ManagedPolicyArns")


def test_the_function_may_use_the_key_of_the_secret():
    role = properties(synthesised(with_everything), "AWS::IAM::Role")
    [_, key, _] = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert (key["Action"], key["Resource"]) == ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1")


def test_a_secret_that_is_known_by_its_name_can_be_read():
    def define(stack):
        secret = secretsmanager.Secret.from_secret_name_v2(stack, "Named", "huawei")
        an_instance(stack, credentials=secret)

    role = in_partition_aws(properties(synthesised(define), "AWS::IAM::Role"))
    resource = role["Policies"][0]["PolicyDocument"]["Statement"][0]["Resource"]
    assert resource == "arn:aws:secretsmanager:eu-west-1:111122223333:secret:huawei-??????"


def test_the_credentials_are_nowhere_in_the_template_but_the_id_of_their_secret():
    template = synthesised(with_defaults)
    assert properties(template, TEMPLATE)["SecretId"] == SECRET_ARN
    function = properties(template, "AWS::Lambda::Function")
    assert "Environment" not in function


def test_a_ca_comes_after_its_template_and_goes_before_it():
    template = synthesised(with_defaults)
    [template_id] = template.find_resources(TEMPLATE)
    assert properties(template, DEVICE_CA)["TemplateId"] == {"Ref": template_id}


def test_a_ca_without_a_template_provisions_nothing():
    template = synthesised(
        lambda stack: IotdaDeviceCa(stack, "Ca", instance=an_instance(stack), certificate=PEM)
    )
    ca = properties(template, DEVICE_CA)
    assert ca["ProvisionEnable"] == "false"
    assert "TemplateId" not in ca


def test_what_is_sent_of_a_ca_tells_it_from_others():
    identity = properties(synthesised(with_defaults), DEVICE_CA)["Identity"]
    assert identity == {
        "cn_name": "Factory",
        "effective_date": "20260101T000000Z",
        "expiry_date": "20351230T000000Z",
    }


def test_one_function_serves_every_resource_of_an_instance():
    def define(stack):
        template = a_template(stack)
        IotdaProvisioningTemplate(stack, "Valves", instance=template.instance, body=BODY)

    synthesised(define).resource_count_is("AWS::Lambda::Function", 1)


def test_a_name_is_generated_that_stays_the_same():
    names = {properties(synthesised(with_defaults), TEMPLATE)["TemplateName"] for _ in range(2)}
    assert len(names) == 1
    assert names.pop().startswith("Stack-Pumps-")


def test_all_problems_of_a_template_stop_synthesis_together():
    with pytest.raises(ValueError, match=r"DP203.*\nDP209.*\nDP210"):
        a_template(
            a_stack(),
            body=TemplateBody.from_document({"parameters": {}, "resources": {"device": {"product_id": "p"}}}),
            template_name="a b",
            description="a b",
        )


def test_a_token_is_left_to_the_deployment():
    stack = a_stack()
    product = Token.as_string({"Fn::ImportValue": "Product"})
    body = TemplateBody(device=Device(node_id=COMMON_NAME, product_id=product))
    a_template(stack, body=body, silenced_rules={"DP214": "bound elsewhere"})
    written = only(Template.from_stack(stack), TEMPLATE)["Properties"]["TemplateBody"]
    assert {"Fn::ImportValue": "Product"} in written["Fn::Join"][1]
    Annotations.from_stack(stack).has_info(
        "/Stack/Pumps", Match.string_like_regexp("known only on deployment")
    )


def test_an_eleventh_template_on_an_instance_is_refused():
    stack = a_stack()
    instance = an_instance(stack)
    for number in range(10):
        IotdaProvisioningTemplate(stack, f"T{number}", instance=instance, body=BODY)
    with pytest.raises(ValueError, match=r"DP215 .*: the instance would have 11 templates"):
        IotdaProvisioningTemplate(stack, "T10", instance=instance, body=BODY)


def warnings(stack, text):
    return Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp(text))


@pytest.mark.parametrize(
    ("bind", "silenced", "count"), [(False, None, 1), (True, None, 0), (False, "why", 0)]
)
def test_a_template_without_a_ca_is_warned_of(bind, silenced, count):
    stack = a_stack()
    template = a_template(stack, silenced_rules={"DP214": silenced} if silenced else None)
    if bind:
        IotdaDeviceCa(stack, "Ca", instance=template.instance, certificate=PEM, template=template)
    stack.node.root.synth()
    assert len(warnings(stack, "DP214.*without one it has no effect")) == count


@pytest.mark.parametrize(("proof", "count"), [(None, 1), (PEM, 0)], ids=["no proof", "proof"])
def test_a_ca_that_waits_for_its_verification_is_warned_of(proof, count):
    stack = a_stack()
    template = IotdaProvisioningTemplate.from_template_id(stack, "Template", "5c90fa7d3c4e4405e8525079")
    instance = an_instance(stack)
    IotdaDeviceCa(
        stack, "Ca", instance=instance, certificate=PEM, verification_certificate=proof, template=template
    )
    assert len(warnings(stack, "uploaded but not verified")) == count


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"certificate": "no pem"}, "DP217 /content: content is not a certificate in PEM"),
        ({"certificate": PEM.replace("\nMII", "\nXXX")}, "not a certificate in PEM: give the text"),
        ({"provision_enable": True}, "DP216 /provision_enable: provision_enable is on, and no template"),
    ],
)
def test_a_ca_that_cannot_be_is_refused(settings, text):
    stack = a_stack()
    with pytest.raises(ValueError, match=text):
        IotdaDeviceCa(stack, "Ca", **{"instance": an_instance(stack), "certificate": PEM, **settings})


def test_an_instance_that_cannot_be_is_refused_with_all_that_is_wrong():
    with pytest.raises(ValueError, match=r"project_id is empty.*\nendpoint 'http://a' would carry"):
        an_instance(a_stack(), project_id="", endpoint="http://a")


def test_an_instance_may_be_known_only_on_deployment():
    project_id = Token.as_string({"Ref": "Project"})
    assert an_instance(a_stack(), project_id=project_id, endpoint="http://a")
