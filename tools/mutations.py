"""The small changes that `mutate.py` draws from: what can be changed in a file, and how."""

from __future__ import annotations

import ast
import copy
import functools
import gc
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
}
OPPOSITE = {"min": "max", "max": "min", "any": "all", "all": "any"}
UNTOUCHED = {"annotation", "returns", "decorator_list", "type_comment"}
UNTOUCHED_NAMES = {"__all__", "ROOMS"}  # how much text fits a letter is measured on its pages
UNTOUCHED_CALLS = {"cast", "TypeVar", "say", "mark", "getLogger", "warn"}
Unit = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Mutant:
    """One small change: in the syntax tree of `file`, put `new` where `old` is in `parent`.

    `unit` is the outermost function that it is in, "" outside functions.
    """

    file: str
    unit: str
    line: int
    tree: ast.Module = field(repr=False)
    parent: ast.AST
    place: tuple[str, int | None]
    new: object
    change: str
    key: str = ""

    def _put(self, what: object) -> object:
        name, index = self.place
        if index is None:
            was = getattr(self.parent, name)
            setattr(self.parent, name, what)
        else:
            values = getattr(self.parent, name)
            was, values[index] = values[index], what
        return was

    def source(self) -> str:
        """The text of the changed file."""
        old = self._put(self.new)
        try:
            return ast.unparse(ast.fix_missing_locations(self.tree)) + "\n"
        finally:
            self._put(old)

    def swap(self) -> bool:
        """Change the function in this process; False where it cannot be found."""
        self._put(self.new)
        return self.unit in swap(self.file, self.tree)


def swap(file: str, tree: ast.Module) -> set[str]:
    """Give all functions of a file the code of another tree, and forget what they remembered."""
    path = str(Path(file).resolve())
    made = compile(ast.fix_missing_locations(tree), path, "exec")
    code = {(c.co_qualname, c.co_firstlineno): c for c in _codes(made)}
    found = set()
    functions, remembering = collected()
    for one in remembering:
        one.cache_clear()
    for one in functions:
        after = code.get((one.__code__.co_qualname, one.__code__.co_firstlineno))
        same = after is not None and after.co_freevars == one.__code__.co_freevars
        if one.__code__.co_filename == path and same:
            found.add(after.co_qualname)
            one.__code__ = after
    return found


@functools.cache
def collected() -> tuple[list[FunctionType], list[Any]]:
    """The functions of screening/ in this process, and those of them that remember results."""
    functions, remembering = [], []
    gc.unfreeze()  # what is frozen is not among the objects
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and "/screening/" in thing.__code__.co_filename:
            functions.append(thing)
        elif isinstance(thing, functools._lru_cache_wrapper) and str(
            getattr(thing, "__module__", "")
        ).startswith("screening"):
            remembering.append(thing)
    gc.freeze()  # a fork that looks through all there is would copy it
    return functions, remembering


def probe(file: str) -> None:
    """Have the functions of a file say in `builtins._entered` that they were entered."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    todo: list[tuple[ast.AST, str]] = [(tree, "")]
    while todo:
        node, scope = todo.pop()
        for child in ast.iter_child_nodes(node):
            name = f"{scope}{getattr(child, 'name', '')}"
            if isinstance(child, Unit):
                child.body[:0] = ast.parse(f"_entered.add({f'{file}:{name}'!r})").body
            elif isinstance(child, ast.ClassDef | ast.If | ast.Try):
                todo.append((child, f"{name}." if isinstance(child, ast.ClassDef) else scope))
    swap(file, tree)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def mutants(file: str) -> list[Mutant]:
    """All changes of one file, each with a key that outlives edits elsewhere in the file."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    found = list(_walk(file, tree, tree, "", tree.body[0], ""))
    times: dict[str, int] = {}
    for m in found:
        text = f"{m.file}|{m.unit}|{m.change}"
        times[text] = times.get(text, 0) + 1
        m.key = hashlib.sha256(f"{text}|{times[text]}".encode()).hexdigest()[:10]
    return found


