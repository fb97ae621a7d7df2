"""A role can be taken with a source identity only by who may set one, and the session keeps it.

Wrong: AssumeRole ignores `SourceIdentity`. A trust policy that demands one (`sts:SourceIdentity`)
refuses everybody, nobody needs `sts:SetSourceIdentity`, and no record names the person.
AWS: trust policy and caller both need `sts:SetSourceIdentity`. The answer and every record of the
session have the source identity, sessions that are made from it inherit it, and none may change it.
"""

from __future__ import annotations

import contextvars
import dataclasses
import json
import re
from typing import Any
from urllib.parse import parse_qs

from ministack.core import iam_evaluator
from ministack.core.responses import get_region
from ministack.services import sts

from adapter.patching import require, wrap

NAME = 'source_identity'
WRONG = 'AssumeRole ignores SourceIdentity; nobody needs sts:SetSourceIdentity to name a person.'
AWS = 'AWS IAM User Guide: Monitor and control actions taken with assumed roles'

_FORM = re.compile(r'^[\w+=,.@-]{2,64}$')
_asked: contextvars.ContextVar[str] = contextvars.ContextVar('cordon_source_identity', default='')
_source: contextvars.ContextVar[str] = contextvars.ContextVar('cordon_caller_key', default='')


def install() -> None:
    require(sts, '_sessions', 'register_session', 'extract_access_key_id')
    wrap(sts, 'handle_request', _reading)
    wrap(sts, 'register_session', _keeping)
    wrap(iam_evaluator, 'evaluate_trust_policy', _trusting)


def of(access_key: str) -> str:
    """Give the source identity of a session, or an empty text."""
    return (sts._sessions.get(access_key) or {}).get('SourceIdentity', '')


def _reading(handle: Any) -> Any:
    async def handled(
        method: str, path: str, headers: dict, body: bytes, query_params: dict
    ) -> tuple:
        asked = _parameter('SourceIdentity', headers, body, query_params)
        _source.set(sts.extract_access_key_id(headers, query_params) or '')
        inherited = of(_source.get())
        if asked and not _FORM.match(asked):
            return sts._error(400, 'ValidationError', 'SourceIdentity is malformed', ns='sts')
        if asked and inherited and asked != inherited:
            return sts._error(
                403, 'AccessDenied', 'The source identity of a session cannot be changed', ns='sts'
            )
        _asked.set(asked or inherited)
        status, answer_headers, answer = await handle(method, path, headers, body, query_params)
        return status, answer_headers, _named(status, answer, asked)

    return handled


def _parameter(name: str, headers: dict, body: bytes, query_params: dict) -> str:
    if 'amz-json' in headers.get('content-type', ''):
        try:
            return str(json.loads(body or b'{}').get(name) or '')
        except (ValueError, AttributeError):
            return ''
    form = parse_qs(body.decode('utf-8', 'replace')) if body else {}
    given = form.get(name) or query_params.get(name) or ['']
    return given[0] if isinstance(given, list) else str(given)


def _named(status: int, answer: Any, asked: str) -> Any:
    if status != 200 or not asked:
        return answer
    text = answer.decode() if isinstance(answer, bytes) else answer
    end = '</AssumeRoleResult>'
    named = text.replace(end, f'<SourceIdentity>{asked}</SourceIdentity>{end}')
    return named.encode() if isinstance(answer, bytes) else named


def _keeping(register: Any) -> Any:
    def registered(access_key: str, session: dict) -> None:
        identity = _asked.get()
        register(access_key, {**session, 'SourceIdentity': identity} if identity else session)

    return registered


def _trusting(evaluate: Any) -> Any:
    def evaluated(document: Any, caller: str, context: Any = None) -> bool:
        identity = _asked.get()
        if not identity or context is None or context.action != 'sts:AssumeRole':
            return evaluate(document, caller, context)
        keys = {**(context.service_context or {}), 'sts:sourceidentity': identity}
        named = dataclasses.replace(context, service_context=keys)
        setting = dataclasses.replace(named, action='sts:SetSourceIdentity')
        return (
            evaluate(document, caller, named)
            and evaluate(document, caller, setting)
            and _may_set(identity, named.resource_arn)
        )

    return evaluated


def _may_set(identity: str, role: str) -> bool:
    denied = iam_evaluator.enforce(
        _source.get(),
        'sts:SetSourceIdentity',
        'sts',
        get_region(),
        resource_arn=role,
        service_context={'sts:SourceIdentity': identity},
    )
    return denied is None
