"""Keeps the rows of trail files, because the queries of many incidents read the same files.

In a flood, hundreds of incidents ask the same few questions about the same hours, and most of the
time went into reading the same JSON again. So the rows of a file are stored in a database on the
disk, in a table for each set of columns that queries need, and the next query that needs no others
reads them there.
A file never changes under its id, which is made of its name and checksum. The database uses little
memory and begins anew when it has grown large. The bytes that Athena would scan are counted
elsewhere.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from dataclasses import dataclass, field
from typing import Any, Callable

from adapter.athena_fields import quoted, text

_MOST_ROWS = 1_500_000
_MEMORY = '400MB'
_SMALLEST_BUFFER = 1_000_000
# More bytes than these are read once, as they are: storing them would take longer.
_MOST_BYTES = 30_000_000


@dataclass(frozen=True)
class File:
    """A file of a trail: `id` identifies its content, `partition` holds its partition values."""

    id: str
    key: str
    partition: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class Columns:
    """What a query needs of a record: its type for DuckDB, and the SELECT list over it."""

    record: str
    selected: str
    keys: tuple[str, ...]
    # Columns and the fields in them, None where a star selects every column.
    names: frozenset[str] | None

    def table(self, location: str) -> str:
        """Name the table of these columns for the files at a location."""
        content = repr((location, self.record, self.selected, self.keys))
        return f'rows_{hashlib.sha256(content.encode()).hexdigest()[:24]}'

    def include(self, other: Columns) -> bool:
        if self.names is None or other.names is None:
            return self == other
        return self.keys == other.keys and self.names >= other.names


@dataclass
class Rows:
    """A database of rows, and the ids of the files that each of its tables holds."""

    database: Any
    folder: tempfile.TemporaryDirectory
    file_ids: dict[str, set[str]] = field(default_factory=dict)
    columns: dict[str, list[Columns]] = field(default_factory=dict)
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_current: Rows | None = None


def current(folder: str) -> Rows:
    """Give the database in use, or an empty one when it has grown large.

    A running query keeps the database that it began with.
    """
    global _current
    if _current is None or _current.count > _MOST_ROWS:
        import duckdb

        own = tempfile.TemporaryDirectory(dir=folder)
        config = {
            'memory_limit': _MEMORY,
            'temp_directory': os.path.join(own.name, 'spill'),
            'preserve_insertion_order': 'false',
        }
        path = os.path.join(own.name, 'rows.db')
        _current = Rows(duckdb.connect(path, config=config), own)
    return _current


def stored_columns(rows: Rows, location: str, needed: Columns) -> Columns:
    """Give the columns of a table that has what is needed; of a new one if none has."""
    with rows.lock:
        stored = rows.columns.setdefault(location, [])
        for columns in stored:
            if columns.include(needed):
                return columns
        stored.append(needed)
        return needed


def missing(rows: Rows, table: str, files: list[File]) -> list[File]:
    known = rows.file_ids.get(table, set())
    return [file for file in files if file.id not in known]


def is_worthwhile(files: list[File]) -> bool:
    return sum(file.size for file in files) <= _MOST_BYTES


def synchronize(
    rows: Rows,
    table: str,
    columns: Columns,
    files: list[File],
    existing: set[str],
    copy: Callable[[File], str],
) -> None:
    """Store the rows of the files that the table lacks, and remove those of files that are gone.

    `copy(file)` gives the path of a copy whose name begins with the id of the file.
    """
    with rows.lock:
        known = rows.file_ids.setdefault(table, set())
        cursor = rows.database.cursor()
        if not known:
            cursor.execute(f'CREATE TABLE IF NOT EXISTS {table} AS {_select_no_rows(columns)}')
        gone = known - existing
        if gone:
            ids = ', '.join(text(file_id) for file_id in gone)
            cursor.execute(f'DELETE FROM {table} WHERE "__file" IN ({ids})')
            known -= gone
        added = missing(rows, table, files)
        if added:
            insert = f'INSERT INTO {table} {_select_of_files(columns, added, copy)}'
            rows.count += cursor.execute(insert).fetchone()[0]
            known.update(file.id for file in added)


def select(table: str) -> str:
    """Write the SELECT that gives the rows without the id of their file."""
    return f'SELECT * EXCLUDE ("__file") FROM {table}'


def reader(record: str, paths: list[str], more: str = '') -> str:
    """Write the call that reads the records of these files."""
    # No file has the column `absent`: DuckDB reads a single column ten times as slowly as two.
    return (
        f'read_json([{", ".join(text(path) for path in paths)}], '
        f"columns = {{Records: {text(f'STRUCT({record})[]')}, absent: 'VARCHAR'}}, "
        f"format = 'unstructured', maximum_object_size = {_largest(paths)}{more})"
    )


def _largest(paths: list[str]) -> int:
    """Give the size of the largest of these gzip files when it is unpacked; it ends with its size.

    DuckDB takes twice as much memory for each thread.
    """
    largest = _SMALLEST_BUFFER
    for path in paths:
        with open(path, 'rb') as file:
            if file.seek(0, os.SEEK_END) >= 4:
                file.seek(-4, os.SEEK_END)
                largest = max(largest, int.from_bytes(file.read(4), 'little') + 1)
    return min(largest, 67_108_864)


def _select_of_files(columns: Columns, files: list[File], copy: Callable[[File], str]) -> str:
    partitions = ', '.join(
        f'({", ".join(text(name) for name in (file.id, *file.partition))})' for file in files
    )
    keys = ', '.join(quoted(key) for key in columns.keys)
    source = reader(columns.record, [copy(file) for file in files], ', filename = true')
    records = (
        f'SELECT unnest(Records) AS r, parse_filename(filename)[:{len(files[0].id)}] AS "__file" '
        f'FROM {source}'
    )
    return (
        f'SELECT "__file", {columns.selected}, {keys} FROM ({records}) '
        f'JOIN (VALUES {partitions}) AS parts("__file", {keys}) USING ("__file")'
    )


def _select_no_rows(columns: Columns) -> str:
    keys = ', '.join(f"'' AS {quoted(key)}" for key in columns.keys)
    return (
        f"SELECT '' AS \"__file\", {columns.selected}, {keys} "
        f'FROM (SELECT NULL::STRUCT({columns.record}) AS r) WHERE false'
    )
