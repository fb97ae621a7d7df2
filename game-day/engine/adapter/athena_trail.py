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


def plan(query: str, database: str) -> Plan | None:
    """None when the query reads no CloudTrail table: then it is the engine's own business."""
    tree = sqlglot.parse_one(query, read='athena')
    names = {one.alias.lower() for one in tree.find_all(exp.CTE)}
    tables = [(one, glue._tables.get(f'{one.db or database}/{one.name}')) for one in tree.find_all(exp.Table)]
    trails = [(one, table) for one, table in tables if table and one.name.lower() not in names and _is_trail(table)]
    if not trails:
        return None
    made = Plan()
    for number, (reference, table) in enumerate(trails):
        select = reference.find_ancestor(exp.Select)
        view = f'__trail{number}'
        made.views[view] = _relation(table, select, made)
        reference.replace(exp.alias_(exp.to_table(view), reference.alias or reference.name, table=True))
    made.sql = tree.sql(dialect='duckdb')
    return made


def _is_trail(table: dict) -> bool:
    return _FORMAT in str((table.get('StorageDescriptor') or {}).get('InputFormat', '')).lower()


def _relation(table: dict, select: exp.Select, made: Plan) -> str:
    keys = [key['Name'].lower() for key in table.get('PartitionKeys') or []]
    columns = {one['Name'].lower(): one['Type'] for one in table['StorageDescriptor']['Columns']}
    parts = _files(table, athena_partitions.tests_of(select, keys), made)
    record = ', '.join(f'{quoted(athena_fields.spelled(name))} {athena_fields.duck_type(name, kind)}' for name, kind in columns.items())
    picked = ', '.join(f'CAST(r.{quoted(athena_fields.spelled(name))} AS VARCHAR) AS {quoted(name)}' if _plain(kind) else f'r.{quoted(athena_fields.spelled(name))} AS {quoted(name)}' for name, kind in columns.items())
    reader = f"columns = {{Records: {text(f'STRUCT({record})[]')}}}, format = 'auto', maximum_object_size = 268435456"
    selects = []
    for values, paths in parts.items():
        fixed = ''.join(f', {text(value)} AS {quoted(key)}' for key, value in zip(keys, values, strict=True))
        listed = ', '.join(text(path) for path in paths)
        selects.append(f'SELECT {picked}{fixed} FROM (SELECT unnest(Records) AS r FROM read_json([{listed}], {reader}))')
    return ' UNION ALL '.join(selects) or _nothing(record, picked, keys)


def _plain(kind: str) -> bool:
    return '<' not in kind


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
