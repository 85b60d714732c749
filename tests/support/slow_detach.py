"""AWS IoT as it documents detaching: asynchronous, and what is attached can't be deleted meanwhile.

https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteCertificate.html
"""

# ruff: noqa: N803  # botocore's names

from botocore.exceptions import ClientError

ARN = "arn:aws:iot:eu-west-1:111122223333:cert/"


class SlowDetach:
    """Certificates whose things and policies are detached some seconds after the call.

    Args:
        certificates: The names of certificates, each of which has a thing and the policy ``policy``.
        seconds: How long detaching takes.

    ``fails_at`` is how many calls succeed before the one that AWS IoT refuses once; none by default.
    """

    def __init__(self, certificates, seconds):
        self.now, self.seconds = 0.0, seconds
        self.status = dict.fromkeys(certificates, "ACTIVE")
        self.detached_at, self.policy_detached_at = {}, {}
        self.policies = {name: {"policy"} for name in certificates}
        self.calls = []
        self.fails_at = None

    def sleep(self, seconds):
        self.now += seconds

    def get_paginator(self, operation):
        return _Pages(getattr(self, f"_{operation}"))

    def update_certificate(self, certificateId, newStatus):
        self._begin("update_certificate", certificateId)
        self.status[self._known(certificateId, "UpdateCertificate")] = newStatus

    def detach_thing_principal(self, thingName, principal):
        self._begin("detach_thing_principal", thingName)
        self.detached_at.setdefault(thingName, self.now + self.seconds)

    def detach_policy(self, policyName, target):
        self._begin("detach_policy", target)
        name = target.removeprefix(ARN)
        self.policies[name].discard(policyName)
        self.policy_detached_at[name] = self.now + self.seconds

    def delete_certificate(self, certificateId, forceDelete=False):
        self._begin("delete_certificate", certificateId)
        self._known(certificateId, "DeleteCertificate")
        if self.status[certificateId] == "ACTIVE":
            raise refused("CertificateStateException", "DeleteCertificate")
        if self._is_attached(certificateId) or (self._has_policy(certificateId) and not forceDelete):
            raise refused("DeleteConflictException", "DeleteCertificate")
        del self.status[certificateId]

    def _list_targets_for_policy(self, policyName):
        self._begin("list_targets_for_policy", policyName)
        return {"targets": [ARN + name for name in self.status if policyName in self.policies[name]]}

    def _list_attached_policies(self, target):
        self._begin("list_attached_policies", target)
        return {"policies": [{"policyName": name} for name in self.policies[target.removeprefix(ARN)]]}

    def _list_principal_things(self, principal):
        self._begin("list_principal_things", principal)
        name = principal.removeprefix(ARN)
        return {"things": [name] if self._is_attached(name) else []}

    def _begin(self, call, about):
        if len(self.calls) == self.fails_at:
            self.fails_at = None
            raise refused("ServiceUnavailableException", call)
        self.calls.append((call, about))

    def _has_policy(self, name):
        return bool(self.policies[name]) or self.now < self.policy_detached_at.get(name, 0)

    def _is_attached(self, name):
        return self.now < self.detached_at.get(name, float("inf"))

    def _known(self, name, operation):
        if name not in self.status:
            raise refused("ResourceNotFoundException", operation)
        return name


class _Pages:
    def __init__(self, answer):
        self._answer = answer

    def paginate(self, **arguments):
        return [self._answer(**arguments)]


def refused(code, operation):
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 409}}, operation)
