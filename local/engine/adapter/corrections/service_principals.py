"""A condition can tell a service that calls for itself from a role or user that calls.

Wrong: `aws:PrincipalIsAWSService` and `aws:PrincipalServiceName` are absent, so that a Deny for
everybody but services denies nobody. For a service, `aws:PrincipalArn` is a star. What the engine
sends for one of its services, such as a mail for a state machine, counts as sent by the root user,
whom a Deny for all but some roles hits.
AWS: `aws:PrincipalIsAWSService` is in every signed request: true where a service principal calls
directly, which also has `aws:PrincipalServiceName`, and false for everybody else. A service
principal has neither `aws:PrincipalArn` nor `aws:PrincipalAccount`. A state machine sends with its
role; here nobody is asked, as everywhere in the engine where a service acts with a role.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from ministack.core import iam_evaluator

from adapter.patching import replace_everywhere, wrap

NAME = 'service_principals'
WRONG = (
    'aws:PrincipalIsAWSService and aws:PrincipalServiceName are absent, '
    'and aws:PrincipalArn of a service is a star.'
)
AWS = 'AWS IAM User Guide: AWS global condition context keys'

_ABSENT = {'aws:principalarn', 'aws:principalaccount', 'aws:principaltype'}


def install() -> None:
    wrap(iam_evaluator, '_resolve_condition_key', _with_service)
    replace_everywhere(iam_evaluator, 'evaluate_resource_policy', _naming_service)
    wrap(iam_evaluator, 'resource_policy_allows', _passing_root)


def _with_service(resolve: Any) -> Any:
    def resolved(key: str, ctx: Any) -> Any:
        name = key.lower()
        is_service = ctx.principal_type == 'Service'
        if name == 'aws:principalisawsservice':
            is_signed = ctx.principal_type != 'Anonymous'
            return ('true' if is_service else 'false') if is_signed else None
        if is_service and name in _ABSENT:
            return None
        return resolve(key, ctx)

    return resolved


def _naming_service(evaluate: Any) -> Any:
    def evaluated(doc: Any, ctx: Any, service: str | None = None, *rest: Any, **more: Any) -> Any:
        if service and ctx.principal_type == 'Service':
            keys = {**ctx.service_context, 'aws:principalservicename': service}
            ctx = dataclasses.replace(ctx, service_context=keys)
        return evaluate(doc, ctx, service, *rest, **more)

    return evaluated


def _passing_root(allows: Any) -> Any:
    def allowed(policy: Any, ctx: Any, same_account: bool) -> bool:
        root = f'arn:aws:iam::{ctx.principal_account}:root'
        return (same_account and ctx.principal_arn == root) or allows(policy, ctx, same_account)

    return allowed
