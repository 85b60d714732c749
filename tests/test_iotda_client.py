"""The client of IoTDA: the vendor's SDK against the documented API, over HTTP."""

import copy
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from device_provisioning.iotda.client import (
    AccessKey,
    ConflictError,
    Connection,
    IotdaClient,
    IotdaError,
    LimitReachedError,
    NoAnswerError,
    Token,
    credentials_of,
)
from tests.support.iotda_authorities import authority, identity_of, verification
from tests.support.iotda_server import (
    ACCESS_KEY,
    INSTANCE,
    NOT_DOCUMENTED,
    PROJECT,
    REGION,
    SECRET_KEY,
    TEMPLATES,
    TOKEN,
    Fault,
    IotdaServer,
)

EXAMPLES = json.loads((Path(__file__).parent / "support" / "iotda_vendor_examples.json").read_text("utf-8"))
BODY = EXAMPLES["requests"][1]["template_body"]
OTHER_BODY = EXAMPLES["requests"][0]["template_body"]
KEY = AccessKey(ACCESS_KEY, SECRET_KEY)


@pytest.fixture
def server():
    with IotdaServer() as running:
        yield running


@pytest.fixture
def client(server):
    with client_of(server) as made:
        yield made


def client_of(server, credentials=KEY, **settings):
    known = {"project_id": PROJECT, "instance_id": INSTANCE, "region": REGION, "endpoint": server.url}
    return IotdaClient(Connection(**{**known, **settings}), credentials)


@pytest.mark.parametrize("request_body", EXAMPLES["requests"], ids=lambda each: each["template_name"])
def test_the_vendors_example_requests_are_accepted_as_they_are_and_come_back_equal(
    server, client, request_body
):
    made = client.templates.create(
        request_body["template_name"], request_body["template_body"], request_body["description"]
    )
    shown = client.templates.show(made["template_id"])
    [sent] = [each.body for each in server.received if each.method == "POST"]
    assert sent == request_body
    assert {name: shown[name] for name in request_body} == request_body
    assert set(shown) == set(EXAMPLES["response_201"])


def test_a_request_is_signed_with_a_derived_key_for_the_instance_and_the_project(server, client):
    client.templates.find("pumps")
    [request] = server.received
    assert request.headers["Authorization"].startswith("V11-HMAC-SHA256 Credential=")
    assert f"/{REGION}/iotdm," in request.headers["Authorization"].replace(" ", "")
    assert request.headers["Instance-Id"] == INSTANCE
    assert request.headers["X-Project-Id"] == PROJECT


def test_a_token_is_sent_in_place_of_a_signature_and_needs_no_region(server):
    with client_of(server, Token(TOKEN), region=None) as client:
        client.templates.create("pumps", BODY)
    assert all(request.headers["X-Auth-Token"] == TOKEN for request in server.received)
    assert not any("Authorization" in request.headers for request in server.received)


def test_a_temporary_access_key_brings_its_security_token(server):
    with client_of(server, AccessKey(ACCESS_KEY, SECRET_KEY, "security-token")) as client:
        client.templates.find("pumps")
    assert server.received[0].headers["X-Security-Token"] == "security-token"


@pytest.mark.parametrize(
    "credentials", [AccessKey(ACCESS_KEY, "another secret"), Token("another token")], ids=["key", "token"]
)
def test_wrong_credentials_are_refused_once_with_huaweis_code_and_what_to_do(server, credentials):
    with client_of(server, credentials) as client, pytest.raises(IotdaError) as caught:
        client.templates.find("pumps")
    assert (caught.value.status, caught.value.code) == (401, "APIGW.0301")
    assert caught.value.request_id == "request-1"
    assert "request id request-1: Incorrect IAM authentication" in str(caught.value)
    assert "check the access key or the token" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(server.received) == 1


