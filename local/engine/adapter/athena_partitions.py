"""Partition projection: which files a query over a projected table reads, decided from its WHERE clause before any is opened."""

from __future__ import annotations

import re
import time
from typing import Any, Callable
from urllib.parse import urlparse

from sqlglot import exp

Test = Callable[[str], bool]
_COMPARE: dict[type, Callable[[str, str], bool]] = {
    exp.EQ: lambda value, bound: value == bound,
    exp.GTE: lambda value, bound: value >= bound,
    exp.LTE: lambda value, bound: value <= bound,
    exp.GT: lambda value, bound: value > bound,
    exp.LT: lambda value, bound: value < bound,
}


class ProjectionError(ValueError):
    """The table's projection is not one that Athena accepts."""


def tests_of(select: exp.Select, keys: list[str]) -> dict[str, list[Test]]:
    """What the WHERE clause says about the partition keys: plain comparisons with literals, as Athena prunes."""
    tests: dict[str, list[Test]] = {key: [] for key in keys}
    where = select.args.get('where')
    conditions = (
        list(where.this.flatten())
        if where and isinstance(where.this, exp.And)
        else [where.this]
        if where
        else []
    )
    for condition in (one.unnest() for one in conditions):
        column = (
            condition.this if isinstance(getattr(condition, 'this', None), exp.Column) else None
        )
        name = column.name.lower() if column else ''
        test = _test(condition) if name in tests else None
        if test:
            tests[name].append(test)
    return tests


def _test(condition: exp.Expression) -> Test | None:
    if isinstance(condition, exp.Between):
        low, high = _literal(condition.args['low']), _literal(condition.args['high'])
        return None if low is None or high is None else lambda value: low <= value <= high
    if isinstance(condition, exp.In):
        listed = [_literal(one) for one in condition.expressions]
        return None if None in listed or not listed else lambda value: value in listed
    bound = _literal(condition.expression) if type(condition) in _COMPARE else None
    return None if bound is None else lambda value: _COMPARE[type(condition)](value, bound)


def _literal(value: Any) -> str | None:
    return value.this if isinstance(value, exp.Literal) else None


def pattern_of(table: dict) -> tuple[str, re.Pattern[str]]:
    """The bucket, and the keys that `storage.location.template` allows, a group for each partition key."""
    parameters = table.get('Parameters') or {}
    template = parameters.get('storage.location.template')
    if parameters.get('projection.enabled') != 'true' or not template:
        raise ProjectionError('only tables with partition projection are read here')
    location = urlparse(template)
    shape = re.sub(
        r'\\\$\\\{(\w+)\\\}',
        lambda found: f'(?P<{found[1]}>{_shape(parameters, found[1])})',
        re.escape(location.path.lstrip('/')),
    )
    return location.netloc, re.compile(f'{shape}/')


def _shape(parameters: dict, key: str) -> str:
    kind = parameters.get(f'projection.{key}.type')
    if kind == 'enum':
        return '|'.join(
            re.escape(value.strip()) for value in parameters[f'projection.{key}.values'].split(',')
        )
    if kind == 'date':
        return re.sub('[yMd]', r'\\d', re.escape(parameters[f'projection.{key}.format']))
    raise ProjectionError(f'projection.{key}.type: {kind}')


def projected(table: dict, values: dict[str, str]) -> bool:
    """Whether the projection makes this partition at all: dates outside of its range do not exist for Athena."""
    parameters = table.get('Parameters') or {}
    for key, value in values.items():
        if parameters.get(f'projection.{key}.type') == 'date':
            low, high = parameters[f'projection.{key}.range'].split(',')
            if (
                not low
                <= value
                <= (time.strftime('%Y/%m/%d', time.gmtime()) if high == 'NOW' else high)
            ):
                return False
    return True
