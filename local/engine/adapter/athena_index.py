"""Keeps small columns of every trail record in memory, because the queries of an incident read the
same files many times.

These columns tell which files hold a row that a WHERE clause lets through, so only those files are
read whole. A query that needs no other column reads no file. A file never changes under its id,
which is made of its name and checksum. The bytes that Athena would scan are counted elsewhere.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Callable

from sqlglot import exp

from adapter import athena_fields
from adapter.athena_fields import quoted, text

# Most WHERE clauses use these columns, and their values are small.
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
    """A file of a trail: `id` identifies its content, `partition` holds its partition values."""

    id: str
    key: str
    partition: tuple[str, ...]
    size: int


@dataclass
class Index:
    """A database with the columns, and the ids of the files that it holds."""

    database: Any
    file_ids: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


_current: Index | None = None


def current() -> Index:
    """Give the index in use, or an empty one when it has grown large.

    A running query keeps the index that it began with.
    """
    global _current
    if _current is None or _count_rows(_current) > _MOST_ROWS:
        import duckdb

        database = duckdb.connect(':memory:')
        columns = ', '.join(f'{quoted(name)} VARCHAR' for name in _SCALARS)
        database.execute(f'CREATE TABLE hot (file VARCHAR, {columns}, "useridentity" {_WHO_TYPE})')
        _current = Index(database)
    return _current


def _count_rows(index: Index) -> int:
    return index.database.cursor().execute('SELECT count(*) FROM hot').fetchone()[0]


def can_index(columns: dict[str, str], files: list[File]) -> bool:
    """Whether the table has the columns, and so few bytes that reading them once saves time."""
    has_columns = {*_SCALARS, 'useridentity'} <= columns.keys()
    return has_columns and 0 < sum(file.size for file in files) <= _MOST_BYTES


def has_columns(names: frozenset[str], keys: list[str]) -> bool:
    """Whether the index holds each of these columns and fields."""
    return names <= _WHO.union(_SCALARS, keys)


def indexed_conditions(where: exp.Expression | None, keys: list[str]) -> list[exp.Expression]:
    """Give the part of the clause that needs indexed columns only.

    Without a part of an AND the clause lets more rows through, never fewer.
    """
    condition = _indexed_part(where.this, keys) if where else None
    return [condition] if condition else []


def _indexed_part(clause: exp.Expression, keys: list[str]) -> exp.Expression | None:
    """Give None when no part can be used: an OR needs both of its sides."""
    names = frozenset(name.name.lower() for name in clause.find_all(exp.Identifier))
    if has_columns(names, keys):
        return clause
    if isinstance(clause, exp.Paren):
        inner = _indexed_part(clause.this, keys)
        return exp.Paren(this=inner) if inner else None
    if not isinstance(clause, (exp.And, exp.Or)):
        return None
    parts = (_indexed_part(clause.left, keys), _indexed_part(clause.right, keys))
    sides = [side for side in parts if side]
    if len(sides) == 2:
        return type(clause)(this=sides[0].copy(), expression=sides[1].copy())
    return sides[0] if sides and isinstance(clause, exp.And) else None


def select_from_index(files: list[File], keys: list[str]) -> str:
    """Write the SELECT that gives the indexed columns of these files, with their partitions."""
    rows = ', '.join(
        f'({", ".join(text(name) for name in (file.id, *file.partition))})' for file in files
    )
    names = ', '.join(quoted(key) for key in keys)
    return f'SELECT * FROM hot JOIN (VALUES {rows}) AS parts(file, {names}) USING (file)'


def files_with_rows(
    index: Index, conditions: list[exp.Expression], files: list[File], keys: list[str]
) -> list[File]:
    """Give the files that hold a row which these conditions let through."""
    clause = ' AND '.join(f'({condition.sql(dialect="duckdb")})' for condition in conditions)
    source = select_from_index(files, keys)
    query = f'SELECT DISTINCT file FROM ({source}) WHERE {clause or "true"}'
    ids = {row[0] for row in index.database.cursor().execute(query).fetchall()}
    return [file for file in files if file.id in ids]


def add_files(index: Index, files: list[File], copy: Callable[[File], str]) -> None:
    """Read the files that the index lacks.

    `copy(file)` gives the path of a copy whose name begins with the id of the file.
    """
    with index.lock:
        missing = [file for file in files if file.id not in index.file_ids]
        if not missing:
            return
        record = ', '.join(f'{quoted(athena_fields.spelled(name))} VARCHAR' for name in _SCALARS)
        records = text(f'STRUCT({record}, "userIdentity" {_WHO_TYPE})[]')
        paths = ', '.join(text(copy(file)) for file in missing)
        columns = ', '.join(
            f'r.{quoted(athena_fields.spelled(name))}' for name in (*_SCALARS, 'useridentity')
        )
        index.database.cursor().execute(
            f'INSERT INTO hot SELECT parse_filename(filename)[:{len(missing[0].id)}], {columns} '
            'FROM (SELECT unnest(Records) AS r, filename '
            f"FROM read_json([{paths}], columns = {{Records: {records}, absent: 'VARCHAR'}}, "
            "format = 'unstructured', maximum_object_size = 67108864, filename = true))"
        )
        index.file_ids.update(file.id for file in missing)