def test_a_refused_body_is_reported_with_huaweis_code_and_how_to_find_what_is_wrong(client):
    with pytest.raises(IotdaError, match="lint --type iotda") as caught:
        client.templates.create("pumps", {"parameters": {}, "resources": {}})
    assert (caught.value.status, caught.value.code) == (400, "IOTDA.000006")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_call_is_repeated_while_iotda_is_busy_or_broken(server, client, status):
    server.faults = [Fault("GET", TEMPLATES, status, times=3)]
    assert client.templates.find("pumps") is None
    assert len(server.received) == 4


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_no_other_refusal_is_repeated(server, client, status):
    server.faults = [Fault("GET", TEMPLATES, status)]
    with pytest.raises(IotdaError) as caught:
        client.templates.find("pumps")
    assert caught.value.status == status
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [429, 500])
def test_repeating_ends_after_as_many_times_as_are_wanted(server, status):
    server.faults = [Fault("GET", TEMPLATES, status, times=99)]
    with client_of(server, retries=2) as client, pytest.raises(IotdaError) as caught:
        client.templates.find("pumps")
    assert caught.value.status == status
    assert len(server.received) == 3


def test_without_retries_a_call_is_made_once(server):
    server.faults = [Fault("GET", TEMPLATES, 503, times=99)]
    with client_of(server, retries=0) as client, pytest.raises(IotdaError):
        client.templates.find("pumps")
    assert len(server.received) == 1


def test_a_silent_iotda_is_reported_and_not_asked_again(server, client):
    server.faults = [Fault("GET", TEMPLATES)]
    with pytest.raises(
        NoAnswerError, match=r"list_provisioning_templates was not answered: .*check endpoint"
    ):
        client.templates.find("pumps")
    assert len(server.received) == 1


def test_an_answer_is_waited_for_only_so_long(server):
    server.faults = [Fault("GET", TEMPLATES, 503, seconds=0.5)]
    with (
        client_of(server, read_timeout_seconds=0.1) as client,
        pytest.raises(NoAnswerError, match="not answered"),
    ):
        client.templates.find("pumps")


def test_nobody_at_the_endpoint_is_reported():
    connection = Connection(project_id=PROJECT, region=REGION, endpoint="http://127.0.0.1:1", retries=0)
    with (
        IotdaClient(connection, KEY) as client,
        pytest.raises(NoAnswerError, match="check endpoint and network"),
    ):
        client.templates.find("pumps")


@pytest.mark.parametrize("status", [None, 429, 500, 502], ids=["dropped", "429", "500", "502"])
def test_a_create_whose_answer_was_lost_finds_its_template_instead_of_making_a_second(server, client, status):
    server.faults = [Fault("POST", TEMPLATES, status, carried_out=True)]
    made = client.templates.create("pumps", BODY)
    assert [made["template_id"]] == list(server.templates)
    assert server.calls("POST") == [TEMPLATES]


@pytest.mark.parametrize("status", [429, 503])
def test_a_create_that_failed_is_repeated_and_makes_one_template(server, client, status):
    server.faults = [Fault("POST", TEMPLATES, status, times=2)]
    made = client.templates.create("pumps", BODY)
    assert [made["template_id"]] == list(server.templates)
    assert server.calls("POST") == [TEMPLATES] * 3


@pytest.fixture
def at_once(server, monkeypatch):
    """Do something twice, so that each has looked before the other has sent; what came of it."""
    both_have_looked = threading.Barrier(2)

    def wait(method, _path):
        if method == "POST":
            both_have_looked.wait(10)

    def act(step):
        with monkeypatch.context() as patch, ThreadPoolExecutor(2) as pool:
            patch.setattr(server, "take_fault", wait)
            return list(pool.map(step, range(2)))

    return act


def test_two_creates_of_the_same_at_once_leave_one_template(server, client, at_once):
    made = at_once(lambda _: client.templates.create("pumps", BODY)["template_id"])
    assert made == list(server.templates) * 2


def test_a_create_that_finds_two_of_its_name_takes_the_first_as_the_other_one_is_about_to_go(server, client):
    first = client.templates.create("pumps", BODY)["template_id"]
    server.create({"template_name": "pumps", "template_body": BODY})
    assert client.templates.create("pumps", BODY)["template_id"] == first
    assert client.templates.find("pumps")["template_id"] == first


def test_of_two_different_creates_of_a_name_at_once_one_is_refused_and_leaves_nothing(
    server, client, at_once
):
    def create(number):
        try:
            return client.templates.create("pumps", (BODY, OTHER_BODY)[number])["template_id"]
        except ConflictError:
            return "refused"

    assert sorted(at_once(create)) == sorted([*server.templates, "refused"])


def test_two_uploads_of_the_same_device_ca_at_once_both_find_it(server, client, at_once):
    _, pem = authority("Factory")
    added = at_once(lambda _: client.device_cas.add(pem, identity_of(pem))["certificate_id"])
    assert added == list(server.authorities) * 2


