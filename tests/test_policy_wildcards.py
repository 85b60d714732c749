"""Every wildcard of every policy document that both engines make, against a list with reasons."""

import inspect
import re
from collections import defaultdict

import pulumi as engine
import pytest

from device_provisioning import pulumi as components
from device_provisioning.fleet.wildcards import WILDCARD_REASONS
from device_provisioning.greengrass.client_ids import RANDOM_UUID
from tests.support.every_document import every_document, listed, statements, text
from tests.support.everything_on_pulumi import PROGRAMS

REASONS = {
    **WILDCARD_REASONS,
    "ClaimClientId": "several claims connect at once; names of things are denied where they would fit",
    "CoreClientIds": "AWS IoT Greengrass has no policy variables for cores",
    "Credentials": "the name of a secret does not tell the six characters that end its ARN",
    "GreengrassDataPlane": "the actions of the data plane have no resource-level control",
    "Publish": "the health of the fleet's cores",
    "PublishAndReceive": "topics of one's own only, and those of provisioning with their answers",
    "Receive": "the two answers of provisioning",
    "RegistrationTasks": "the actions of registration tasks have no resource-level control",
    "Subscribe": "topics of one's own only, and the two answers of provisioning",
}
OWN_TOPICS = {
    "iot:KIND/dt/${iot:Connection.Thing.ThingName}/*",
    "iot:KIND/repair/${iot:Connection.Thing.ThingName}/*",
    "iot:KIND/workshop/${iot:Connection.Thing.ThingName}/*",
    "iot:KIND/$aws/things/${iot:Connection.Thing.ThingName}/jobs/*",
    "iot:KIND/$aws/things/${iot:Connection.Thing.ThingName}/shadow/*",
    "iot:KIND/$aws/things/PREFIX*/jobs/*",
    "iot:KIND/$aws/things/PREFIX*/shadow/*",
}
ANSWERS = {
    "iot:KIND/$aws/certificates/create/json/*",
    "iot:KIND/$aws/provisioning-templates/TEMPLATE/provision/json/*",
}
IN_TWO_FORMATS = {
    "iot:KIND/$aws/certificates/create/*",
    "iot:KIND/$aws/certificates/create-from-csr/*",
    "iot:KIND/$aws/provisioning-templates/TEMPLATE/provision/*",
}
ALL_ANSWERS = {*ANSWERS, "iot:KIND/$aws/certificates/create-from-csr/json/*"}
WITH_ANSWERS = {
    "iot:KIND/$aws/certificates/create/json*",
    "iot:KIND/$aws/provisioning-templates/TEMPLATE/provision/json*",
}
HEALTH = {
    "iot:KIND/$aws/things/PREFIX*/greengrass/health/json",
    "iot:KIND/$aws/things/PREFIX*/greengrassv2/health/json",
}
# ``PREFIX*`` is ``*`` too, where somebody sets no prefix of thing names.
ALLOWED = {
    "Artifacts": {"s3:BUCKET/*"},
    "BillingGroup": {"iot:billinggroup/*"},
    "Certificate": {"iot:cert/*"},
    "Certificates": {"iot:cert/*"},
    "ClaimClientId": {"iot:client/claim-*", "iot:client/mqtt5-sample-*", f"iot:client/{RANDOM_UUID}"},
    "CoreClientIds": {"iot:client/PREFIX*"},
    "CoreLogs": {"logs:log-group:/aws/greengrass/*"},
    "Credentials": {"secretsmanager:secret:NAME-??????"},
    "Devices": {"panorama:device/*"},
    "DevicesWithoutResourceLevel": {"*"},
    "CertificateStates": {"iot:cert/*"},
    "Endpoint": {"*"},
    "GreengrassDataPlane": {"*"},
    "JoinBillingGroup": {"iot:billinggroup/*", "iot:thing/PREFIX*"},
    "JoinThingGroups": {"iot:thinggroup/*", "iot:thing/PREFIX*"},
    "LeaveThingGroups": {"iot:thinggroup/*", "iot:thing/PREFIX*"},
    "Logs": {"logs:log-group:OWN:*"},
    "NewCertificate": {"*"},
    "NewCertificates": {"*"},
    "NewPolicies": {"iot:policy/*"},
    "ParameterFiles": {"s3:BUCKET/*"},
    "Policies": {"iot:policy/*"},
    "Publish": HEALTH,
    "PublishAndReceive": {*OWN_TOPICS, *IN_TWO_FORMATS, *WITH_ANSWERS},
    "Receive": ALL_ANSWERS,
    "RegistrationTasks": {"*"},
    "Subscribe": {*OWN_TOPICS, *IN_TWO_FORMATS, *ALL_ANSWERS, *WITH_ANSWERS},
    "Principals": {"*"},
    "ThingGroups": {"iot:thinggroup/*"},
    "ThingPrincipals": {"*"},
    "ThingTypes": {"iot:thingtype/*"},
    "Things": {"iot:thing/PREFIX*"},
    "WithoutResourceLevel": {"*"},
}
# Whose trust has no condition: what examples and stacks are told of their reader's own.
UNCONDITIONAL_TRUSTS = {
    ("own_hook.py", "lambda.amazonaws.com"): "CDK makes this role of the reader's own function",
    ("stacks", "arn:aws:iam::111122223333:role/Technicians"): "the one principal that the reader names",
    ("trusted_user.py", "arn:aws:iam::<AccountId>:root"): "the role of technicians is the reader's own",
}
NAMES_OF_TESTS = [
    (r"^arn:aws:(\w+):[^:]*:[^:]*:", r"\1:"),
    (r"^iot:(topic|topicfilter)/", "iot:KIND/"),
    (r"^(iot:(?:thing|client)/|iot:KIND/\$aws/things/)(sensor-|gg-|pump-|device-|gateway-)?\*", r"\1PREFIX*"),
    (r"provisioning-templates/[^/]+/", "provisioning-templates/TEMPLATE/"),
    (r"^logs:log-group:[^/:]+:\*$", "logs:log-group:OWN:*"),
    (r"^(s3:[^/]+|<[^/]+>)/\*$", "s3:BUCKET/*"),
    (r"secret:[a-z-]+-\?{6}$", "secret:NAME-??????"),
]


