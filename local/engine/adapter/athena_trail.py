"""A query over CloudTrail's files, as DuckDB runs it: Athena's dialect translated, the record layout unwrapped, few files read."""

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
    """What DuckDB runs, the views it runs on, and what had to be read for it."""

    index: Index = field(default_factory=athena_index.current)
    sql: str = ''
    views: dict[str, str] = field(default_factory=dict)
    bucket: str = ''
    scanned: int = 0
    _folder: tempfile.TemporaryDirectory | None = None

    def copy(self, file: File) -> str:
        """Where DuckDB can read the file; its name there is its id."""
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix='cordon-athena-')
        path = os.path.join(self._folder.name, f'{file.id}.json.gz')
        if not os.path.exists(path):
            with open(path, 'wb') as copy:
                copy.write(s3._get_object_data(self.bucket, file.key) or b'')
        return path

    def close(self) -> None:
        if self._folder:
            self._folder.cleanup()


def plan(query: str, database: str) -> Plan | None:
    """None when the query reads no CloudTrail table: then it is the engine's own business."""
    tree = sqlglot.parse_one(query, read='athena')
    names = {one.alias.lower() for one in tree.find_all(exp.CTE)}
    tables = [
        (one, glue._tables.get(f'{one.db or database}/{one.name}'))
        for one in tree.find_all(exp.Table)
    ]
    trails = [
        (one, table)
        for one, table in tables
        if table and one.name.lower() not in names and _is_trail(table)
    ]
    if not trails:
        return None
    made, used = Plan(), _used(tree)
    for number, (reference, table) in enumerate(trails):
        select = reference.find_ancestor(exp.Select)
        view = f'__trail{number}'
        made.views[view] = _relation(table, select, made, used)
        reference.replace(
            exp.alias_(exp.to_table(view), reference.alias or reference.name, table=True)
        )
    made.sql = tree.sql(dialect='duckdb')
    return made


def _is_trail(table: dict) -> bool:
    return _FORMAT in str((table.get('StorageDescriptor') or {}).get('InputFormat', '')).lower()


def _relation(table: dict, select: exp.Select, made: Plan, used: frozenset[str] | None) -> str:
    keys = [key['Name'].lower() for key in table.get('PartitionKeys') or []]
    known = {one['Name'].lower(): one['Type'] for one in table['StorageDescriptor']['Columns']}
    columns = {name: kind for name, kind in known.items() if used is None or name in used} or known
    files = _files(table, athena_partitions.tests_of(select, keys), made)
    # Beside a join the clause may speak of rows that are not there.
    judged = (
        [] if select.args.get('joins') else athena_index.conditions(select.args.get('where'), keys)
    )
    if athena_index.knows(known, files):
        athena_index.remember(made.index, files, made.copy)
        if used is not None and athena_index.enough(used & _names_of(known), keys):
            return athena_index.among(files, keys)
        files = athena_index.holding(made.index, judged, files, keys)
    return _whole(files, columns, keys, made, used)


def _whole(
    files: list[File],
    columns: dict[str, str],
    keys: list[str],
    made: Plan,
    used: frozenset[str] | None,
) -> str:
    record = ', '.join(
        f'{quoted(athena_fields.spelled(name))} {athena_fields.duck_type(name, kind, used)}'
        for name, kind in columns.items()
    )
    picked = ', '.join(f'{_value(name, kind)} AS {quoted(name)}' for name, kind in columns.items())
    # The second column is never there: with a single one DuckDB takes a way that is ten times as slow.
    reader = f"columns = {{Records: {text(f'STRUCT({record})[]')}, absent: 'VARCHAR'}}, format = 'unstructured', maximum_object_size = 67108864"
    parts: dict[tuple[str, ...], list[str]] = {}
    for one in files:
        parts.setdefault(one.values, []).append(text(made.copy(one)))
    selects = []
    for values, paths in parts.items():
        fixed = ''.join(
            f', {text(value)} AS {quoted(key)}' for key, value in zip(keys, values, strict=True)
        )
        selects.append(
            f'SELECT {picked}{fixed} FROM (SELECT unnest(Records) AS r FROM read_json([{", ".join(paths)}], {reader}))'
        )
    return ' UNION ALL '.join(selects) or _nothing(record, picked, keys)


def _names_of(columns: dict[str, str]) -> frozenset[str]:
    """Columns and the fields in them."""
    return frozenset(columns).union(re.findall(r'\w+(?=:)', ' '.join(columns.values())))


def _used(tree: exp.Expression) -> frozenset[str] | None:
    """Every name in the query: what is not among them need not be parsed. None where a star asks for everything."""
    stars = [one for one in tree.find_all(exp.Star) if not isinstance(one.parent, exp.Count)]
    return None if stars else frozenset(one.name.lower() for one in tree.find_all(exp.Identifier))


def _value(name: str, kind: str) -> str:
    field = f'r.{quoted(athena_fields.spelled(name))}'
    return field if '<' in kind else f'CAST({field} AS VARCHAR)'


def _nothing(record: str, picked: str, keys: list[str]) -> str:
    fixed = ''.join(f", '' AS {quoted(key)}" for key in keys)
    return f'SELECT {picked}{fixed} FROM (SELECT NULL::STRUCT({record}) AS r) WHERE false'


def _files(table: dict, tests: dict, made: Plan) -> list[File]:
    """The files of the partitions asked for; their sizes are what the query scans."""
    made.bucket, pattern = athena_partitions.pattern_of(table)
    objects = dict((s3._buckets.get(made.bucket) or {'objects': {}})['objects'])
    files = []
    for key in sorted(objects):
        found = pattern.match(key)
        values = found.groupdict() if found else {}
        if not found or any(
            not test(value) for name, value in values.items() for test in tests.get(name, [])
        ):
            continue
        if athena_partitions.projected(table, values):
            one = objects[key]
            unique = hashlib.sha256(f'{made.bucket}/{key}/{one["etag"]}'.encode()).hexdigest()
            files.append(File(unique, key, tuple(values[name] for name in tests), one['size']))
    made.scanned += sum(one.size for one in files)
    return files
