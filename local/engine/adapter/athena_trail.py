"""Plans a query over CloudTrail's files for DuckDB.

The plan translates Athena's dialect, unwraps the records of a file into rows, and reads as few
files as the WHERE clause allows.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass, field

import sqlglot
from ministack.services import glue, s3
from sqlglot import exp

from adapter import athena_fields, athena_partitions, athena_rows
from adapter.athena_fields import quoted, text
from adapter.athena_rows import Columns, File, Rows

_FORMAT = 'cloudtrail'


@dataclass
class Plan:
    """The SQL for DuckDB, the views that it needs, and the bytes that Athena would scan."""

    rows: Rows = field(default_factory=lambda: athena_rows.current(copies()))
    sql: str = ''
    views: dict[str, str] = field(default_factory=dict)
    bucket: str = ''
    scanned: int = 0
    _folder: tempfile.TemporaryDirectory | None = None

    def copy(self, file: File) -> str:
        """Copy the file to where DuckDB can read it, under its id; gives the path."""
        self._folder = self._folder or tempfile.TemporaryDirectory(dir=copies())
        path = os.path.join(self._folder.name, f'{file.id}.json.gz')
        if not os.path.exists(path):
            with open(path, 'wb') as copy:
                copy.write(s3._get_object_data(self.bucket, file.key) or b'')
        return path

    def close(self) -> None:
        if self._folder:
            self._folder.cleanup()


def copies() -> str:
    """Give the folder of the copies, which is all that a query can read."""
    folder = os.path.join(tempfile.gettempdir(), 'cordon-athena')
    os.makedirs(folder, exist_ok=True)
    return folder


def plan(query: str, database: str) -> Plan | None:
    """Plan a query; gives None when it reads no CloudTrail table, and the engine runs it itself."""
    tree = sqlglot.parse_one(query, read='athena')
    local_names = {expression.alias.lower() for expression in tree.find_all(exp.CTE)}
    tables = [
        (reference, glue._tables.get(f'{reference.db or database}/{reference.name}'))
        for reference in tree.find_all(exp.Table)
    ]
    trails = [
        (reference, table)
        for reference, table in tables
        if table and reference.name.lower() not in local_names and _is_trail(table)
    ]
    if not trails:
        return None
    _name_groups(tree)
    planned, used = Plan(), _used_names(tree)
    for number, (reference, table) in enumerate(trails):
        select = reference.find_ancestor(exp.Select)
        view = f'__trail{number}'
        planned.views[view] = _relation(table, select, planned, used)
        reference.replace(
            exp.alias_(exp.to_table(view), reference.alias or reference.name, table=True)
        )
    planned.sql = tree.sql(dialect='duckdb')
    return planned


def _name_groups(tree: exp.Expression) -> None:
    """Spell the groups of a replacement as DuckDB does: `$1` of Trino is `\\1` there."""
    for replace in tree.find_all(exp.RegexpReplace):
        replacement = replace.args.get('replacement')
        if isinstance(replacement, exp.Literal):
            replacement.set('this', re.sub(r'\$(\d)', r'\\\1', replacement.this))


def _is_trail(table: dict) -> bool:
    return _FORMAT in str((table.get('StorageDescriptor') or {}).get('InputFormat', '')).lower()


def _relation(table: dict, select: exp.Select, planned: Plan, used: frozenset[str] | None) -> str:
    """Write the SELECT that stands for the table, and put into the plan what it scans."""
    keys = tuple(key['Name'].lower() for key in table.get('PartitionKeys') or [])
    types = {
        column['Name'].lower(): column['Type'] for column in table['StorageDescriptor']['Columns']
    }
    needed = {name: kind for name, kind in types.items() if used is None or name in used} or types
    names = None if used is None else used & _names_of(needed)
    columns = Columns(*_columns(needed, used), keys, names)
    existing = _files(table, keys, planned)
    tests = athena_partitions.tests_of(select, list(keys))
    files = [
        file
        for file in existing
        if all(
            test(value)
            for key, value in zip(keys, file.partition, strict=True)
            for test in tests[key]
        )
    ]
    planned.scanned += sum(file.size for file in files)
    location = repr((table['StorageDescriptor']['Location'], sorted(types.items())))
    columns = athena_rows.stored_columns(planned.rows, location, columns)
    name = columns.table(location)
    if not athena_rows.is_worthwhile(athena_rows.missing(planned.rows, name, files)):
        return _select_from_files(files, columns, planned)
    ids = {file.id for file in existing}
    athena_rows.synchronize(planned.rows, name, columns, files, ids, planned.copy)
    return athena_rows.select(name)


def _columns(needed: dict[str, str], used: frozenset[str] | None) -> tuple[str, str]:
    """Write the type of a record with these columns, and the SELECT list over it."""
    record = ', '.join(
        f'{quoted(athena_fields.spelled(name))} {athena_fields.duck_type(name, kind, used)}'
        for name, kind in needed.items()
    )
    selected = ', '.join(
        f'{_column(name, kind)} AS {quoted(name)}' for name, kind in needed.items()
    )
    return record, selected


def _select_from_files(files: list[File], columns: Columns, planned: Plan) -> str:
    paths_of: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        paths_of.setdefault(file.partition, []).append(planned.copy(file))
    selects = []
    for partition, paths in paths_of.items():
        constants = ''.join(
            f', {text(name)} AS {quoted(key)}'
            for key, name in zip(columns.keys, partition, strict=True)
        )
        rows = f'SELECT unnest(Records) AS r FROM {athena_rows.reader(columns.record, paths)}'
        selects.append(f'SELECT {columns.selected}{constants} FROM ({rows})')
    return ' UNION ALL '.join(selects)


def _names_of(columns: dict[str, str]) -> frozenset[str]:
    """Give the names of columns and of the fields in them."""
    return frozenset(columns).union(re.findall(r'\w+(?=:)', ' '.join(columns.values())))


def _used_names(tree: exp.Expression) -> frozenset[str] | None:
    """Give every name in the query, because no other field needs to be parsed.

    None means that a star selects every column.
    """
    stars = [star for star in tree.find_all(exp.Star) if not isinstance(star.parent, exp.Count)]
    if stars:
        return None
    return frozenset(name.name.lower() for name in tree.find_all(exp.Identifier))


def _column(name: str, kind: str) -> str:
    field = f'r.{quoted(athena_fields.spelled(name))}'
    return field if '<' in kind else f'CAST({field} AS VARCHAR)'


def _files(table: dict, keys: tuple[str, ...], planned: Plan) -> list[File]:
    """List the files of the table in the partitions that exist for Athena."""
    planned.bucket, pattern = athena_partitions.pattern_of(table)
    objects = dict((s3._buckets.get(planned.bucket) or {'objects': {}})['objects'])
    files = []
    for key in sorted(objects):
        match = pattern.match(key)
        partition = match.groupdict() if match else {}
        if match and athena_partitions.is_projected(table, partition):
            etag, size = objects[key]['etag'], objects[key]['size']
            file_id = hashlib.sha256(f'{planned.bucket}/{key}/{etag}'.encode()).hexdigest()
            files.append(File(file_id, key, tuple(partition[name] for name in keys), size))
    return files
