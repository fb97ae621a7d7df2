"""Policy variables in Resource, NotResource and Condition: `${aws:PrincipalTag/team, 'none'}`, `${aws:userid}`, `${*}`.

Wrong: a variable is compared as the literal text `${…}`. AWS: a variable is replaced by the value of its single-valued key, which
is matched literally (a `*` inside the value is no wildcard); without a value the default in single quotes counts; without both
the element never matches. `aws:PrincipalTag` of a role session comes from the tags of the session and of the role; the role's
tags are read when the request is evaluated, so that tagging a role reaches the sessions that already exist.
A policy of version 2008-10-17, which is also that of a policy that tells none, has no variables.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from typing import Any

from ministack.core import iam_evaluator

from adapter.patching import require, wrap

NAME = 'policy_variables'
WRONG = 'Policy variables are compared as literal text, and have no default values.'
AWS = 'AWS IAM User Guide: IAM policy elements: Variables and tags'

_VARIABLE = re.compile(r'\$\{([^}]*)\}')
_DEFAULT = re.compile(r"^(?P<key>[^,]+?)\s*(?:,\s*'(?P<default>.*)')?$")
# A literal * or ? of a value travels through the engine's wildcard matcher as a private character.
_LITERAL = {'*': '\ue02a', '?': '\ue03f', '$': '$'}
_SHIELD = str.maketrans({plain: shielded for plain, shielded in _LITERAL.items() if plain != '$'})
_UNSHIELD = str.maketrans({shielded: plain for plain, shielded in _LITERAL.items() if plain != '$'})


def install() -> None:
    require(iam_evaluator, '_resolve_condition_key', '_NEGATED_OPS')
    wrap(iam_evaluator, '_fnmatch_compile', lambda _original: _compiled)
    wrap(iam_evaluator, '_first_match', _resolving_resources)
    wrap(iam_evaluator, '_conditions_met', _resolving_conditions)
    wrap(iam_evaluator, 'parse_policy_document', _noting_version)


def resolve(text: str, ctx: Any) -> str | None:
    """The text with its variables replaced, or None when one has neither value nor default."""
    parts, end = [], 0
    for match in _VARIABLE.finditer(text):
        value = _value(match.group(1), ctx)
        if value is None:
            return None
        parts += [text[end : match.start()], value]
        end = match.end()
    return ''.join([*parts, text[end:]])


def _value(inside: str, ctx: Any) -> str | None:
    if inside in _LITERAL:
        return _LITERAL[inside]
    match = _DEFAULT.match(inside.strip())
    if match is None:
        return None
    value = iam_evaluator._resolve_condition_key(match['key'], ctx)
    if isinstance(value, list):
        return None
    value = match['default'] if value is None or value == '' else str(value)
    return None if value is None else value.translate(_SHIELD)


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern:
    """The engine's wildcard pattern, knowing the shielded characters."""
    wildcards = {'*': '.*', '?': '.'}
    regex = ''.join(wildcards.get(char) or re.escape(char.translate(_UNSHIELD)) for char in pattern)
    # A line break is a character like any other: the key of an object may hold one.
    return re.compile(rf'{regex}\Z', re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _resolving_resources(first_match: Any) -> Any:
    def matched(ctx: Any, statements: list, effect: str) -> Any:
        for statement in statements:
            if statement.effect != effect:
                continue
            resolved = _with_resources(statement, ctx)
            if resolved is not None and first_match(ctx, [resolved], effect):
                return statement
        return None

    return matched


def _with_resources(statement: Any, ctx: Any) -> Any:
    """The statement with its resources resolved, or None when no resource is left to match."""
    texts = statement.resources + statement.not_resources
    if getattr(statement, 'literal', False) or not any('${' in text for text in texts):
        return statement
    resources = [
        text for text in (resolve(one, ctx) for one in statement.resources) if text is not None
    ]
    not_resources = [resolve(one, ctx) for one in statement.not_resources]
    if (statement.resources and not resources) or None in not_resources:
        return None
    return dataclasses.replace(statement, resources=resources, not_resources=not_resources)


def _resolving_conditions(conditions_met: Any) -> Any:
    def met(conditions: Any, ctx: Any) -> bool:
        if not isinstance(conditions, dict) or isinstance(conditions, Literal):
            return conditions_met(conditions, ctx)
        resolved = _with_conditions(conditions, ctx)
        return resolved is not None and conditions_met(resolved, ctx)

    return met


def _with_conditions(conditions: dict, ctx: Any) -> dict | None:
    resolved: dict = {}
    for operator, block in conditions.items():
        if not isinstance(block, dict):
            continue
        resolved[operator] = {}
        for key, wanted in block.items():
            values = _values(operator, wanted if isinstance(wanted, list) else [wanted], ctx)
            if values is None:
                return None
            resolved[operator][key] = values
    return resolved


def _values(operator: str, wanted: list, ctx: Any) -> list | None:
    values = [resolve(one, ctx) if isinstance(one, str) and '${' in one else one for one in wanted]
    known = [value for value in values if value is not None]
    if len(known) < len(values) and (not known or _negated(operator)):
        return None
    if 'like' in operator.lower() or 'arn' in operator.lower():
        return known
    return [value.translate(_UNSHIELD) if isinstance(value, str) else value for value in known]


def _negated(operator: str) -> bool:
    return (
        operator.lower().removesuffix('ifexists').rpartition(':')[2] in iam_evaluator._NEGATED_OPS
    )


class Literal(dict):
    """The conditions of a policy that is too old to have variables."""


def _old(doc: Any) -> bool:
    """The engine itself passes statements of a resource policy on without their version: those count as new."""
    if isinstance(doc, str):
        try:
            return json.loads(doc).get('Version') != '2012-10-17'
        except (ValueError, AttributeError):
            return False
    return isinstance(doc, dict) and doc.get('Version') == '2008-10-17'


def _noting_version(parse: Any) -> Any:
    def noted(doc: Any) -> list:
        statements = parse(doc)
        for statement in statements if _old(doc) else []:
            statement.literal = True
            statement.conditions = Literal(statement.conditions)
        return statements

    # Every request parses all policies of its caller, some of them three times; nobody changes a parsed statement.
    of_text = functools.lru_cache(maxsize=2048)(noted)

    def parsed(doc: Any) -> list:
        return of_text(doc) if isinstance(doc, str) else noted(doc)

    return parsed