def test_a_create_that_was_not_answered_and_not_done_is_reported(server, client):
    server.faults = [Fault("POST", TEMPLATES)]
    with pytest.raises(NoAnswerError):
        client.templates.create("pumps", BODY)
    assert not server.templates


@pytest.mark.parametrize("drops_tags", [False, True], ids=["tags answered", "tags left out of answers"])
def test_creating_once_more_is_the_same_template(server, client, drops_tags):
    server.drops_tags = drops_tags
    first = client.templates.create("pumps", BODY, "a")
    assert client.templates.create("pumps", BODY, "a")["template_id"] == first["template_id"]
    assert len(server.templates) == 1


def test_another_template_of_the_name_is_not_taken_over(server, client):
    client.templates.create("pumps", BODY)
    for body, description in ((OTHER_BODY, None), (BODY, "another")):
        with pytest.raises(
            ConflictError, match=r"'pumps' with another body or description.*: choose another"
        ):
            client.templates.create("pumps", body, description)
    assert len(server.templates) == 1


def test_the_tenth_template_is_made_and_the_eleventh_refused_before_it_is_sent(server, client):
    for number in range(9):
        server.add_template(f"template{number}")
    client.templates.create("tenth", BODY)
    sent = server.calls("POST")
    with pytest.raises(
        LimitReachedError, match=r"10 templates and takes no more than 10: .*template0.*: delete"
    ):
        client.templates.create("eleventh", BODY)
    assert server.calls("POST") == sent


def test_a_template_is_changed_in_place(server, client):
    made = client.templates.create("pumps", BODY, "first")
    changed = client.templates.update(made["template_id"], OTHER_BODY, "second")
    assert (changed["template_id"], changed["template_body"]) == (made["template_id"], OTHER_BODY)
    assert changed["description"] == "second"
    assert client.templates.update(made["template_id"], OTHER_BODY)["description"] == ""


def test_deleting_unbinds_every_certificate_first_with_json_null(server, client):
    made = client.templates.create("pumps", BODY)
    first, second = (bound_authority(server, client, made["template_id"], name) for name in ("One", "Two"))
    client.templates.delete(made["template_id"])
    unbinding = [each.body for each in server.received if each.method == "PUT"][-2:]
    assert unbinding == [{"template_id": None, "provision_enable": False}] * 2
    assert not server.templates
    assert all(server.authorities[each]["template_id"] is None for each in (first, second))


def test_deleting_what_is_gone_is_fine(server, client):
    client.templates.delete("5c90fa7d3c4e4405e8525079")
    client.device_cas.delete("5c90fa7d3c4e4405e8525079")
    # Of a CA there is nothing to delete.
    assert len(server.calls("DELETE")) == 1


def test_a_delete_that_iotda_refuses_is_reported(server, client):
    made = client.templates.create("pumps", BODY)
    server.faults = [Fault("DELETE", made["template_id"], 403)]
    with pytest.raises(IotdaError, match="grant the user"):
        client.templates.delete(made["template_id"])


def test_a_delete_whose_answer_was_lost_is_done(server, client):
    made = client.templates.create("pumps", BODY)
    server.faults = [Fault("DELETE", made["template_id"], 502, carried_out=True)]
    client.templates.delete(made["template_id"])
    assert not server.templates


def bound_authority(server, client, template_id, name):
    key, pem = authority(name)
    added = client.device_cas.add(pem, identity_of(pem))
    client.device_cas.verify(added["certificate_id"], verification(key, pem, added["verify_code"]))
    client.device_cas.bind(added["certificate_id"], template_id)
    return added["certificate_id"]


def test_a_device_ca_is_uploaded_verified_bound_and_deleted(server, client):
    made = client.templates.create("pumps", BODY)
    certificate_id = bound_authority(server, client, made["template_id"], "Factory")
    shown = client.device_cas.show(certificate_id)
    assert (shown["status"], shown["provision_enable"], shown["template_id"]) == (
        True,
        True,
        made["template_id"],
    )
    client.device_cas.delete(certificate_id)
    assert not server.authorities


