"""The verb ``devices batch open``."""

from ....console.problems import exit_with
from ...aws_options import talks_to_aws
from ..options import Table
from . import open_options
from .options import FIELDS, Name


@talks_to_aws
def open_batch(
    name: Name,
    table: Table,
    quota: open_options.Quota = None,
    opens_at: open_options.From = None,
    until: open_options.Until = None,
    claim: open_options.Claim = None,
    reprovisioning: open_options.Reprovisioning = None,
    override: open_options.Override = None,
    public_key: open_options.PublicKey = None,
    without_list: open_options.WithoutList = False,
    unset: open_options.Unset = None,
) -> None:
    """Open a batch, or open it again.

    What is not given stays as it is, and so does the number of devices that were let through. What has
    changed is reported.
    """

    def opened() -> int:
        from ....allow_list.batches import open_batch as opening
        from ....console.devices import parse_pairs
        from ....factory.public_keys import public_key_text

        given = {
            "quota": quota,
            "opens_at": opens_at,
            "closes_at": until,
            "claim_certificate_ids": tuple(claim) if claim else None,
            "reprovisioning": reprovisioning,
            "parameter_overrides": parse_pairs("--override", override) if override else None,
            "public_key": public_key_text(public_key) if public_key else None,
            "without_list": without_list or None,
        }
        said = {field: value for field, value in given.items() if value is not None}
        also = {field: f"--{option}" for option, field in FIELDS.items()}
        return opening(table, name, said, [FIELDS[option] for option in unset or ()], also)

    exit_with(opened)
