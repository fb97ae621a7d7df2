"""Partition projection: the WHERE clause of a query decides which files it reads."""

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
    """Athena would not accept the projection of the table."""


def tests_of(select: exp.Select, keys: list[str]) -> dict[str, list[Test]]:
    """Collect the comparisons of partition keys with literals: Athena prunes by these only."""
    tests: dict[str, list[Test]] = {key: [] for key in keys}
    where = select.args.get('where')
    if not where:
        return tests
    clause = where.this
    for part in clause.flatten() if isinstance(clause, exp.And) else [clause]:
        condition = part.unnest()
        column = getattr(condition, 'this', None)
        name = column.name.lower() if isinstance(column, exp.Column) else ''
        test = _test(condition) if name in tests else None
        if test:
            tests[name].append(test)
    return tests


def _test(condition: exp.Expression) -> Test | None:
    if isinstance(condition, exp.Between):
        low, high = _literal(condition.args['low']), _literal(condition.args['high'])
        return None if low is None or high is None else lambda value: low <= value <= high
    if isinstance(condition, exp.In):
        literals = [_literal(literal) for literal in condition.expressions]
        return None if None in literals or not literals else lambda value: value in literals
    bound = _literal(condition.expression) if type(condition) in _COMPARE else None
    return None if bound is None else lambda value: _COMPARE[type(condition)](value, bound)


def _literal(expression: Any) -> str | None:
    return expression.this if isinstance(expression, exp.Literal) else None


def pattern_of(table: dict) -> tuple[str, re.Pattern[str]]:
    """Give the bucket of the table, and the pattern of its keys.

    The pattern comes from `storage.location.template` and has a group for each partition key.
    """
    parameters = table.get('Parameters') or {}
    template = parameters.get('storage.location.template')
    if parameters.get('projection.enabled') != 'true' or not template:
        raise ProjectionError('only tables with partition projection are read here')
    location = urlparse(template)
    path = re.escape(location.path.lstrip('/'))
    pattern = re.sub(
        r'\\\$\\\{(\w+)\\\}',
        lambda key: f'(?P<{key[1]}>{_values_pattern(parameters, key[1])})',
        path,
    )
    return location.netloc, re.compile(f'{pattern}/')


def _values_pattern(parameters: dict, key: str) -> str:
    kind = parameters.get(f'projection.{key}.type')
    if kind == 'enum':
        return '|'.join(
            re.escape(value.strip()) for value in parameters[f'projection.{key}.values'].split(',')
        )
    if kind == 'date':
        return re.sub('[yMd]', r'\\d', re.escape(parameters[f'projection.{key}.format']))
    raise ProjectionError(f'projection.{key}.type: {kind}')


def is_projected(table: dict, partition: dict[str, str]) -> bool:
    """Whether the partition exists for Athena: a date outside of the range does not."""
    parameters = table.get('Parameters') or {}
    for key, day in partition.items():
        if parameters.get(f'projection.{key}.type') == 'date':
            low, high = parameters[f'projection.{key}.range'].split(',')
            latest = time.strftime('%Y/%m/%d', time.gmtime()) if high == 'NOW' else high
            if not low <= day <= latest:
                return False
    return True
