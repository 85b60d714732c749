"""Reading which certificates hold the policies of claims, and what else those hold."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from ..aws_iot import TemplateType
from ..aws_iot.rules.statements import can_match
from ..console.aws_calls import AwsCalls
from ..console.aws_refusals import NotAllowedError
from .coverage import publishes_to
from .existing import ExistingClaim, ExistingFleet, ExistingPolicy
from .reading import read_fleet, read_others
from .reading_policies import names_in, read_policies, read_policy

_MOST = 10
"""How many certificates of a policy are read: a factory may have one a batch, and a mistake one a device."""


def read_fleet_with_claims(name: str) -> ExistingFleet:
    """As ``read_fleet``, with the certificates that hold the policies of claims.

    A policy that lets devices register and names no template is one of claims where a certificate holds it
    and no template attaches it.

    Args:
        name: The name of the template.

    Raises:
        UnreadableError: If something is not there, or if AWS refuses or can't be reached; what AWS does not
            allow to be read of certificates is only noted.
    """
    fleet = read_fleet(name)
    if fleet.template_type is not TemplateType.FLEET_PROVISIONING:
        return fleet
    reader = _Claims(AwsCalls(name), fleet)
    for policy in fleet.claim_policies:
        reader.read(policy.name)
    for policy in _wide(reader.calls, fleet):
        reader.read(policy.name, is_named=False)
    return reader.fleet()


def _wide(calls: AwsCalls, fleet: ExistingFleet) -> Iterable[ExistingPolicy]:
    bodies = [fleet.body, *(other["templateBody"] for other in read_others(calls, fleet.name).values())]
    of_devices = [pattern for body in bodies for pattern in names_in(body)]
    known = {policy.name for policy in fleet.claim_policies}
    topic = f"$aws/provisioning-templates/{fleet.name}/provision/json"
    for policy in read_policies(calls):
        is_of_devices = any(can_match(pattern, policy.name) for pattern in of_devices)
        if policy.name not in known and not is_of_devices and publishes_to(policy.document, topic):
            yield policy


class _Claims:
    """Certificates by their ids, and what each holds."""

    def __init__(self, calls: AwsCalls, fleet: ExistingFleet) -> None:
        self.calls = calls
        self._fleet = fleet
        self._held: dict[str, list[str]] = {}
        self._unseen: dict[str, str] = {}

    def read(self, policy: str, *, is_named: bool = True) -> None:
        """Read the certificates that hold a policy."""
        try:
            targets = self.calls.each("list_targets_for_policy", "targets", policyName=policy)
            certificates = list(islice((arn for arn in targets if ":cert/" in arn), _MOST + 1))
        except NotAllowedError as error:
            if is_named:
                self._unseen[policy] = f"the certificates that hold {policy} were not read: {error}"
            return
        if is_named and not certificates:
            self._unseen[policy] = f"no certificate of the account holds {policy}"
        if len(certificates) > _MOST:
            self._unseen[policy] = f"more than {_MOST} certificates hold {policy}: {_MOST} of them were read"
        for certificate in certificates[:_MOST]:
            self._read_certificate(policy, certificate)

    def _read_certificate(self, policy: str, certificate: str) -> None:
        held = self._held.setdefault(certificate.rpartition("/")[2], [])
        if policy in held:
            return
        try:
            attached = self.calls.each("list_attached_policies", "policies", target=certificate)
            held += [entry["policyName"] for entry in attached]
        except NotAllowedError as error:
            held.append(policy)
            self._unseen[policy] = f"what else the certificates hold that hold {policy} was not read: {error}"

    def fleet(self) -> ExistingFleet:
        """The fleet with what was read."""
        known = {policy.name for policy in (*self._fleet.claim_policies, *self._fleet.device_policies)}
        names = dict.fromkeys(name for held in self._held.values() for name in held if name not in known)
        more = [policy for name in names if (policy := read_policy(self.calls, name))]
        return replace(
            self._fleet,
            claim_policies=[*self._fleet.claim_policies, *more],
            claims=[ExistingClaim(certificate, held) for certificate, held in self._held.items()],
            unseen_claims=self._unseen,
        )
