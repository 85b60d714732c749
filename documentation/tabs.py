"""Tabs on the site, from what a git host shows one below the other.

A page has what belongs together between two comments, each part below its title in bold::

    <!-- tabs -->

    **AWS CDK**

    …

    **Pulumi**

    …

    <!-- end of tabs -->
"""

import re
import textwrap
from collections.abc import Iterator

_TABS = re.compile(r"^<!-- tabs -->\n(.*?)^<!-- end of tabs -->\n", re.M | re.S)
_TITLE = re.compile(r"^\*\*([^*\n]+)\*\*\n", re.M)


def with_tabs(text: str) -> str:
    """A page with its tabs as the site's Markdown has them."""
    return _TABS.sub(lambda found: "\n".join(_tabs(found[1])), text)


def _tabs(text: str) -> Iterator[str]:
    _, *parts = _TITLE.split(text)
    for title, part in zip(parts[::2], parts[1::2], strict=True):
        yield f'=== "{title}"\n\n{textwrap.indent(part.strip(), "    ")}\n'