def _walk(
    file: str, tree: ast.Module, node: ast.AST, unit: str, statement: ast.stmt, scope: str
) -> Iterator[Mutant]:
    """The changes below a node, without those in types, docstrings, decorators and wording."""
    for name, value in ast.iter_fields(node):
        if name in UNTOUCHED:
            continue
        many = isinstance(value, list)
        for index, child in enumerate(value) if many else [(None, value)]:
            if not isinstance(child, ast.AST) or _untouched(node, name, child):
                continue
            here = child if isinstance(child, ast.stmt) else statement
            within, inner = unit, scope
            if isinstance(node, Unit) and name == "body" and not unit:
                within = scope
            if isinstance(child, Unit | ast.ClassDef) and not unit:
                inner = f"{scope}.{child.name}" if scope else child.name
            for new in _changes(child, node, name):
                before, after = (
                    ast.unparse(x) if isinstance(x, ast.AST) else "" for x in (child, new)
                )
                shown = ast.unparse(here).split("\n")[0]
                note = f"{_short(before)} -> {_short(after)}"
                note += f"  in  {_short(shown)}" if shown != before else ""
                line = getattr(child, "lineno", here.lineno)
                yield Mutant(file, within, line, tree, node, (name, index), new, note)
            yield from _walk(file, tree, child, within, here, inner)


def _short(text: str) -> str:
    return text if len(text) < 90 else text[:87] + "..."


def _untouched(parent: ast.AST, name: str, node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring, or the dots of a declaration
    if isinstance(node, ast.FunctionDef):
        return node.name in {"__repr__", "__str__"}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        return getattr(target, "id", "") in UNTOUCHED_NAMES
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Assert):
        return True
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.keyword):
        return node.arg == "strict"  # of zip: says that lengths are equal
    if isinstance(node, ast.Call):
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        return called in UNTOUCHED_CALLS
    return isinstance(parent, ast.Raise)  # the wording of an error; raising at all is touched


def _changes(node: ast.AST, parent: ast.AST, name: str) -> Iterator[ast.AST]:
    """What may take the place of a node."""
    if isinstance(node, ast.Constant):
        yield from _constants(node, parent)
    elif isinstance(node, ast.stmt):
        yield from _statements(node)
    else:
        yield from _expressions(node, parent)
    if name == "test" and isinstance(node, ast.Name | ast.Attribute | ast.Call):
        yield ast.copy_location(ast.UnaryOp(ast.Not(), node), node)


def _expressions(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=ops):
            for i, operator in enumerate(ops):
                for other in OPERATORS.get(type(operator), ()):
                    yield _with(node, ops=[*ops[:i], other(), *ops[i + 1 :]])
        case ast.BoolOp() | ast.BinOp():
            yield from (_with(node, op=other()) for other in OPERATORS.get(type(node.op), ()))
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.Name() if node.id in OPPOSITE and isinstance(parent, ast.Call):
            yield _with(node, id=OPPOSITE[node.id])
        case ast.Call(args=[first, second, *rest]):
            if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
                yield _with(node, args=[second, first, *rest])
        case ast.comprehension(ifs=[_, *_]):
            yield _with(node, ifs=[])


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Return(value=value) if not isinstance(value, ast.Constant | None):
            yield _with(node, value=ast.Constant(None))
        case ast.Raise() | ast.Continue() | ast.Break() | ast.Expr(value=ast.Call()):
            yield ast.copy_location(ast.Pass(), node)
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield ast.copy_location(ast.Pass(), node)
        case ast.AugAssign():
            yield ast.copy_location(ast.Pass(), node)
            for other in OPERATORS.get(type(node.op), ()):
                yield _with(node, op=other())


def _constants(node: ast.Constant, parent: ast.AST) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield _with(node, value=not value)
    elif isinstance(value, int | float):
        yield _with(node, value=value + 1)
        yield _with(node, value=value - 1)
    elif isinstance(value, str | bytes) and value:
        states = ast.Compare | ast.Return | ast.Subscript | ast.Dict | ast.IfExp | ast.MatchValue
        listed = isinstance(parent, ast.Tuple | ast.List | ast.Set)
        if isinstance(parent, states) or listed:
            yield _with(node, value=value + (b"x" if isinstance(value, bytes) else "x"))


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for key, value in fields.items():
        setattr(new, key, value)
    return new
