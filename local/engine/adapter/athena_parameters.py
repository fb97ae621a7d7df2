"""ExecutionParameters: SQL literals, one for each `?`, put in where the reader of the dialect sees one, in the order of the text."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.tokens import TokenType


class ParameterError(ValueError):
    """Athena would refuse the parameters."""


def fill(query: str, parameters: list[str]) -> str:
    try:
        holes = [
            one
            for one in sqlglot.tokenize(query, read='athena')
            if one.token_type is TokenType.PLACEHOLDER
        ]
    except sqlglot.errors.SqlglotError as error:
        raise ParameterError(f'the query cannot be read: {error}') from error
    if len(holes) != len(parameters):
        raise ParameterError(
            f'Incorrect number of parameters: expected {len(holes)} but found {len(parameters)}'
        )
    parts, after = [], 0
    for hole, parameter in zip(holes, parameters, strict=True):
        parts += [query[after : hole.start], _value(parameter)]
        after = hole.end + 1
    return ''.join([*parts, query[after:]])


def _value(parameter: str) -> str:
    if len(parameter) > 1_024:
        raise ParameterError('a parameter is longer than 1024 characters')
    try:
        value = sqlglot.parse_one(parameter, read='athena')
    except sqlglot.errors.SqlglotError as error:
        raise ParameterError(f'a parameter is no SQL literal: {error}') from error
    plain = value.this if isinstance(value, exp.Neg) else value
    if not isinstance(plain, (exp.Literal, exp.Boolean, exp.Null)):
        raise ParameterError('a parameter is no SQL literal')
    return value.sql(dialect='athena', comments=False)
