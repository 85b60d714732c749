"""AWS Panorama's operations on devices over real HTTP: strict about requests, and breakable on demand."""

import base64
import io
import json
import re
import threading
import time
import uuid
import zipfile
from collections import defaultdict
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.loopback_server import LoopbackServer

SECRET = "test"
PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----\npanorama-archive-secret\n-----END PRIVATE KEY-----"
ADDRESS = r"((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?!$|:)|(?=$|:))){4}"
TEXTS = {
    "Name": (r"[a-zA-Z0-9\-_]+", 1, 255),
    "Description": (r".*", 0, 255),
    "IpAddress": (ADDRESS + r"(:[0-9]{1,5})?", 1, 255),
    "Mask": (r".+", 1, 255),
    "DefaultGateway": (r".+", 1, 255),
    "Dns": (r".+", 1, 255),
    "NtpServer": (
        r"([a-z0-9-]+\.)+[a-z]+|" + ADDRESS + r"(:[0-9]{1,5})?",
        1,
        255,
    ),
    "TagKey": (r".+", 1, 128),
    "TagValue": (r"[\s\S]*", 0, 256),
}
SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([\w-]+)/(\d{8})/([\w-]+)/panorama/aws4_request, "
    r"SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})"
)


class Invalid(Exception):  # noqa: N818
    """A request that the API would not accept: which field, and why."""

    def __init__(self, field, message):
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    endpoint = None

    def answer_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.endpoint.answer(self.command, self.path, dict(self.headers.items()), body)
        if answer is None:
            self.close_connection = True
            return
        status, code, content = answer
        payload = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        if code:
            self.send_header("x-amzn-ErrorType", f"{code}:http://internal.amazon.com/")
        try:
            self.end_headers()
            self.wfile.write(payload)
        except OSError:
            self.close_connection = True

    def do_GET(self):
        self.answer_any()

    def do_POST(self):
        self.answer_any()

    def do_PUT(self):
        self.answer_any()

    def do_DELETE(self):
        self.answer_any()

    def log_message(self, *_):
        pass


