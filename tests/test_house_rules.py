"""The house rules that a reader relies on, checked over every module of the packages."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    path.relative_to(ROOT)
    for package in ("bot", "analytics", "db", "benchmarks")
    for path in (ROOT / package).rglob("*.py")
    if "versions" not in path.parts or path.name == "__init__.py"
)
BORDERS = {Path("bot/dialogue/actions/base.py"), Path("bot/tui/app.py")}
"""Where any error at all must become a reply or a notice; everywhere else broad handlers hide bugs."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree_of(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_says_what_it_is_for_and_can_be_held_in_mind(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "say what this module is for, in its first line"
    assert text.count("\n") <= 500, "make it a package of the same name"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_function_fits_a_screen(path: Path) -> None:
    long = [
        f"{node.name} ({size} lines)"
        for node in ast.walk(tree_of(path))
        if isinstance(node, Function) and (size := (node.end_lineno or 0) - node.lineno + 1) > 50
    ]
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_errors_are_caught_by_name(path: Path) -> None:
    broad = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
    ]
    assert broad == [] or path in BORDERS


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=str)
def test_a_package_does_nothing_when_imported(path: Path) -> None:
    allowed = (ast.Expr, ast.ImportFrom, ast.Assign)
    assert all(isinstance(node, allowed) for node in tree_of(path).body)


def test_nothing_is_unpickled_or_evaluated() -> None:
    forbidden = {"pickle", "cPickle", "joblib", "marshal", "shelve", "dill", "cloudpickle"}
    found = []
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            names = {alias.name.split(".")[0] for alias in node.names} if isinstance(node, ast.Import) else set()
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {node.module.split(".")[0]}
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}:
                names = {node.func.id}
            found += [f"{path}: {name}" for name in names & (forbidden | {"eval", "exec"})]
    assert found == []
