"""What is promised of devices that enrol."""

from .device import answer_to
from .fleet import Claimant, Fleet
from .identity import Certificate
from .promise import Broken, Promise, kept

REFUSED = "403 AccessDenied"


def _listed(fleet: Fleet) -> str:
    device = fleet.enrolled(fleet.a_listed_serial_number())
    status = fleet.status(device.certificate.certificate_id)
    is_named = device.thing_name == f"{fleet.names.thing_name_prefix}{device.serial_number}"
    return kept(is_named and status == "ACTIVE", f"registered, certificate {status}")


def _not_listed(fleet: Fleet) -> str:
    return _refused(fleet, fleet.a_serial_number(), "not on the allow list")


def _replayed(fleet: Fleet) -> str:
    device = fleet.enrolled(fleet.a_listed_serial_number())
    return _refused(fleet, device.serial_number, "already provisioned")


def _blocked(fleet: Fleet) -> str:
    serial_number = fleet.a_listed_serial_number()
    fleet.block(serial_number)
    return _refused(fleet, serial_number, "blocked")


def _own_key(fleet: Fleet) -> str:
    with fleet.claimant() as claimant:
        certificate = claimant.certificate(own_key=True)
        claimant.enrol(fleet.a_listed_serial_number(), certificate)
    status = fleet.status(certificate.certificate_id)
    return kept(status == "ACTIVE", f"registered, certificate {status}")


def _asked_again(fleet: Fleet) -> str:
    serial_number = fleet.a_listed_serial_number()
    with fleet.claimant() as claimant:
        certificate = claimant.certificate()
        first = claimant.enrol(serial_number, certificate)
        answer = answer_to(lambda: claimant.enrol(serial_number, certificate))
    status = fleet.status(first.certificate.certificate_id)
    return kept(status == "ACTIVE", f"{answer}, certificate {status}")


def _token_used_twice(fleet: Fleet) -> str:
    with fleet.claimant() as claimant:
        certificate = claimant.certificate()
        claimant.enrol(fleet.a_listed_serial_number(), certificate)
        said = answer_to(lambda: claimant.register(fleet.a_listed_serial_number(), certificate))
    return kept(said != "accepted", said)


def _list_decides(fleet: Fleet) -> str:
    device = fleet.enrolled(fleet.a_listed_serial_number(Site="plant"))
    site = device.configuration.get("site")
    return kept(site == "plant", f"site {site}, where the record says plant and the device lab")


def _refused(fleet: Fleet, serial_number: str, reason: str) -> str:
    with fleet.claimant() as claimant:
        certificate = claimant.certificate()
        said = _refusal(claimant, serial_number, certificate)
    status = fleet.status(certificate.certificate_id)
    found = fleet.reason(certificate.certificate_id)
    return kept(
        found == reason and status == "PENDING_ACTIVATION", f"{said}, hook: {found}, certificate {status}"
    )


def _refusal(claimant: Claimant, serial_number: str, certificate: Certificate) -> str:
    said = answer_to(lambda: claimant.register(serial_number, certificate))
    if said == "accepted":
        raise Broken("registered")
    return said


PROMISES = (
    Promise(
        "A device that is listed gets its thing and a certificate of its own.",
        _listed,
        "registered, certificate ACTIVE",
    ),
    Promise(
        "A device that is not listed is refused, and its certificate never becomes active.",
        _not_listed,
        f"{REFUSED}, hook: not on the allow list, certificate PENDING_ACTIVATION",
    ),
    Promise(
        "A serial number that was used is refused.",
        _replayed,
        f"{REFUSED}, hook: already provisioned, certificate PENDING_ACTIVATION",
    ),
    Promise(
        "A device that is blocked is refused.",
        _blocked,
        f"{REFUSED}, hook: blocked, certificate PENDING_ACTIVATION",
    ),
    Promise(
        "A device whose key never leaves it enrols by a CSR.",
        _own_key,
        "registered, certificate ACTIVE",
    ),
    Promise(
        "A device that lost its answer asks again with the same certificate and keeps it.",
        _asked_again,
        "accepted, certificate ACTIVE",
    ),
    Promise(
        "A certificate registers one serial number only: its token registers no second one.",
        _token_used_twice,
        REFUSED,
    ),
    Promise(
        "What the list gives takes precedence over what a device sends.",
        _list_decides,
        "site plant, where the record says plant and the device lab",
    ),
)