class PanoramaEndpoint(LoopbackServer):
    """Start it, read ``url``, look at ``devices`` and ``requests``, break it with ``fail`` and the others."""

    def __init__(self):
        self.devices, self.requests, self.complaints = {}, [], []
        self._breaks = defaultdict(list)
        self._lock = threading.RLock()
        super().__init__(type("Bound", (Handler,), {"endpoint": self}))

    def reset(self):
        """Forget devices, requests and what was to break."""
        self.devices.clear()
        self.requests.clear()
        self._breaks.clear()
        self.complaints.clear()

    def fail(self, operation, status, code, times=1, **body):
        """Refuse an operation with an error of the API."""
        self._breaks[operation] += [("fail", (status, code, body))] * times

    def throttle(self, operation, times=1):
        """Be too busy for an operation."""
        self.fail(operation, 429, "ThrottlingException", times, Message="slow down")

    def lose_answer(self, operation, times=1):
        """Do what is asked, and close the connection without an answer."""
        self._breaks[operation] += [("lose", None)] * times

    def time_out(self, operation, seconds, times=1):
        """Do what is asked, and answer too late."""
        self._breaks[operation] += [("late", seconds)] * times

    def do_twice(self, operation):
        """Do what is asked twice, as if the request had been delivered twice."""
        self._breaks[operation] += [("twice", None)]

    def named(self, name):
        """The devices of a name."""
        return [device for device in self.devices.values() if device["Name"] == name]

    def operations(self):
        """The operations that were asked for, in their order."""
        return [operation for operation, _ in self.requests]

    def answer(self, method, target, headers, body):
        """Status, error and body of the answer; none for no answer."""
        try:
            require_signature(method, self.url + target, headers, body)
            operation, act = self._route(method, target, body, headers)
        except Invalid as invalid:
            self.complaints.append(str(invalid))
            fields = [{"Name": invalid.field, "Message": invalid.message}]
            reason = {"Message": "invalid", "Reason": "FIELD_VALIDATION_FAILED", "Fields": fields}
            return 400, "ValidationException", reason
        with self._lock:
            self.requests.append((operation, json.loads(body or b"{}")))
            kind, detail = self._breaks[operation].pop(0) if self._breaks[operation] else (None, None)
        if kind == "fail":
            status, code, content = detail
            return status, code, {"Message": code, **content}
        with self._lock:
            if kind == "twice":
                act()
            answer = act()
        if kind == "late":
            time.sleep(detail)
        return None if kind == "lose" else answer

    def _route(self, method, target, body, headers):
        parts = urlsplit(target)
        path, query = [unquote(part) for part in parts.path.strip("/").split("/", 1)], parse_qs(parts.query)
        document = self._document(method, body, headers)
        if path[0] == "tags":
            return self._route_tags(method, path, query, document)
        match method, path:
            case "POST", ["devices"]:
                require_provision(document)
                return "ProvisionDevice", lambda: self._provision(document)
            case "GET", ["devices"]:
                return "ListDevices", lambda: self._list(query)
            case "GET", ["devices", device_id]:
                return "DescribeDevice", lambda: self._on(device_id, dict)
            case "PUT", ["devices", device_id]:
                require_keys(document, {"Description"}, set())
                require_text("Description", document.get("Description", ""))
                return "UpdateDeviceMetadata", lambda: self._on(device_id, lambda d: d.update(document))
            case "DELETE", ["devices", device_id]:
                return "DeleteDevice", lambda: self._on(device_id, lambda d: self.devices.pop(d["DeviceId"]))
        raise Invalid("path", f"{method} {target} is not an operation")

    def _route_tags(self, method, path, query, document):
        match method, path:
            case "POST", ["tags", arn]:
                require_keys(document, {"Tags"}, {"Tags"})
                require_tags(document["Tags"])
                return "TagResource", lambda: self._tag(arn, document["Tags"])
            case "DELETE", ["tags", arn]:
                if not query.get("tagKeys"):
                    raise Invalid("tagKeys", "is missing")
                return "UntagResource", lambda: self._untag(arn, query["tagKeys"])
        raise Invalid("path", f"{method} {path} is not an operation")

    @staticmethod
    def _document(method, body, headers):
        if method in {"GET", "DELETE"}:
            if body:
                raise Invalid("body", "is not expected")
            return {}
        if headers.get("Content-Type") != "application/json":
            raise Invalid("Content-Type", "is not application/json")
        try:
            return json.loads(body)
        except ValueError:
            raise Invalid("body", "is not valid JSON") from None

    def _provision(self, request):
        number = uuid.uuid4().hex
        device_id = f"device-{number[:26]}"
        self.devices[device_id] = {
            **request,
            "DeviceId": device_id,
            "Arn": f"arn:aws:panorama:eu-west-1:111122223333:device/{device_id}",
            "CreatedTime": time.time(),
            "ProvisioningStatus": "AWAITING_PROVISIONING",
            "DeviceAggregatedStatus": "AWAITING_PROVISIONING",
            "Tags": dict(request.get("Tags", {})),
        }
        device = self.devices[device_id]
        return (
            200,
            None,
            {
                "Arn": device["Arn"],
                "DeviceId": device_id,
                "Status": "AWAITING_PROVISIONING",
                "IotThingName": f"thing-{device_id}",
                "Certificates": base64.b64encode(archive_for(device_id)).decode(),
            },
        )

    def _list(self, query):
        wanted = query.get("NameFilter", [""])[0]
        start = int(query.get("NextToken", ["0"])[0])
        found = [device for device in self.devices.values() if wanted in device["Name"]]
        # Pages of two, so that paging is used.
        shown = [{k: v for k, v in d.items() if k in {"DeviceId", "Name"}} for d in found[start : start + 2]]
        more = {"NextToken": str(start + 2)} if len(found) > start + 2 else {}
        return 200, None, {"Devices": shown, **more}

    def _on(self, device_id, act):
        if device_id not in self.devices:
            details = {"Message": "gone", "ResourceId": device_id, "ResourceType": "DEVICE"}
            return 404, "ResourceNotFoundException", details
        done = act(self.devices[device_id])
        return 200, None, done if isinstance(done, dict) else {"DeviceId": device_id}

    def _by_arn(self, arn):
        return next(device for device in self.devices.values() if device["Arn"] == arn)

    def _tag(self, arn, tags):
        device = self._by_arn(arn)
        device["Tags"] = {**device["Tags"], **tags}
        require_tags(device["Tags"])
        return 200, None, {}

    def _untag(self, arn, keys):
        tags = self._by_arn(arn)["Tags"]
        for key in keys:
            tags.pop(key)
        return 200, None, {}


