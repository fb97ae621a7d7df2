"""A query over CloudTrail's files, as DuckDB runs it: Athena's dialect translated, the record layout unwrapped, few files read."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field

import sqlglot
from ministack.services import glue, s3
from sqlglot import exp

from adapter import athena_fields, athena_partitions
from adapter.athena_fields import quoted, text

_FORMAT = 'cloudtrail'


@dataclass
class Plan:
    """What DuckDB runs, the views it runs on, and what had to be read for it."""

    sql: str = ''
    views: dict[str, str] = field(default_factory=dict)
    folders: list[tempfile.TemporaryDirectory] = field(default_factory=list)
    scanned: int = 0

    def close(self) -> None:
        for folder in self.folders:
            folder.cleanup()


def plan(query: str, database: str) -> Plan | None:
    """None when the query reads no CloudTrail table: then it is the engine's own business."""
    tree = sqlglot.parse_one(query, read='athena')
    names = {one.alias.lower() for one in tree.find_all(exp.CTE)}
    tables = [(one, glue._tables.get(f'{one.db or database}/{one.name}')) for one in tree.find_all(exp.Table)]
    trails = [(one, table) for one, table in tables if table and one.name.lower() not in names and _is_trail(table)]
    if not trails:
        return None
    made, used = Plan(), _used(tree)
    for number, (reference, table) in enumerate(trails):
        select = reference.find_ancestor(exp.Select)
        view = f'__trail{number}'
        made.views[view] = _relation(table, select, made, used)
        reference.replace(exp.alias_(exp.to_table(view), reference.alias or reference.name, table=True))
    made.sql = tree.sql(dialect='duckdb')
    return made


def _is_trail(table: dict) -> bool:
    return _FORMAT in str((table.get('StorageDescriptor') or {}).get('InputFormat', '')).lower()


def _relation(table: dict, select: exp.Select, made: Plan, used: frozenset[str] | None) -> str:
    keys = [key['Name'].lower() for key in table.get('PartitionKeys') or []]
    columns = {one['Name'].lower(): one['Type'] for one in table['StorageDescriptor']['Columns']}
    columns = {name: kind for name, kind in columns.items() if used is None or name in used} or columns
    parts = _files(table, athena_partitions.tests_of(select, keys), made)
    record = ', '.join(f'{quoted(athena_fields.spelled(name))} {athena_fields.duck_type(name, kind, used)}' for name, kind in columns.items())
    picked = ', '.join(f'{_value(name, kind)} AS {quoted(name)}' for name, kind in columns.items())
    # The second column is never there: with a single one DuckDB takes a way that is ten times as slow.
    reader = f"columns = {{Records: {text(f'STRUCT({record})[]')}, absent: 'VARCHAR'}}, format = 'unstructured', maximum_object_size = 67108864"
    selects = []
    for values, paths in parts.items():
        fixed = ''.join(f', {text(value)} AS {quoted(key)}' for key, value in zip(keys, values, strict=True))
        listed = ', '.join(text(path) for path in paths)
        selects.append(f'SELECT {picked}{fixed} FROM (SELECT unnest(Records) AS r FROM read_json([{listed}], {reader}))')
    return ' UNION ALL '.join(selects) or _nothing(record, picked, keys)


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


def _files(table: dict, tests: dict, made: Plan) -> dict[tuple[str, ...], list[str]]:
    """Files by partition, copied to where DuckDB can read them; their sizes are what the query scans."""
    bucket, pattern = athena_partitions.pattern_of(table)
    folder = tempfile.TemporaryDirectory(prefix='cordon-athena-')
    made.folders.append(folder)
    parts: dict[tuple[str, ...], list[str]] = {}
    for number, key in enumerate(sorted(list((s3._buckets.get(bucket) or {'objects': {}})['objects']))):
        found = pattern.match(key)
        values = found.groupdict() if found else {}
        if not found or any(not test(value) for name, value in values.items() for test in tests.get(name, [])):
            continue
        if not athena_partitions.projected(table, values):
            continue
        data = s3._get_object_data(bucket, key) or b''
        made.scanned += len(data)
        path = os.path.join(folder.name, f'{number}.json.gz')
        with open(path, 'wb') as file:
            file.write(data)
        parts.setdefault(tuple(values[name] for name in tests), []).append(path)
    return parts
