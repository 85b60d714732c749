"""Detaching takes effect later, and what it is about can't be deleted meanwhile; MiniStack detaches at once.

AWS says that it takes seconds, and up to five minutes for policies. Here it is counted in questions: the next
one or two, by a checksum of the names, are answered as if it were still attached.

https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
https://docs.aws.amazon.com/iot/latest/apireference/API_DetachPolicy.html
https://docs.aws.amazon.com/iot/latest/apireference/API_DeletePolicy.html
https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteCertificate.html
"""

from collections.abc import Callable
from typing import Any
from zlib import crc32

MOST_QUESTIONS = 2
POLICY, THING = "policy", "thing"


class Detachments:
    """What is detached, but still found.

    Args:
        pending: How many questions are left for each, and what detaches it.
    """

    def __init__(self, pending: Any) -> None:
        self._pending = pending

    def begin(self, *key: str, detach: Callable[[], Any]) -> None:
        """Detach later: the kind, the name of the policy or thing, and what it is attached to."""
        if key not in self._pending:
            self._pending[key] = (1 + crc32("|".join(key).encode()) % MOST_QUESTIONS, detach)

    def forget(self, *key: str) -> None:
        """Leave attached what is attached again."""
        self._pending.pop(key, None)

    def asked(self, kind: str, name: str) -> None:
        """Somebody asks about a policy, a thing or a principal: detach what was asked about often enough."""
        for key in [key for key in self._pending if key[0] == kind and name in key]:
            left, detach = self._pending[key]
            if left:
                self._pending[key] = (left - 1, detach)
            else:
                self.forget(*key)
                detach()


def install(iot: Any) -> None:
    """Let what is detached be found a little longer."""
    detachments = Detachments(iot.AccountRegionScopedDict())
    _detach_policies_later(iot, detachments)
    _detach_things_later(iot, detachments)
    _ask_on_connect(iot, detachments)


def _detach_policies_later(iot: Any, detachments: Detachments) -> None:
    change, delete = iot._change_policy_target, iot._delete_policy
    targets, attached = iot._policy_targets, iot._policies_attached_to

    def change_later(name: str, target: str, *, attach: bool, principal: bool = False) -> Any:
        if attach or target not in (iot._policies.get(name) or {}).get("targets", ()):
            detachments.forget(POLICY, name, target)
            return change(name, target, attach=attach, principal=principal)
        detachments.begin(POLICY, name, target, detach=lambda: change(name, target, attach=False))
        return iot.json_response({})

    def asking(answer: Callable[[str], Any]) -> Callable[[str], Any]:
        def asked(name: str) -> Any:
            detachments.asked(POLICY, name)
            return answer(name)

        return asked

    iot._change_policy_target, iot._delete_policy = change_later, asking(delete)
    iot._policy_targets, iot._policies_attached_to = asking(targets), asking(attached)


def _detach_things_later(iot: Any, detachments: Detachments) -> None:
    principals = iot._handle_thing_principals

    def principals_later(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        name, principal = path.split("/")[2], _principal(headers, query)

        def answer() -> Any:
            return principals(method, path, headers, body, query)

        if method == "DELETE" and principal in (iot._things.get(name) or {}).get("principals", ()):
            detachments.begin(THING, name, principal, detach=answer)
            return iot.json_response({})
        if method == "GET":
            detachments.asked(THING, name)
        else:
            detachments.forget(THING, name, principal)
        return answer()

    iot._handle_thing_principals = principals_later
    _ask_about_things(iot, detachments)


def _ask_about_things(iot: Any, detachments: Detachments) -> None:
    things, delete, certificate = iot._list_principal_things, iot._delete_thing, iot._handle_certificate

    def things_later(headers: Any, query: Any) -> Any:
        detachments.asked(THING, _principal(headers, query))
        return things(headers, query)

    def delete_later(name: str, *expected: Any) -> Any:
        detachments.asked(THING, name)
        return delete(name, *expected)

    def certificate_later(method: str, path: str, body: bytes, query: Any) -> Any:
        if method == "DELETE":
            detachments.asked(THING, iot._cert_arn(path.rpartition("/")[2]))
        return certificate(method, path, body, query)

    iot._list_principal_things, iot._delete_thing = things_later, delete_later
    iot._handle_certificate = certificate_later


def _principal(headers: Any, query: Any) -> str:
    return headers.get("x-amzn-principal") or query.get("principal") or ""


def _ask_on_connect(iot: Any, detachments: Detachments) -> None:
    context = iot._mqtt_policy_context

    def context_later(account: str, region: str, certificate_id: str, client_id: str) -> Any:
        with iot.request_scope(account, region):
            for kind in (POLICY, THING):
                detachments.asked(kind, iot._cert_arn(certificate_id))
        return context(account, region, certificate_id, client_id)

    iot._mqtt_policy_context = context_later