def archive_for(device_id):
    """The archive of a device: a key that nobody else may see."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        entry = zipfile.ZipInfo("private.pem.key", (2026, 1, 1, 0, 0, 0))
        archive.writestr(entry, f"{PRIVATE_KEY}\n{device_id}")
    return content.getvalue()


def require_signature(method, url, headers, body):
    """Make sure of the form of the signature and, where the secret is known, of the signature."""
    given = {name.lower(): value for name, value in headers.items()}
    found = SIGNATURE.fullmatch(given.get("authorization", ""))
    if not found:
        raise Invalid("Authorization", "is not a signature of version 4 for panorama")
    key, date, region, signed, signature = found.groups()
    if not {"host", "x-amz-date"} <= set(signed.split(";")):
        raise Invalid("SignedHeaders", "lack host or x-amz-date")
    if not given["x-amz-date"].startswith(date):
        raise Invalid("X-Amz-Date", "is of another day")
    if key != "test":
        return
    request = AWSRequest(method, url, data=body, headers={})
    request.context["timestamp"] = given["x-amz-date"]
    for name in signed.split(";"):
        if name != "host":
            request.headers[name] = given[name]
    auth = SigV4Auth(Credentials("test", SECRET, given.get("x-amz-security-token")), "panorama", region)
    canonical = auth.canonical_request(request)
    if auth.signature(auth.string_to_sign(request, canonical), request) != signature:
        raise Invalid("Signature", "is of another request or another secret")


def require_provision(request):
    """Make sure of every limit of ProvisionDevice."""
    require_keys(request, {"Name", "Description", "NetworkingConfiguration", "Tags"}, {"Name"})
    require_text("Name", request["Name"])
    require_text("Description", request.get("Description", ""))
    require_tags(request.get("Tags", {}))
    network = request.get("NetworkingConfiguration", {})
    require_keys(network, {"Ethernet0", "Ethernet1", "Ntp"}, set())
    for name in ("Ethernet0", "Ethernet1"):
        if name in network:
            require_interface(network[name])
    if "Ntp" in network:
        require_keys(network["Ntp"], {"NtpServers"}, {"NtpServers"})
        servers = network["Ntp"]["NtpServers"]
        if len(servers) > 5:
            raise Invalid("NtpServers", "are more than 5")
        for server in servers:
            require_text("NtpServer", server)


def require_interface(interface):
    require_keys(interface, {"ConnectionType", "StaticIpConnectionInfo"}, {"ConnectionType"})
    if interface["ConnectionType"] not in {"STATIC_IP", "DHCP"}:
        raise Invalid("ConnectionType", "is another one")
    info = interface.get("StaticIpConnectionInfo")
    if (interface["ConnectionType"] == "STATIC_IP") != (info is not None):
        raise Invalid("StaticIpConnectionInfo", "does not fit the ConnectionType")
    if info is not None:
        fields = {"IpAddress", "Mask", "DefaultGateway", "Dns"}
        require_keys(info, fields, fields)
        for name in ("IpAddress", "Mask", "DefaultGateway"):
            require_text(name, info[name])
        for server in info["Dns"]:
            require_text("Dns", server)


def require_tags(tags):
    if len(tags) > 50:
        raise Invalid("Tags", "are more than 50")
    for key, value in tags.items():
        require_text("TagKey", key)
        require_text("TagValue", value)


def require_text(name, value):
    pattern, shortest, longest = TEXTS[name]
    if not isinstance(value, str) or not shortest <= len(value) <= longest:
        raise Invalid(name, f"is not {shortest} to {longest} characters")
    if not re.fullmatch(pattern, value):
        raise Invalid(name, f"does not match {pattern}")


def require_keys(document, allowed, required):
    if not isinstance(document, dict) or set(document) - allowed or required - set(document):
        raise Invalid("body", f"has other keys than {sorted(allowed)}")