def test_a_device_ca_whose_upload_was_not_answered_is_found_again(server, client):
    _, pem = authority("Factory")
    server.faults = [Fault("POST", "/certificates", carried_out=True)]
    added = client.device_cas.add(pem, identity_of(pem))
    assert [added["certificate_id"]] == list(server.authorities)
    assert client.device_cas.add(pem, identity_of(pem)) == added


def test_a_verification_by_another_key_is_refused(server, client):
    key, pem = authority("Factory")
    other_key, _ = authority("Factory")
    added = client.device_cas.add(pem, identity_of(pem))
    with pytest.raises(IotdaError) as caught:
        client.device_cas.verify(added["certificate_id"], verification(other_key, pem, added["verify_code"]))
    assert caught.value.code == NOT_DOCUMENTED
    with pytest.raises(IotdaError):
        client.device_cas.verify(added["certificate_id"], verification(key, pem, "another code"))


def test_the_hundredth_device_ca_is_added_and_one_more_refused_before_it_is_sent(server, client):
    for number in range(99):
        server.add_authority(f"CA {number}")
    _, pem = authority("Last")
    added = client.device_cas.add(pem, identity_of(pem))
    _, too_many = authority("Too many")
    sent = server.calls("POST")
    with pytest.raises(
        LimitReachedError, match="100 device CA certificates and takes no more than 100: delete"
    ):
        client.device_cas.add(too_many, identity_of(too_many))
    assert server.calls("POST") == sent
    assert client.device_cas.show(added["certificate_id"])["cn_name"] == "Last"
    assert len(list(client.device_cas.all())) == 100


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"project_id": ""}, "project_id is empty"),
        ({"region": None}, "neither region nor endpoint is given"),
        ({"endpoint": "http://iotda.example.com"}, "would carry credentials in the clear: use https"),
        ({"endpoint": "ftp://iotda.example.com"}, "give the host that the console shows"),
        ({"retries": 11}, "retries is 11: give 0 to 10"),
        ({"retries": -1}, "retries is -1"),
        ({"connect_timeout_seconds": 0}, "connect_timeout_seconds is 0"),
        ({"read_timeout_seconds": -1}, "read_timeout_seconds is -1"),
        ({"project_id": "", "retries": 11}, "project_id is empty.*\nretries is 11"),
    ],
)
def test_a_connection_that_cannot_be_is_refused_with_all_that_is_wrong(settings, text):
    with pytest.raises(ValueError, match=text):
        Connection(**{"project_id": PROJECT, "region": REGION, **settings})


def test_a_host_without_scheme_is_asked_over_https():
    assert Connection(project_id=PROJECT, endpoint="iotda.example.com").url == "https://iotda.example.com"


@pytest.mark.parametrize(
    ("region", "endpoint", "text"),
    [
        ("nowhere-1", None, "not known in 'nowhere-1': give an endpoint, or af-south-1"),
        (None, "h", "give the Region"),
    ],
)
def test_a_region_that_is_unknown_or_missing_is_refused(region, endpoint, text):
    connection = Connection(project_id=PROJECT, region=region, endpoint=endpoint)
    with pytest.raises(ValueError, match=text):
        IotdaClient(connection, KEY)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"ak": "a", "sk": "s"}, AccessKey("a", "s")),
        ({"ak": "a", "sk": "s", "security_token": "t"}, AccessKey("a", "s", "t")),
        ({"token": "t"}, Token("t")),
    ],
)
def test_a_secret_holds_an_access_key_or_a_token(document, expected):
    assert credentials_of(document) == expected


@pytest.mark.parametrize(
    "document",
    [{}, [], None, "hush", {"ak": "hush"}, {"ak": "hush", "sk": ""}, {"token": "hush", "ak": "hush"}],
)
def test_a_secret_of_another_form_is_refused_and_not_repeated(document):
    with pytest.raises(ValueError, match=r'give the JSON object \{"ak": ') as caught:
        credentials_of(copy.copy(document))
    assert "hush" not in str(caught.value)


def test_credentials_are_never_shown():
    assert "hush" not in repr([AccessKey("a", "hush", "hush"), Token("hush")])


@pytest.mark.parametrize("module", ["iotda", "iotda.client", "cdk", "pulumi"])
def test_the_sdk_is_loaded_only_when_a_client_is_made(module):
    code = (
        f"import sys, device_provisioning.{module}; "
        "print([name for name in sys.modules if name.startswith('huaweicloud')])"
    )
    command = [sys.executable, "-W", "ignore", "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"
