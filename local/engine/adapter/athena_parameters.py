"""Puts ExecutionParameters into a query: a SQL literal for each `?`, in the order of the text.

The tokenizer of the dialect locates each `?`, so a question mark in a string stays as it is.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.tokens import TokenType


class ParameterError(ValueError):
    """Athena would refuse the parameters."""


def fill(query: str, parameters: list[str]) -> str:
    try:
        tokens = sqlglot.tokenize(query, read='athena')
    except sqlglot.errors.SqlglotError as error:
        raise ParameterError(f'the query cannot be read: {error}') from error
    placeholders = [token for token in tokens if token.token_type is TokenType.PLACEHOLDER]
    expected, received = len(placeholders), len(parameters)
    if expected != received:
        raise ParameterError(
            f'Incorrect number of parameters: expected {expected} but found {received}'
        )
    parts, end = [], 0
    for placeholder, parameter in zip(placeholders, parameters, strict=True):
        parts += [query[end : placeholder.start], _literal(parameter)]
        end = placeholder.end + 1
    return ''.join([*parts, query[end:]])


def _literal(parameter: str) -> str:
    if len(parameter) > 1_024:
        raise ParameterError('a parameter is longer than 1024 characters')
    try:
        expression = sqlglot.parse_one(parameter, read='athena')
    except sqlglot.errors.SqlglotError as error:
        raise ParameterError(f'a parameter is no SQL literal: {error}') from error
    unsigned = expression.this if isinstance(expression, exp.Neg) else expression
    if not isinstance(unsigned, (exp.Literal, exp.Boolean, exp.Null)):
        raise ParameterError('a parameter is no SQL literal')
    return expression.sql(dialect='athena', comments=False)
