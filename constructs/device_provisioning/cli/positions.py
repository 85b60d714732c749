"""Lines of JSON and YAML texts."""

from functools import cached_property

import yaml


class Lines:
    """Where the values of a text are.

    Args:
        text: JSON or YAML.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, pointer: str) -> int:
        r"""The line, from 1, of the value that a JSON pointer leads to, or of the last one on the way.

        Example:
            >>> Lines('{"a":\n {"b": 1}}').of("/a/b")
            2
        """
        node, line = self._root, 1
        for part in pointer.split("/")[1:]:
            step = _step(node, part.replace("~1", "/").replace("~0", "~"))
            if step is None:
                break
            node, line = step
        return line

    @cached_property
    def _root(self) -> yaml.Node | None:
        # JSON is read as the YAML that it nearly is; where it is not, every finding is on line 1.
        try:
            return yaml.compose(self._text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except (yaml.YAMLError, RecursionError, ValueError):
            return None


def _step(node: yaml.Node | None, part: str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == part:
                return value, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
        element = node.value[int(part)]
        return element, element.start_mark.line + 1
    return None
