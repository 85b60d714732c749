"""Finds test functions that assert nothing, neither themselves nor in a helper, by reading the source."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import UnionType

ROOT = Path(__file__).parents[2]
ASSERTING = frozenset({"raises", "warns", "fail"})
"""What pytest calls an assertion."""
OF_AWS_CDK = frozenset({"has_resource", "has_resource_properties", "has_warning", "resource_count_is"})
"""Assertions of ``aws_cdk.assertions``."""
PREFIXES = ("assert_", "expect_", "require_")
"""How helpers are named that do nothing but raise."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions_of(file: Path) -> Iterator[Function]:
    """The test functions of a file."""
    return (function for name, function in _functions(file).items() if name.startswith("test_"))


def asserts(function: Function, file: Path, above: frozenset[str] = frozenset()) -> bool:
    """Whether a function asserts something, or calls a helper that does."""
    is_asserting, named = _read(function)
    return is_asserting or any(
        asserts(helper, place, above | {name})
        for name in named - above
        for helper, place in _found(name, file)
    )


def returns(function: Function) -> bool:
    """Whether a test can return early."""
    return any(
        isinstance(node, ast.Return) for node in _outside(Function | ast.Lambda | ast.ClassDef, function)
    )


@cache
def _read(function: Function) -> tuple[bool, frozenset[str]]:
    """Whether a function asserts something itself, and what it calls or takes: a fixture may assert too."""
    # Nothing says that a lambda is ever called.
    nodes = list(_outside(ast.Lambda, function))
    called = {_name(node.func) for node in nodes if isinstance(node, ast.Call)}
    return any(map(_is_assertion, nodes)), frozenset(called | {arg.arg for arg in function.args.args})


def _outside(kinds: type | UnionType, function: Function) -> Iterator[ast.AST]:
    """What is in a function, without what is inside nodes of some kinds."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, kinds):
            waiting.extend(ast.iter_child_nodes(node))


def _is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    is_checked = any(
        keyword.arg == "check" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in node.keywords
    )
    name = _name(node.func)
    return is_checked or name in ASSERTING | OF_AWS_CDK or name.startswith(PREFIXES)


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _found(name: str, file: Path) -> Iterator[tuple[Function, Path]]:
    for place in (file, *_helpers(file)):
        if name in _functions(place):
            yield _functions(place)[name], place


@cache
def _nodes(file: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(file.read_text("utf-8"))))


@cache
def _functions(file: Path) -> dict[str, Function]:
    return {node.name: node for node in _nodes(file) if isinstance(node, Function)}


@cache
def _helpers(file: Path) -> tuple[Path, ...]:
    """The files of ``tests/support`` that a file imports."""
    imported = (node.module or "" for node in _nodes(file) if isinstance(node, ast.ImportFrom))
    files = (ROOT / f"{module.replace('.', '/')}.py" for module in imported if module.startswith("tests."))
    return tuple(path for path in files if path.is_file())
