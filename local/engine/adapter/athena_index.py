"""A few columns of every record in the files that were asked about: the queries of one incident ask about the same files again and again.

They tell which files hold a row that a WHERE clause lets through; only those are read whole, and a query that needs no other column
reads none. A file never changes: its name and checksum stand for it. What a query scans on AWS is counted apart.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Callable

from sqlglot import exp

from adapter import athena_fields
from adapter.athena_fields import quoted, text

# Who, what, when and with which result: what is asked for in most WHERE clauses, and small.
_SCALARS = (
    'eventid',
    'eventtime',
    'eventsource',
    'eventname',
    'awsregion',
    'eventcategory',
    'readonly',
    'sourceipaddress',
    'errorcode',
)
_WHO = frozenset({'useridentity', 'arn', 'accesskeyid', 'sessioncontext', 'sessionissuer'})
_WHO_TYPE = athena_fields.duck_type(
    'useridentity',
    'struct<arn:string,accesskeyid:string,sessioncontext:struct<sessionissuer:struct<arn:string>>>',
    _WHO,
)
_MOST_ROWS = 300_000
_MOST_BYTES = 30_000_000


@dataclass(frozen=True)
class File:
    """One file of a trail: what stands for its content, its partition, and how large it is."""

    id: str
    key: str
    values: tuple[str, ...]
    size: int


@dataclass
class Index:
    """A database that remembers, and the files that it knows."""

    database: Any
    known: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


_current: Index | None = None


def current() -> Index:
    """The one in use; a fresh one when it has grown large. A query stays with the one that it began with."""
    global _current
    if (
        _current is None
        or _current.database.cursor().execute('SELECT count(*) FROM hot').fetchone()[0] > _MOST_ROWS
    ):
        import duckdb

        database = duckdb.connect(':memory:')
        columns = ', '.join(f'{quoted(name)} VARCHAR' for name in _SCALARS)
        database.execute(f'CREATE TABLE hot (file VARCHAR, {columns}, "useridentity" {_WHO_TYPE})')
        _current = Index(database)
    return _current


def knows(columns: dict[str, str], files: list[File]) -> bool:
    """Whether this table has the columns, and not so many files that remembering costs more than it saves."""
    return {*_SCALARS, 'useridentity'} <= columns.keys() and 0 < sum(
        one.size for one in files
    ) <= _MOST_BYTES


def enough(names: frozenset[str], keys: list[str]) -> bool:
    """Whether what is remembered has all of these columns and fields."""
    return names <= _WHO.union(_SCALARS, keys)


def conditions(where: exp.Expression | None, keys: list[str]) -> list[exp.Expression]:
    """What of the clause can be judged here. Leaving a part of an AND out lets more through, never less."""
    judged = _judged(where.this, keys) if where else None
    return [judged] if judged else []


def _judged(one: exp.Expression, keys: list[str]) -> exp.Expression | None:
    """None: nothing of it. What holds of one side of an OR is worth nothing without the other."""
    if enough(frozenset(name.name.lower() for name in one.find_all(exp.Identifier)), keys):
        return one
    if isinstance(one, exp.Paren):
        inner = _judged(one.this, keys)
        return exp.Paren(this=inner) if inner else None
    if not isinstance(one, (exp.And, exp.Or)):
        return None
    sides = [side for side in (_judged(one.left, keys), _judged(one.right, keys)) if side]
    if len(sides) == 2:
        return type(one)(this=sides[0].copy(), expression=sides[1].copy())
    return sides[0] if sides and isinstance(one, exp.And) else None


def among(files: list[File], keys: list[str]) -> str:
    """The remembered columns of these files, with their partitions."""
    rows = ', '.join(
        f'({", ".join(text(value) for value in (one.id, *one.values))})' for one in files
    )
    return f'SELECT * FROM hot JOIN (VALUES {rows}) AS parts(file, {", ".join(quoted(key) for key in keys)}) USING (file)'


def holding(
    index: Index, judged: list[exp.Expression], files: list[File], keys: list[str]
) -> list[File]:
    """Those of the files that hold a row which these conditions let through."""
    clause = ' AND '.join(f'({one.sql(dialect="duckdb")})' for one in judged)
    found = (
        index.database.cursor()
        .execute(f'SELECT DISTINCT file FROM ({among(files, keys)}) WHERE {clause or "true"}')
        .fetchall()
    )
    ids = {row[0] for row in found}
    return [one for one in files if one.id in ids]


def remember(index: Index, files: list[File], copy: Callable[[File], str]) -> None:
    """Read what is not known yet. `copy(file)` gives the path of a copy whose name begins with the file's id."""
    with index.lock:
        fresh = [one for one in files if one.id not in index.known]
        if not fresh:
            return
        record = ', '.join(f'{quoted(athena_fields.spelled(name))} VARCHAR' for name in _SCALARS)
        records = text(f'STRUCT({record}, "userIdentity" {_WHO_TYPE})[]')
        paths = ', '.join(text(copy(one)) for one in fresh)
        picked = ', '.join(
            f'r.{quoted(athena_fields.spelled(name))}' for name in (*_SCALARS, 'useridentity')
        )
        index.database.cursor().execute(
            f'INSERT INTO hot SELECT parse_filename(filename)[:{len(fresh[0].id)}], {picked} FROM (SELECT unnest(Records) AS r, filename '
            f"FROM read_json([{paths}], columns = {{Records: {records}, absent: 'VARCHAR'}}, format = 'unstructured', "
            'maximum_object_size = 67108864, filename = true))'
        )
        index.known.update(one.id for one in fresh)
