"""The files that a function of this library is shipped with."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2]
"""What the names of the files begin at: the folder that holds this package."""


@cache
def function_files(handler: str) -> tuple[str, ...]:
    """The files of a function's asset: the module of its handler, and what that imports of this package.

    What a function doesn't need must not change it: a fix of one would be an update of all in every stack.

    Args:
        handler: The full name of the handler, such as ``device_provisioning.lambdas.FOLDER.MODULE.handler``.

    Example:
        >>> function_files("device_provisioning.lambdas.custom_resources.authority_template.handler")[-1]
        'device_provisioning/records/denials.py'
    """
    found: dict[str, None] = {}
    _add(handler.rpartition(".")[0], found)
    return tuple(sorted(found))


def _add(module: str, found: dict[str, None]) -> None:
    # Regular packages all the way, or another installation on the path would win over these folders.
    if package := module.rpartition(".")[0]:
        _add(package, found)
    file = _file(module)
    if file.as_posix() in found:
        return
    found[file.as_posix()] = None
    for imported in _imported(FOLDER / file, module if file.name == "__init__.py" else package):
        _add(imported, found)


def _file(module: str) -> Path:
    path = Path(*module.split("."))
    return path / "__init__.py" if (FOLDER / path).is_dir() else path.with_suffix(".py")


def _imported(file: Path, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        named = ".".join([*above, *([node.module] if node.module else [])])
        for each in node.names:
            module = f"{named}.{each.name}"
            yield module if (FOLDER / _file(module)).exists() else named