@pytest.fixture(scope="module")
def documents():
    return every_document()


def principals(statement):
    principal = statement.get("Principal", [])
    values = principal.values() if isinstance(principal, dict) else [principal]
    return [text(one) for value in values for one in listed(value)]


def generalised(resource):
    for pattern, replacement in NAMES_OF_TESTS:
        resource = re.sub(pattern, replacement, resource)
    return resource


def wildcards(statement, element):
    return {value for value in map(text, listed(statement.get(element, []))) if re.search(r"[*?]", value)}


def allows(documents):
    for name, resources in documents.items():
        for statement in statements(resources):
            if statement["Effect"] == "Allow":
                yield name, statement


def is_of_a_key(statement):
    """CDK's policy of a key, which means that IAM decides: the tests make keys, the library none."""
    return statement["Action"] == "kms:*" and principals(statement)[0].endswith(":root")


def test_every_wildcard_of_a_resource_is_allowed_and_no_allowed_one_is_stale(documents):
    found = defaultdict(set)
    for _, statement in allows(documents):
        if not is_of_a_key(statement):
            for resource in wildcards(statement, "Resource"):
                found[statement.get("Sid")].add(generalised(resource))
    assert dict(found) == ALLOWED


def test_every_allowed_wildcard_has_its_reason():
    assert ALLOWED.keys() == REASONS.keys()


def test_no_action_has_a_wildcard_and_nothing_is_allowed_by_exclusion(documents):
    for _, statement in allows(documents):
        assert is_of_a_key(statement) or not wildcards(statement, "Action")
        assert not statement.keys() & {"NotAction", "NotResource", "NotPrincipal"}


def test_nobody_at_all_is_a_principal(documents):
    assert [name for name, statement in allows(documents) if "*" in principals(statement)] == []


def test_every_trust_has_a_condition(documents):
    unconditional = {
        (name, principal)
        for name, statement in allows(documents)
        for principal in principals(statement)
        if "sts:AssumeRole" in listed(statement["Action"]) and not statement.get("Condition")
        # One role of the same stack: nobody else's resources can act through it.
        if not re.fullmatch(r"<DeviceProvisioningCaretakerRole\w+\.Arn>", principal)
    }
    assert unconditional == UNCONDITIONAL_TRUSTS.keys()


def test_every_permission_to_invoke_names_the_account_and_one_source(documents):
    permissions = [
        value["Properties"]
        for resources in documents.values()
        if isinstance(resources, list)
        for template in resources
        for value in template.values()
        if value["Type"] == "AWS::Lambda::Permission"
    ] + [
        {name[0].upper() + name[1:]: value for name, value in resource["inputs"].items()}
        for program in documents.values()
        if isinstance(program, dict)
        for urn, resource in program.items()
        if "lambda/permission:Permission::" in urn
    ]
    assert len(permissions) > len(PROGRAMS)
    for permission in permissions:
        assert permission["SourceAccount"]
        assert "*" not in text(permission["SourceArn"])


def test_every_component_of_pulumi_is_among_them(documents):
    types = str([list(resources) for resources in documents.values() if isinstance(resources, dict)])
    public = {
        name
        for name in components.__all__
        if inspect.isclass(kind := getattr(components, name)) and issubclass(kind, engine.Resource)
    }
    assert public
    assert {name for name in public if f":{name}" not in types} == set()
