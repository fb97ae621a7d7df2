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

from adapter import athena_fields, athena_index, athena_partitions
from adapter.athena_fields import quoted, text
from adapter.athena_index import File, Index

_FORMAT = 'cloudtrail'


@dataclass
class Plan:
    """The SQL for DuckDB, the views that it needs, and the bytes that Athena would scan."""

    index: Index = field(default_factory=athena_index.current)
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


def _is_trail(table: dict) -> bool:
    return _FORMAT in str((table.get('StorageDescriptor') or {}).get('InputFormat', '')).lower()


def _relation(table: dict, select: exp.Select, planned: Plan, used: frozenset[str] | None) -> str:
    """Write the SELECT that stands for the table, and put into the plan what it scans."""
    keys = [key['Name'].lower() for key in table.get('PartitionKeys') or []]
    types = {
        column['Name'].lower(): column['Type'] for column in table['StorageDescriptor']['Columns']
    }
    columns = {name: kind for name, kind in types.items() if used is None or name in used} or types
    files = _files(table, athena_partitions.tests_of(select, keys), planned)
    where = select.args.get('where')
    # With an outer join the clause may test rows that no file holds.
    has_join = bool(select.args.get('joins'))
    conditions = [] if has_join else athena_index.indexed_conditions(where, keys)
    if athena_index.can_index(types, files):
        athena_index.add_files(planned.index, files, planned.copy)
        if used is not None and athena_index.has_columns(used & _names_of(types), keys):
            return athena_index.select_from_index(files, keys)
        files = athena_index.files_with_rows(planned.index, conditions, files, keys)
    return _select_from_files(files, columns, keys, planned, used)


def _select_from_files(
    files: list[File],
    columns: dict[str, str],
    keys: list[str],
    planned: Plan,
    used: frozenset[str] | None,
) -> str:
    record = ', '.join(
        f'{quoted(athena_fields.spelled(name))} {athena_fields.duck_type(name, kind, used)}'
        for name, kind in columns.items()
    )
    selected = ', '.join(
        f'{_column(name, kind)} AS {quoted(name)}' for name, kind in columns.items()
    )
    # No file has the column `absent`: DuckDB reads a single column ten times as slowly as two.
    reader = (
        f"columns = {{Records: {text(f'STRUCT({record})[]')}, absent: 'VARCHAR'}}, "
        "format = 'unstructured', maximum_object_size = 67108864"
    )
    paths_of: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        paths_of.setdefault(file.partition, []).append(text(planned.copy(file)))
    selects = []
    for partition, paths in paths_of.items():
        constants = ''.join(
            f', {text(name)} AS {quoted(key)}' for key, name in zip(keys, partition, strict=True)
        )
        rows = f'SELECT unnest(Records) AS r FROM read_json([{", ".join(paths)}], {reader})'
        selects.append(f'SELECT {selected}{constants} FROM ({rows})')
    return ' UNION ALL '.join(selects) or _select_no_rows(record, selected, keys)


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


def _select_no_rows(record: str, selected: str, keys: list[str]) -> str:
    constants = ''.join(f", '' AS {quoted(key)}" for key in keys)
    return f'SELECT {selected}{constants} FROM (SELECT NULL::STRUCT({record}) AS r) WHERE false'


def _files(table: dict, tests: dict, planned: Plan) -> list[File]:
    """List the files of the wanted partitions, and add their sizes to the bytes scanned."""
    planned.bucket, pattern = athena_partitions.pattern_of(table)
    objects = dict((s3._buckets.get(planned.bucket) or {'objects': {}})['objects'])
    files = []
    for key in sorted(objects):
        match = pattern.match(key)
        if not match:
            continue
        partition = match.groupdict()
        is_wanted = all(test(partition[name]) for name in partition for test in tests.get(name, []))
        if is_wanted and athena_partitions.is_projected(table, partition):
            etag, size = objects[key]['etag'], objects[key]['size']
            file_id = hashlib.sha256(f'{planned.bucket}/{key}/{etag}'.encode()).hexdigest()
            files.append(File(file_id, key, tuple(partition[name] for name in tests), size))
    planned.scanned += sum(file.size for file in files)
    return files
