"""ExecutionParameters: SQL literals, one for each `?`, put in where the parser says that a value stands."""

from __future__ import annotations

import sqlglot
from sqlglot import exp


class ParameterError(ValueError):
    """Athena would refuse the parameters."""


def fill(query: str, parameters: list[str]) -> str:
    tree = sqlglot.parse_one(query, read='athena')
    holes = list(tree.find_all(exp.Placeholder, bfs=False))
    if len(holes) != len(parameters):
        raise ParameterError(f'Incorrect number of parameters: expected {len(holes)} but found {len(parameters)}')
    values = iter([_value(one) for one in parameters])
    return tree.transform(lambda node: next(values) if isinstance(node, exp.Placeholder) else node).sql(dialect='athena')


def _value(parameter: str) -> exp.Expression:
    if len(parameter) > 1_024:
        raise ParameterError('a parameter is longer than 1024 characters')
    try:
        value = sqlglot.parse_one(parameter, read='athena')
    except sqlglot.errors.SqlglotError as error:
        raise ParameterError(f'a parameter is no SQL literal: {error}') from error
    if not isinstance(value, (exp.Literal, exp.Neg, exp.Boolean, exp.Null)):
        raise ParameterError('a parameter is no SQL literal')
    return value
