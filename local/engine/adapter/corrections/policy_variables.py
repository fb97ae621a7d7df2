"""Policy variables in Resource, NotResource and Condition.

Examples are `${aws:PrincipalTag/team, 'none'}`, `${aws:userid}` and `${*}`.

Wrong: a variable is compared as the literal text `${…}`.
AWS: a variable is replaced by the value of its single-valued key, which is matched literally (a `*`
in the value is no wildcard). Without a value the default in single quotes counts; without both, the
element never matches. `aws:PrincipalTag` of a role session comes from the tags of the session and
of the role. The tags of the role are read when the request is evaluated, so a new tag of a role
reaches its existing sessions.
A policy of version 2008-10-17, the default version, has no variables.
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
# A literal * or ? of a value passes the wildcard matcher of the engine as a private character.
_LITERAL = {'*': '\ue02a', '?': '\ue03f', '$': '$'}
_SHIELD = str.maketrans({plain: shielded for plain, shielded in _LITERAL.items() if plain != '$'})
_UNSHIELD = str.maketrans({shielded: plain for plain, shielded in _LITERAL.items() if plain != '$'})


def install() -> None:
    require(iam_evaluator, '_resolve_condition_key', '_NEGATED_OPS')
    wrap(iam_evaluator, '_fnmatch_compile', lambda _original: _compiled)
    wrap(iam_evaluator, '_first_match', _resolving_resources)
    wrap(iam_evaluator, '_conditions_met', _resolving_conditions)
    wrap(iam_evaluator, 'parse_policy_document', _marking_old_policies)


def resolve(text: str, ctx: Any) -> str | None:
    """Replace the variables; gives None when a variable has neither value nor default."""
    parts, end = [], 0
    for match in _VARIABLE.finditer(text):
        value = _value(match.group(1), ctx)
        if value is None:
            return None
        parts += [text[end : match.start()], value]
        end = match.end()
    return ''.join([*parts, text[end:]])


def _value(variable: str, ctx: Any) -> str | None:
    if variable in _LITERAL:
        return _LITERAL[variable]
    match = _DEFAULT.match(variable.strip())
    if match is None:
        return None
    value = iam_evaluator._resolve_condition_key(match['key'], ctx)
    if isinstance(value, list):
        return None
    value = match['default'] if value is None or value == '' else str(value)
    return None if value is None else value.translate(_SHIELD)


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern:
    """Compile a wildcard pattern of the engine that may contain shielded characters."""
    wildcards = {'*': '.*', '?': '.'}
    regex = ''.join(wildcards.get(char) or re.escape(char.translate(_UNSHIELD)) for char in pattern)
    # A wildcard also matches a line break, because the key of an object may contain it.
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
    """Resolve the resources of a statement; gives None when no resource is left to match."""
    texts = statement.resources + statement.not_resources
    if getattr(statement, 'literal', False) or not any('${' in text for text in texts):
        return statement
    resolved = [resolve(resource, ctx) for resource in statement.resources]
    resources = [resource for resource in resolved if resource is not None]
    not_resources = [resolve(resource, ctx) for resource in statement.not_resources]
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
    values = [
        resolve(operand, ctx) if isinstance(operand, str) and '${' in operand else operand
        for operand in wanted
    ]
    resolved = [value for value in values if value is not None]
    if len(resolved) < len(values) and (not resolved or _is_negated(operator)):
        return None
    if 'like' in operator.lower() or 'arn' in operator.lower():
        return resolved
    return [value.translate(_UNSHIELD) if isinstance(value, str) else value for value in resolved]


def _is_negated(operator: str) -> bool:
    return (
        operator.lower().removesuffix('ifexists').rpartition(':')[2] in iam_evaluator._NEGATED_OPS
    )


class Literal(dict):
    """The conditions of a policy that is too old to have variables."""


def _is_old(doc: Any) -> bool:
    """Whether the policy has no variables.

    The engine passes statements of a resource policy without their version; they have variables.
    """
    if isinstance(doc, str):
        try:
            return json.loads(doc).get('Version') != '2012-10-17'
        except (ValueError, AttributeError):
            return False
    return isinstance(doc, dict) and doc.get('Version') == '2008-10-17'


def _marking_old_policies(parse: Any) -> Any:
    def marked(doc: Any) -> list:
        statements = parse(doc)
        for statement in statements if _is_old(doc) else []:
            statement.literal = True
            statement.conditions = Literal(statement.conditions)
        return statements

    # Every request parses the policies of its caller up to three times. No code changes a parsed
    # statement, so the cache may share it.
    parsed_text = functools.lru_cache(maxsize=2048)(marked)

    def parsed(doc: Any) -> list:
        return parsed_text(doc) if isinstance(doc, str) else marked(doc)

    return parsed
