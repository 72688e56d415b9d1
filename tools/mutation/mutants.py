"""Every small change that may be made to a module: one expression or statement at a time."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final, TypeVar

Operator = TypeVar("Operator", bound=ast.AST)

SWAPPED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
"""Each operator, and the one that is put in its place."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to the module at `path`: `before`, on `line`, becomes `after`."""

    module: str
    path: Path
    line: int
    text: str
    """That line."""
    where: str
    """The function or class that it is in; empty at the top of the module."""
    before: str
    after: str
    source: str
    """The whole text of the module with the change made."""

    @property
    def key(self) -> str:
        """What names the change for as long as its own lines stay as they are."""
        change = f"{one_line(self.before)} -> {one_line(self.after)}"
        return f"{self.module}:{self.where}: `{self.text}`: {change}"


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())


def mutants(path: Path, module: str) -> list[Mutant]:
    """Return every change that may be made to the file at `path`, in the order of its lines."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]
    made = []
    for node, where, after in _changes(ast.parse(text), ""):
        before = ast.get_source_segment(text, node)
        # Columns count bytes: a line with other than ASCII before the node is left alone.
        start = starts[node.lineno - 1] + node.col_offset
        if before and text.startswith(before, start):
            source = text[:start] + after + text[start + len(before) :]
            line = lines[node.lineno - 1].strip()
            mutant = Mutant(module, path, node.lineno, line, where, before, after, source)
            made.append((start, mutant))
    return [mutant for _, mutant in sorted(made, key=lambda item: (item[0], item[1].after))]


def _changes(node: ast.AST, where: str) -> Iterator[tuple[ast.expr | ast.stmt, str, str]]:
    if isinstance(node, ast.expr | ast.stmt):
        for after in _changed(node):
            yield node, where, after
    for child in _children(node):
        inner = where
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inner = f"{where}.{child.name}".lstrip(".")
        yield from _changes(child, inner)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of `node` that say what is done: no types, no decorators, no messages."""
    match node:
        case ast.Assert() | ast.Raise() | ast.Import() | ast.ImportFrom() | ast.JoinedStr():
            return
        case ast.FunctionDef(args=arguments, body=body):
            yield from arguments.defaults
            yield from (default for default in arguments.kw_defaults if default)
            yield from body
        case ast.ClassDef(body=body):
            yield from body
        case ast.AnnAssign(value=value):
            if value is not None:
                yield value
        case ast.Expr(value=ast.Constant()):
            return
        case _:
            yield from ast.iter_child_nodes(node)


def _changed(node: ast.expr | ast.stmt) -> Iterator[str]:
    """Yield what may stand in the place of `node`."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in SWAPPED:
            yield ast.unparse(ast.Compare(left, [_swapped(op, ast.cmpop)], [right]))
        case ast.BoolOp(op=op, values=values):
            yield f"({ast.unparse(ast.BoolOp(_swapped(op, ast.boolop), values))})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SWAPPED:
            yield f"({ast.unparse(ast.BinOp(left, _swapped(op, ast.operator), right))})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"({ast.unparse(operand)})"
        case ast.IfExp(test=test, body=body, orelse=orelse):
            negated = ast.UnaryOp(ast.Not(), test)
            yield f"({ast.unparse(ast.IfExp(negated, body, orelse))})"
        case ast.Constant(value=bool() as value):
            yield str(not value)
        case ast.Constant(value=int() | float() as value):
            yield str(value + 1)
        case ast.Constant(value=str() as value) if value:
            yield repr(f"{value}?")
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            yield "return None"
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield "pass"
        case ast.Assign(targets=[ast.Attribute(), *_]):
            yield "pass"
        case _:
            return


def _swapped(op: ast.AST, kind: type[Operator]) -> Operator:
    made = SWAPPED[type(op)]()
    assert isinstance(made, kind)
    return made
