"""IoTDA's documented API on loopback: it demands what the pages demand, and can fail, throttle, lose answers.

Nothing here uses the library's own limits or rules. Error codes that are not documented are NOT_DOCUMENTED.
"""

import json
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import DerivationAKSKSigner

from tests.support.iotda_bodies import Refused, require_certificate_update, require_create, require_update

PROJECT, INSTANCE, REGION = "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "instance-1", "cn-north-4"
ACCESS_KEY, SECRET_KEY, TOKEN = "AK1234567890", "secret-of-the-key", "token-of-a-user"
NOT_DOCUMENTED = "IOTDA.NOT_DOCUMENTED"
CREDENTIALS = BasicCredentials(ACCESS_KEY, SECRET_KEY)


@dataclass
class Fault:
    """What happens to the next requests of a method whose path ends so.

    They are answered with ``status``, or not at all without one, ``carried_out`` or not.
    """

    method: str
    path_end: str
    status: int | None = None
    carried_out: bool = False
    times: int = 1
    seconds: float = 0


@dataclass
class Received:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: object


@dataclass
class IotdaServer:
    """The API with what it holds; a context manager."""

    drops_tags: bool = False
    templates: dict[str, dict] = field(default_factory=dict)
    authorities: dict[str, dict] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    received: deque[Received] = field(default_factory=deque)
    ids: int = 0x5C90FA7D3C4E4405E8525079

    def __enter__(self):
        server = self

        class Handler(_Handler):
            api = server

        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def calls(self, method):
        """The paths, after the project, of the requests of a method."""
        return [request.path for request in self.received if request.method == method]

    def add_template(self, name):
        """Put a template there without asking."""
        body = {"resources": {"device": {}}}
        return self.create({"template_name": name, "template_body": body})

    def add_authority(self, cn_name):
        """Put a device CA certificate there without asking."""
        return self._new_authority(
            cn_name, datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC), ""
        )

    def new_id(self):
        self.ids += 1
        return f"{self.ids:024x}"

    def take_fault(self, method, path):
        for fault in self.faults:
            if fault.method == method and path.endswith(fault.path_end) and fault.times:
                fault.times -= 1
                return fault
        return None

    def create(self, body):
        now = _time(datetime.now(UTC))
        template = {"template_id": self.new_id(), **body, "create_time": now, "update_time": now}
        self.templates[template["template_id"]] = template
        return template

    def answer(self, request):
        """Status and body for a request; raises ``Refused``."""
        with self._lock:
            for pattern, operations in ROUTES.items():
                found = re.fullmatch(pattern, request.path)
                if found:
                    operation = operations.get(request.method)
                    if operation is None:
                        raise Refused(405, "APIGW.0101", "The method is not allowed.")
                    return operation(self, request, *found.groups())
        raise Refused(404, "APIGW.0101", "The API does not exist.")

    def create_template(self, request):
        require_create(request.body)
        if len(self.templates) >= 10:
            raise Refused(400, NOT_DOCUMENTED, "The number of templates has reached the limit.")
        return 201, self._shown(self.create(request.body))

    def list_templates(self, request):
        _require_query(request.query, "template_name")
        wanted = request.query.get("template_name")
        found = [each for each in self.templates.values() if wanted in (None, each["template_name"])]
        short = [{name: value for name, value in each.items() if name != "template_body"} for each in found]
        return 200, _page(short, "template_id", "templates", request.query)

    def show_template(self, _request, template_id):
        return 200, self._shown(self._template(template_id))

    def update_template(self, request, template_id):
        require_update(request.body)
        self._template(template_id).update(request.body, update_time=_time(datetime.now(UTC)))
        return self.show_template(request, template_id)

    def delete_template(self, _request, template_id):
        self._template(template_id)
        if any(each["template_id"] == template_id for each in self.authorities.values()):
            raise Refused(400, NOT_DOCUMENTED, "The template is bound to a certificate.")
        del self.templates[template_id]
        return 204, None

    def add_certificate(self, request):
        if set(request.body) - {"app_id"} != {"content"}:
            raise Refused(400, "IOTDA.000006", "Invalid input data.")
        if len(self.authorities) >= 100:
            raise Refused(400, NOT_DOCUMENTED, "The number of certificates has reached the limit.")
        certificate = _parsed(request.body["content"])
        if any(each["content"] == request.body["content"] for each in self.authorities.values()):
            raise Refused(400, NOT_DOCUMENTED, "The certificate exists.")
        [name] = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        dates = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        return 201, _without_content(self._new_authority(name.value, *dates, request.body["content"]))

    def list_certificates(self, request):
        _require_query(request.query, "app_id")
        found = [_without_content(each) for each in self.authorities.values()]
        return 200, _page(found, "certificate_id", "certificates", request.query)

    def show_certificate(self, _request, certificate_id):
        return 200, _without_content(self._authority(certificate_id))

    def verify_certificate(self, request, certificate_id):
        authority = self._authority(certificate_id)
        if request.query != {"action_id": "verify"} or set(request.body) != {"verify_content"}:
            raise Refused(400, "IOTDA.000006", "Invalid input data.")
        proof, issuer = _parsed(request.body["verify_content"]), _parsed(authority["content"])
        names = [name.value for name in proof.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        try:
            proof.verify_directly_issued_by(issuer)
        except Exception:
            raise Refused(400, NOT_DOCUMENTED, "The verification failed.") from None
        if names != [authority["verify_code"]]:
            raise Refused(400, NOT_DOCUMENTED, "The verification failed.")
        authority["status"] = True
        return 200, None

    def update_certificate(self, request, certificate_id):
        authority = self._authority(certificate_id)
        require_certificate_update(request.body)
        after = {**authority, **request.body}
        if after["template_id"] is not None and after["template_id"] not in self.templates:
            raise Refused(400, NOT_DOCUMENTED, "The template does not exist.")
        if after["template_id"] is not None and not authority["status"]:
            raise Refused(400, NOT_DOCUMENTED, "The certificate is not verified.")
        if after["provision_enable"] and after["template_id"] is None:
            raise Refused(400, "IOTDA.000006", "Invalid input data.")
        authority.update(request.body)
        return 200, _without_content(authority)

    def delete_certificate(self, _request, certificate_id):
        if self._authority(certificate_id)["template_id"] is not None:
            raise Refused(400, NOT_DOCUMENTED, "The certificate is bound to a template.")
        del self.authorities[certificate_id]
        return 204, None

    def _template(self, template_id):
        if template_id not in self.templates:
            raise Refused(400, NOT_DOCUMENTED, "The template does not exist.")
        return self.templates[template_id]

    def _authority(self, certificate_id):
        if certificate_id not in self.authorities:
            raise Refused(404, NOT_DOCUMENTED, "The certificate does not exist.")
        return self.authorities[certificate_id]

    def _new_authority(self, cn_name, effective, expiry, content):
        authority = {
            "certificate_id": self.new_id(),
            "cn_name": cn_name,
            "owner": "owner",
            "status": False,
            "verify_code": f"{self.ids * 7919:032x}"[-32:],
            "provision_enable": False,
            "template_id": None,
            "create_date": _time(datetime.now(UTC)),
            "effective_date": _time(effective),
            "expiry_date": _time(expiry),
            "content": content,
        }
        self.authorities[authority["certificate_id"]] = authority
        return authority

    def _shown(self, template):
        reported = json.loads(json.dumps(template))
        if self.drops_tags:
            reported["template_body"]["resources"]["device"].pop("tags", None)
        return reported


TEMPLATES, CERTIFICATES = "/provisioning-templates", "/certificates"
ROUTES = {
    TEMPLATES: {"POST": IotdaServer.create_template, "GET": IotdaServer.list_templates},
    f"{TEMPLATES}/([0-9a-f]{{24}})": {
        "GET": IotdaServer.show_template,
        "PUT": IotdaServer.update_template,
        "DELETE": IotdaServer.delete_template,
    },
    CERTIFICATES: {"POST": IotdaServer.add_certificate, "GET": IotdaServer.list_certificates},
    f"{CERTIFICATES}/([0-9a-f]{{24}})/action": {"POST": IotdaServer.verify_certificate},
    f"{CERTIFICATES}/([0-9a-f]{{24}})": {
        "GET": IotdaServer.show_certificate,
        "PUT": IotdaServer.update_certificate,
        "DELETE": IotdaServer.delete_certificate,
    },
}


class _Handler(BaseHTTPRequestHandler):
    api: IotdaServer
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._carry_out
        raise AttributeError(name)

    def _carry_out(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            request = self._read(sent)
            fault = self.api.take_fault(request.method, request.path)
            time.sleep(fault.seconds if fault else 0)
            if fault and fault.carried_out:
                self.api.answer(request)
            if fault and fault.status is None:
                self.close_connection = True
                return
            if fault:
                raise Refused(fault.status, f"IOTDA.{fault.status}", "As the test wants it.")
            status, body = self.api.answer(request)
        except Refused as refusal:
            status, body = refusal.status, {"error_code": refusal.code, "error_msg": refusal.message}
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("X-Request-Id", f"request-{len(self.api.received)}")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _read(self, sent):
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, strict_parsing=bool(url.query)))
        base = f"/v5/iot/{PROJECT}"
        path = unquote(url.path)
        try:
            body = json.loads(sent) if sent else None
        except ValueError:
            body = ...
        request = Received(self.command, path.removeprefix(base), query, dict(self.headers.items()), body)
        self.api.received.append(request)
        _require_authentication(request, path, sent, self.headers)
        if not path.startswith(f"{base}/") or self.headers.get("Instance-Id") != INSTANCE:
            raise Refused(403, "APIGW.0302", "No permission for this project or instance.")
        if self.command in ("POST", "PUT") and not isinstance(body, dict):
            raise Refused(400, "IOTDA.000008", "Invalid input. Bad request.")
        if self.command in ("GET", "DELETE") and body is not None:
            raise Refused(400, "IOTDA.000008", "Invalid input. Bad request.")
        if self.headers.get("Content-Type") != "application/json":
            raise Refused(400, "IOTDA.000008", "Invalid input. Bad request.")
        return request

    def log_message(self, *_):
        pass


