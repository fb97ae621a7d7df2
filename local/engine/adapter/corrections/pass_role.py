"""A call that hands a role to a service needs iam:PassRole.

Wrong: a caller who may create a function, a state machine or a rule may give it any role, also that
of an administrator.
AWS: the call is also authorised as `iam:PassRole` on the role, with `iam:PassedToService`.
The correction covers Lambda, Step Functions, EventBridge, EventBridge Scheduler and CloudTrail.
CloudFormation in the engine acts with the rights of the root key, so it is not covered.
"""

from __future__ import annotations

import contextvars
import json
from typing import Any

from ministack.core import iam_actions, iam_evaluator

from adapter.patching import require, wrap

NAME = 'pass_role'
WRONG = 'A caller who may create a function, a state machine or a rule may give it any role.'
AWS = 'AWS IAM User Guide: Grant a user permissions to pass a role to an AWS service'

_PASSED = {
    'lambda:CreateFunction': (('Role',), 'lambda.amazonaws.com'),
    'lambda:UpdateFunctionConfiguration': (('Role',), 'lambda.amazonaws.com'),
    'states:CreateStateMachine': (('roleArn',), 'states.amazonaws.com'),
    'states:UpdateStateMachine': (('roleArn',), 'states.amazonaws.com'),
    'events:PutRule': (('RoleArn',), 'events.amazonaws.com'),
    'events:PutTargets': (('Targets', 'RoleArn'), 'events.amazonaws.com'),
    'scheduler:CreateSchedule': (('Target', 'RoleArn'), 'scheduler.amazonaws.com'),
    'scheduler:UpdateSchedule': (('Target', 'RoleArn'), 'scheduler.amazonaws.com'),
    'cloudtrail:CreateTrail': (('CloudWatchLogsRoleArn',), 'cloudtrail.amazonaws.com'),
    'cloudtrail:UpdateTrail': (('CloudWatchLogsRoleArn',), 'cloudtrail.amazonaws.com'),
}
_roles: contextvars.ContextVar[list[str]] = contextvars.ContextVar(
    'cordon_passed_roles', default=[]
)
_refused: contextvars.ContextVar[str] = contextvars.ContextVar('cordon_refused_role', default='')


def install() -> None:
    require(iam_actions, 'identity_denial_message')
    wrap(iam_actions, 'request_tag_context', _recording_roles)
    wrap(iam_evaluator, 'enforce', _authorizing_roles)
    wrap(iam_actions, 'access_denied_response', _naming_role)


def _recording_roles(context_of: Any) -> Any:
    def context(service: str, action: str, body: bytes, params: dict) -> dict:
        _refused.set('')
        _roles.set(_roles_in(body, _PASSED[action][0]) if action in _PASSED else [])
        return context_of(service, action, body, params)

    return context


def _roles_in(body: bytes, path: tuple[str, ...]) -> list[str]:
    """Give the role ARNs at a path of the request, through lists on the way."""
    try:
        nodes = [json.loads(body or b'{}')]
    except ValueError:
        return []
    for name in path:
        children = [node.get(name) for node in nodes if isinstance(node, dict)]
        nodes = []
        for child in children:
            nodes += child if isinstance(child, list) else [child]
    return [role for role in nodes if isinstance(role, str) and role]


def _authorizing_roles(enforce: Any) -> Any:
    def enforced(
        access_key: str, action: str, service: str, region: str, *rest: Any, **more: Any
    ) -> Any:
        denied = enforce(access_key, action, service, region, *rest, **more)
        if denied is not None or action not in _PASSED:
            return denied
        for role in _roles.get():
            keys = {'iam:PassedToService': _PASSED[action][1]}
            denied = enforce(
                access_key, 'iam:PassRole', 'iam', region, resource_arn=role, service_context=keys
            )
            if denied is not None:
                _refused.set(role)
                return denied
        return None

    return enforced


def _naming_role(respond: Any) -> Any:
    def responded(service: str, action: str, principal: str, *rest: Any, **more: Any) -> tuple:
        role = _refused.get()
        if not role or action not in _PASSED:
            return respond(service, action, principal, *rest, **more)
        message = iam_actions.identity_denial_message(
            'iam:PassRole', principal, role, bool(more.get('explicit_deny'))
        )
        return respond(service, 'iam:PassRole', principal, *rest, **{**more, 'message': message})

    return responded
