"""What a run is going to do, said before it begins."""

from collections.abc import Sequence

from ..capacity.prices import REGION
from .account import Account
from .cost import AS_OF, PAGES, most_dollars
from .naming import Names


def plan(account: Account, names: Names, makes: Sequence[str], commands: Sequence[str]) -> str:
    """What is made, where, what it costs, and what removes it if the run is killed."""
    lines = [
        f"account {account.number}, Region {account.region}, as {account.caller}",
        f"This makes a fleet whose names all begin with {names.fleet}, and removes it at the end:",
        *(f"  {thing}" for thing in makes),
        "  two provisioning templates, AWS IoT policies, a topic rule, a claim certificate in a secret",
        "  a table, Lambda functions with their roles and logs",
        "  about twenty things, and certificates of devices",
        f"It costs at most {most_dollars():.2f} US dollars. That is an upper estimate from prices of {REGION}"
        f" as of {AS_OF}; AWS's pages have today's:",
        *(f"  {page}" for page in PAGES),
        "Nothing else in the account is changed. Should this process be killed, this removes what is left:",
        *(f"  {command}" for command in commands),
    ]
    return "\n".join(lines)
