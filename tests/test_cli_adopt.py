"""The verb ``adopt``: the program that it writes, and the list of what is dangerous."""

import ast
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.adopt.coverage import is_within
from device_provisioning.adopt.hardening import hardenings
from device_provisioning.adopt.program import literal
from device_provisioning.adopt.project import PROGRAMS, write_project
from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.documents import (
    claim_policy,
)
from device_provisioning.console.sources import UnreadableError
from tests.support.adoptable_fleet import BODY, EVERYTHING, NAME, TRUST, document, hardened, statement
from tests.support.existing_fleets import EVERYTHING_SET, OPEN, PLACE, SAFE, policy

HOSTILE = 'x"\'\n"""); __import__("os").system("touch /tmp/owned")\n# {0} \u202e ${{Token'


MORE_THAN_ENROL = document(
    *claim_policy(NAME, PLACE)["Statement"], statement("iot:Publish", PLACE.iot_arn("topic/*"))
)


def dangers(fleet, engine="cdk"):
    return [hardening.danger for hardening in hardenings(fleet, PROGRAMS[engine](fleet))]


@pytest.mark.parametrize("engine", PROGRAMS)
@pytest.mark.parametrize("fleet", [OPEN, EVERYTHING_SET], ids=["without a hook", "everything set"])
def test_a_program_describes_what_exists(fleet, engine, tmp_path, snapshot):
    reported = write_project(fleet, engine, tmp_path / "out")
    files = {file.name: file.read_text() for file in sorted((tmp_path / "out").iterdir())}
    assert files["body.json"] == BODY
    assert {"files": files, "reported": reported[1:]} == snapshot


@pytest.mark.parametrize("engine", PROGRAMS)
@pytest.mark.parametrize("fleet", [OPEN, EVERYTHING_SET], ids=["without a hook", "everything set"])
def test_a_program_that_is_hardened_reads_no_document_of_the_account_any_more(fleet, engine, tmp_path):
    reported = "\n".join(write_project(fleet, engine, tmp_path))
    main = tmp_path / PROGRAMS[engine](fleet).main
    safe = hardened(main.read_text(), reported)
    read = {node.args[0].value for node in ast.walk(ast.parse(safe)) if reads_a_file(node)}
    assert read == {"body.json"}


def reads_a_file(node):
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return is_call and node.func.id in ("text", "document") and isinstance(node.args[0], ast.Constant)


@pytest.mark.parametrize("engine", PROGRAMS)
def test_what_is_as_safe_as_the_defaults_needs_no_change(engine, tmp_path):
    assert dangers(SAFE, engine) == []
    assert write_project(SAFE, engine, tmp_path)[-1] == "The safe defaults would change nothing."


@pytest.mark.parametrize(
    ("change", "danger"),
    [
        ({"claim_policies": [policy("C", MORE_THAN_ENROL)]}, "may do more than enrol"),
        ({"device_policies": [policy("SensorRuntime", EVERYTHING)]}, "can act as another one"),
        ({"hook": None}, "there is no hook"),
        ({"role": replace(SAFE.role, trust=TRUST)}, "for more than this template"),
        (
            {"hook": replace(SAFE.hook, permissions=[replace(SAFE.hook.permissions[0], source_arn=None)])},
            "lets more than this template invoke",
        ),
        ({"role": replace(SAFE.role, inline_policies={"permissions": EVERYTHING})}, "more than the body"),
        (
            {"claim_policies": [policy("C", claim_policy(NAME, PLACE, client_id_patterns=["*"]))]},
            "take over the connection",
        ),
        ({"hook": replace(SAFE.hook, timeout_seconds=30)}, "may take 30 seconds"),
    ],
)
def test_each_danger_alone_is_reported(change, danger):
    (reported,) = dangers(replace(SAFE, **change))
    assert danger in reported


@pytest.mark.parametrize("engine", PROGRAMS)
def test_a_template_of_just_in_time_provisioning_has_no_hook_and_gets_none(engine):
    jitp = replace(OPEN, template_type=TemplateType.JITP, claim_policies=[])
    program = PROGRAMS[engine](jitp)
    assert "hook" not in program.files[program.main].lower()
    assert not any("hook" in danger for danger in dangers(jitp, engine))


def test_the_most_dangerous_comes_first():
    reported = dangers(EVERYTHING_SET)
    order = ("more than enrol", "another one", "this template", "invoke", "body needs", "connection", "30")
    places = [next(i for i, danger in enumerate(reported) if part in danger) for part in order]
    assert places == sorted(places)


def test_what_narrows_a_role_that_other_templates_use_says_so_first():
    role = replace(OPEN.role, other_templates=["pumps"])
    shared = replace(SAFE, role=role)
    program = PROGRAMS["cdk"](shared)
    trust, permissions, *surplus = hardenings(shared, program)
    assert 'provisioning_role_trust("*", ENVIRONMENT)' in trust.new
    assert "pumps" in trust.first
    assert "the role is used by pumps too, and their bodies may need more" in permissions.first
    assert all("the policy before it" in hardening.first for hardening in surplus)


