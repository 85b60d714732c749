"""What snapshots hold: YAML, as short as it can be read."""

from typing import Any

import yaml

WIDTH = 160


class _Dumper(yaml.SafeDumper):
    """Without anchors: what stands twice is written twice."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def as_yaml(value: Any) -> str:
    """A value as YAML: what holds nothing further on one line, everything else in blocks."""
    return yaml.dump(value, Dumper=_Dumper, default_flow_style=None, width=WIDTH, allow_unicode=True)
