"""Proofs that a manufacturer signs."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..allow_list.batches import require_name
from ..attestation.proof import Proof, proof_message, proof_text, read_proof
from ..console.csv_rows import csv_rows
from ..console.input_lines import InputLines
from ..console.new_files import MOST_PROBLEMS
from ..console.sources import STANDARD_INPUT, UnreadableError
from .files import file_name
from .public_keys import device_public_key, is_signed_by
from .serial_numbers import required_serial_number
from .signers import Signer
from .writing import DeviceFile, write_file, write_files

SERIAL_NUMBER = "serial_number"
KINDS = ("public_key", "csr", "certificate")


@dataclass(frozen=True)
class ToSign:
    """A device that is to be signed for.

    Args:
        serial_number: Its serial number.
        public_key: Its public key, as ``SubjectPublicKeyInfo`` in DER.
    """

    serial_number: str
    public_key: bytes


def sign_one(device: ToSign, batch: str, signer: Signer, out: Path, *, force: bool) -> int:
    """Write the proof of one device; the exit status.

    Raises:
        UnreadableError: If something given is wrong, or AWS refuses.
    """
    require_name(batch)
    write_file(_proof_file(device, batch, signer, out), force=force)
    return 0


def sign_all(file: str, batch: str, signer: Signer, out: Path, *, force: bool) -> int:
    """Write the proof of every device of a list; the exit status.

    Args:
        file: A CSV file with the columns ``serial_number`` and one of ``public_key``, ``csr`` and
            ``certificate``, which holds the file of that, as seen from the list.
        batch: The batch of all of them.
        signer: The manufacturer.
        out: The directory.
        force: Whether files that hold something else are replaced.

    Raises:
        UnreadableError: With everything that is wrong with the list, or if AWS refuses.
    """
    require_name(batch)
    devices = _listed(file)
    files = [
        _proof_file(device, batch, signer, out / file_name(device.serial_number, ".proof"))
        for device in devices
    ]
    return write_files(files, out, "proofs", force=force)


def one_device(serial_number: str, **key: str | None) -> ToSign:
    """A device of the command line.

    Raises:
        UnreadableError: If its serial number or its key is not valid.
    """
    return ToSign(required_serial_number(serial_number), device_public_key(**key))


def _proof_file(device: ToSign, batch: str, signer: Signer, path: Path) -> DeviceFile:
    message = proof_message(batch, device.serial_number, device.public_key)

    def is_right(content: bytes) -> bool:
        proof = read_proof(content.decode("ascii", "replace").strip())
        if proof is None or proof.batch != batch:
            return False
        return is_signed_by(signer.public_key, message, proof.value)

    def made() -> bytes:
        return f"{proof_text(Proof(batch, signer.sign(message)))}\n".encode()

    return DeviceFile(device.serial_number, path, made, is_right)


def _listed(file: str) -> list[ToSign]:
    problems: list[str] = []
    devices = [device for device in _devices(file, problems) if device]
    numbers = [device.serial_number for device in devices]
    twice = (
        dict.fromkeys(number for number in numbers if numbers.count(number) > 1) if _repeats(numbers) else {}
    )
    problems += [f"{file}: {number} is listed twice: list each device once" for number in twice]
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [f"{more} more lines are not valid"] if more > 0 else []
        raise UnreadableError("\n".join([*problems[:MOST_PROBLEMS], *rest]))
    if not devices:
        raise UnreadableError(f"{file}: lists no device")
    return devices


def _repeats(numbers: list[str]) -> bool:
    return len(set(numbers)) < len(numbers)


def _devices(file: str, problems: list[str]) -> Iterator[ToSign | None]:
    lines = InputLines(file)
    if lines.ending != ".csv":
        raise UnreadableError(f"{file}: give a file that ends with .csv")
    names, rows = csv_rows(lines)
    _require_columns(names, lines)
    folder = Path() if file == STANDARD_INPUT else Path(file).parent
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(f"{file}:{lines.number}: is not valid CSV: {error}")
            continue
        if not cells:
            continue
        try:
            yield _device(dict(zip(names, cells, strict=False)), folder)
        except UnreadableError as error:
            problems.append(f"{file}:{lines.number}: {error}")


def _require_columns(names: list[str], lines: InputLines) -> None:
    kinds = [name for name in names if name in KINDS]
    if len(names) != 2 or SERIAL_NUMBER not in names or not kinds:
        raise lines.problem(f"give two columns: {SERIAL_NUMBER} and one of {', '.join(KINDS)}")


def _device(cells: Mapping[str, str], folder: Path) -> ToSign:
    keys = {name: str(folder / cells[name]) for name in KINDS if cells.get(name)}
    return one_device(cells.get(SERIAL_NUMBER, ""), **{name: keys.get(name) for name in KINDS})