def _require_authentication(request, path, sent, headers):
    if headers.get("X-Auth-Token") is not None:
        if headers["X-Auth-Token"] == TOKEN and "Authorization" not in headers:
            return
    elif _is_signed(request, path, sent, headers):
        return
    raise Refused(401, "APIGW.0301", "Incorrect IAM authentication information.")


def _is_signed(request, path, sent, headers):
    given = headers.get("Authorization", "")
    found = re.fullmatch(
        rf"V11-HMAC-SHA256 Credential={ACCESS_KEY}/\d{{8}}/{REGION}/iotdm,"
        r" ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}",
        given,
    )
    signed = found.group(1).split(";") if found else []
    if not {"host", "x-sdk-date"} <= set(signed):
        return False
    again = SdkRequest(
        method=request.method,
        schema="http",
        host=headers["Host"],
        resource_path=path,
        query_params=list(request.query.items()),
        header_params={name: headers[name] for name in signed},
        body=sent or None,
    )
    DerivationAKSKSigner(CREDENTIALS).sign(again, "iotdm", REGION)
    return again.header_params["Authorization"] == given


def _require_query(query, *others):
    unknown = set(query) - {"limit", "marker", "offset", *others}
    fits = (
        not unknown
        and 1 <= int(query.get("limit", 10)) <= 50
        and 0 <= int(query.get("offset", 0)) <= 500
        and re.fullmatch("[0-9a-f]{24}", query.get("marker", "f" * 24))
    )
    if not fits:
        raise Refused(400, "IOTDA.000006", "Invalid input data.")


def _page(entries, key, name, query):
    marker = query.get("marker", "f" * 24)
    ordered = sorted(
        (each for each in entries if each[key] < marker), key=lambda each: each[key], reverse=True
    )
    start = int(query.get("offset", 0))
    page = ordered[start : start + int(query.get("limit", 10))]
    return {name: page, "page": {"count": len(entries), "marker": page[-1][key] if page else None}}


def _parsed(pem):
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise Refused(400, "IOTDA.014301", "Invalid certificate content.") from None


def _without_content(authority):
    return {name: value for name, value in authority.items() if name != "content"}


def _time(moment):
    return moment.strftime("%Y%m%dT%H%M%SZ")
