"""Certificates of one thing only, and the lists that show it; MiniStack attaches all alike.

What AWS IoT answers when a certificate can't be attached is documented nowhere: the codes are inferred.

https://docs.aws.amazon.com/iot/latest/developerguide/exclusive-thing.html
https://docs.aws.amazon.com/iot/latest/apireference/API_AttachThingPrincipal.html
https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingPrincipalsV2.html
https://docs.aws.amazon.com/iot/latest/apireference/API_ListPrincipalThingsV2.html
"""

import json
from collections.abc import Mapping
from typing import Any

EXCLUSIVE, NOT_EXCLUSIVE = "EXCLUSIVE_THING", "NON_EXCLUSIVE_THING"
TYPE = "thingPrincipalType"
PROPERTY = "ThingPrincipalType"


def install(iot: Any) -> None:
    """Remember how a thing and a certificate are attached."""
    attachments = Attachments(iot)
    _attach_by_type(iot, attachments)
    _register_by_type(iot, attachments)
    _list_types(iot, attachments)


class Attachments:
    """The types of what is attached, in every account and Region."""

    def __init__(self, iot: Any) -> None:
        self._iot, self._types = iot, iot.AccountRegionScopedDict()

    def of(self, thing: str, principal: str) -> str:
        """How a thing and a principal are attached."""
        return str(self._types.get((thing, principal), NOT_EXCLUSIVE))

    def attach(self, thing: str, principal: str, kind: str) -> None:
        """Remember a type."""
        self._types[thing, principal] = kind

    def problem(self, thing: str, principal: str, kind: str) -> str | None:
        """Why a principal can't be attached to a thing in this way; nothing if it can."""
        if kind not in (EXCLUSIVE, NOT_EXCLUSIVE):
            return f"{PROPERTY} is {kind}"
        certificate = self._iot._certificates.get(principal.rpartition("/")[2]) or {}
        names = [arn.rpartition("/")[2] for arn in certificate.get("attachedThings", ())]
        others = [name for name in names if name != thing]
        if (kind == EXCLUSIVE and others) or any(self.of(name, principal) == EXCLUSIVE for name in others):
            return f"{principal} is attached to {', '.join(others)}, which can't be with {EXCLUSIVE}"
        return None


def _attach_by_type(iot: Any, attachments: Attachments) -> None:
    principals = iot._handle_thing_principals

    def principals_by_type(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if method != "PUT":
            return principals(method, path, headers, body, query)
        name, principal = path.split("/")[2], headers.get("x-amzn-principal", "")
        kind = query.get(TYPE, NOT_EXCLUSIVE)
        if problem := attachments.problem(name, principal, kind):
            return iot.error_response_json("InvalidRequestException", problem, 400)
        attachments.attach(name, principal, kind)
        return principals(method, path, headers, body, query)

    iot._handle_thing_principals = principals_by_type


def _register_by_type(iot: Any, attachments: Attachments) -> None:
    plan, apply = iot._provisioning_plan, iot._apply_provisioning_plan

    def plan_with_type(template: Mapping[str, Any], parameters: Any, certificate_id: str) -> Any:
        return plan(_with_type_at_thing(iot, template), parameters, certificate_id)

    async def apply_by_type(planned: dict[str, Any], certificate: Any, role_arn: str) -> Any:
        name = None
        if planned["thing"]:
            properties, _ = planned["thing"]
            name, principal = properties.get("ThingName"), certificate["certificateArn"]
            kind = properties.get(PROPERTY, NOT_EXCLUSIVE)
            if problem := attachments.problem(name, principal, kind):
                raise iot._provisioning_failed(problem)
        registered = await apply(planned, certificate, role_arn)
        if name:
            attachments.attach(name, principal, kind)
        return registered

    iot._provisioning_plan, iot._apply_provisioning_plan = plan_with_type, apply_by_type


def _with_type_at_thing(iot: Any, template: Mapping[str, Any]) -> Mapping[str, Any]:
    """A template whose thing has the type too: of a certificate, MiniStack's plan keeps the status only."""
    text = iot._provisioning_template_body(template)
    body = json.loads(text) if isinstance(text, str) else text
    resources = body["Resources"].values() if isinstance(body.get("Resources"), dict) else ()
    found = {entry.get("Type"): entry.get("Properties") for entry in resources if isinstance(entry, dict)}
    certificate, thing = found.get("AWS::IoT::Certificate"), found.get("AWS::IoT::Thing")
    if not isinstance(thing, dict) or not certificate or PROPERTY not in certificate:
        return template
    thing[PROPERTY] = certificate[PROPERTY]
    version = iot._provisioning_template_version(1, json.dumps(body), 0)
    return {**template, "defaultVersionId": 1, "versions": {"1": version}}


def _list_types(iot: Any, attachments: Attachments) -> None:
    route = iot._route_request

    async def route_with_types(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if method != "GET" or not path.endswith(("/principals-v2", "/things-v2")):
            return await route(method, path, headers, body, query)
        status, _, text = answer = await route(method, path.removesuffix("-v2"), headers, body, query)
        if status != 200:
            return answer
        if path.endswith("/things-v2"):
            principal = headers["x-amzn-principal"]
            pairs = [({"thingName": name}, name, principal) for name in json.loads(text)["things"]]
            key = "principalThingObjects"
        else:
            thing = path.split("/")[2]
            pairs = [({"principal": each}, thing, each) for each in json.loads(text)["principals"]]
            key = "thingPrincipalObjects"
        typed = [{**shown, TYPE: attachments.of(*pair)} for shown, *pair in pairs]
        wanted = query.get(TYPE, [EXCLUSIVE, NOT_EXCLUSIVE])
        return iot.json_response({key: [each for each in typed if each[TYPE] in wanted]})

    iot._route_request = route_with_types