def test_what_devices_use_for_their_claims_stays_allowed():
    allowed = document(
        statement("iot:Connect", PLACE.iot_arn("client/${iot:Certificate.Subject.CommonName}")),
        statement("iot:*", PLACE.iot_arn("topic/$aws/certificates/create-from-csr/cbor")),
        statement("iot:*", PLACE.iot_arn("topic/other")),
    )
    fleet = replace(SAFE, claim_policies=[policy("C", allowed)])
    first, second = hardenings(fleet, PROGRAMS["pulumi"](fleet))
    assert "certificate_sources=[documents.CertificateSource.CREATE_FROM_CSR]" in first.new
    assert "payload_formats=[documents.PayloadFormat.CBOR]" in first.new
    assert 'client_id_patterns=["${iot:Certificate.Subject.CommonName}"]' in first.new
    assert second.old == first.new
    assert "client_id_patterns" not in second.new


def test_every_client_id_that_devices_use_for_their_claims_stays_allowed_until_it_is_narrowed():
    wide = document(
        statement("iot:Connect", [PLACE.iot_arn("client/factory-*"), PLACE.iot_arn("client/bench-?")]),
        statement("iot:*", PLACE.iot_arn("topic/*")),
    )
    fleet = replace(SAFE, claim_policies=[policy("C", wide)])
    first, second = hardenings(fleet, PROGRAMS["cdk"](fleet))
    assert 'client_id_patterns=["factory-*", "bench-?"]' in first.new
    assert "client_id_patterns" not in second.new


def calls(program):
    """What a program calls."""
    return {ast.unparse(node.func) for node in ast.walk(program) if isinstance(node, ast.Call)}


@given(st.text())
def test_any_text_is_a_literal_of_one_line_that_shows_what_it_is(text):
    source = literal(text)
    assert ast.literal_eval(source) == text
    assert source.isprintable()


@pytest.mark.parametrize("engine", PROGRAMS)
def test_what_an_account_holds_never_becomes_code(engine, tmp_path):
    hostile = replace(
        EVERYTHING_SET,
        description=HOSTILE,
        tags={HOSTILE: HOSTILE},
        role=replace(EVERYTHING_SET.role, name=HOSTILE, inline_policies={HOSTILE: EVERYTHING}),
        claim_policies=[policy(HOSTILE, EVERYTHING), policy("../../etc/passwd", EVERYTHING)],
        remarks=[HOSTILE],
    )
    reported = write_project(hostile, engine, tmp_path)
    harmless = PROGRAMS[engine](EVERYTHING_SET)
    main = ast.parse((tmp_path / harmless.main).read_text())
    assert calls(main) == calls(ast.parse(harmless.files[harmless.main]))
    assert HOSTILE in [node.value for node in ast.walk(main) if isinstance(node, ast.Constant)]
    assert all(line.isprintable() for line in reported)
    assert {file.parent for file in tmp_path.rglob("*")} == {tmp_path}


def test_a_text_that_the_cdk_would_replace_is_refused_there_only():
    tokens = replace(OPEN, description="${Token[TOKEN.1]}")
    with pytest.raises(UnreadableError, match=r"app.py: holds \$\{Token\[, .*--engine pulumi"):
        PROGRAMS["cdk"](tokens)
    assert PROGRAMS["pulumi"](tokens)


@pytest.mark.parametrize(
    ("narrow", "wide", "is_in"),
    [
        ("topic/a/b", "topic/a/*", True),
        ("topic/a/*", "topic/a/*", True),
        ("topic/*", "topic/a/*", False),
        ("*", "topic/a/*", False),
        ("topic/a/b/c", "topic/*/c", True),
        ("topic/c", "topic/*/c", False),
        ("topic/a/x/b/c", "topic/a/*b*c", True),
        ("topic/a/x/c", "topic/a/*b*c", False),
    ],
)
def test_a_resource_is_within_another(narrow, wide, is_in):
    inner, outer = (document(statement("iot:Publish", resource)) for resource in (narrow, wide))
    assert is_within(inner, outer) is is_in


@pytest.mark.parametrize(
    "outside",
    [
        statement("iot:*", "x"),
        {"Effect": "Allow", "NotAction": "iot:Publish", "Resource": "x"},
        {"Effect": "Allow", "Action": "iot:Publish", "NotResource": "x"},
    ],
)
def test_what_cannot_be_read_or_is_another_action_is_within_nothing(outside):
    assert not is_within(document(outside), document(statement("iot:Publish", "*")))


def test_a_condition_that_is_missing_makes_a_statement_wider():
    condition = {"Bool": {"iot:Connection.Thing.IsAttached": ["true"]}}
    with_it = document({**statement("iot:Connect", "x"), "Condition": condition})
    without = document(statement("iot:Connect", "x"))
    assert is_within(with_it, with_it)
    assert is_within(with_it, without)
    assert not is_within(without, with_it)
