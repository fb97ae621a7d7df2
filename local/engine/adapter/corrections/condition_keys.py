"""Condition keys that the engine does not know, or resolves differently from AWS.

Wrong: `iam:PolicyARN`, `iam:PermissionsBoundary`, `lambda:SourceFunctionArn`, `lambda:FunctionArn`,
`lambda:FunctionUrlAuthType`, `events:source`, `events:detail-type` and `s3:if-none-match` are
absent, so an Allow that names them never allows and a Deny never denies. `aws:PrincipalArn` is the
ARN of the STS session, and `aws:userid` of a function begins with the name of its role.
AWS: the services document their keys. `aws:PrincipalArn` of a role session is the ARN of the IAM
role with its path, and `aws:userid` is the unique id of the role and the name of the session.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.services import iam, lambda_svc, sts

from adapter.patching import require, wrap

NAME = 'condition_keys'
WRONG = (
    'iam:PolicyARN, iam:PermissionsBoundary, lambda:SourceFunctionArn, lambda:FunctionArn, '
    'lambda:FunctionUrlAuthType, events:source, events:detail-type and s3:if-none-match '
    'are absent; '
    'aws:PrincipalArn is the ARN of the session; '
    'aws:userid of a function begins with the name of its role.'
)
AWS = (
    'Service Authorization Reference: IAM and AWS Lambda; '
    'AWS IAM User Guide: AWS global condition context keys; '
    'AWS Lambda Developer Guide: Working with Lambda execution environment credentials'
)

_MAPPING = ':event-source-mapping:'


def install() -> None:
    require(iam, '_roles', '_users')
    require(lambda_svc, '_esms')
    require(sts, '_sessions')
    wrap(lambda_runtime, 'execution_credentials', _mark_function_session)
    wrap(iam_evaluator, '_principal_keys', _with_function)
    wrap(iam_evaluator, '_resolve_condition_key', _with_role_arn)
    wrap(iam_actions, 'request_tag_context', _with_request_keys)
    wrap(iam_actions, '_s3_object_context', _with_write_condition)
    wrap(iam_evaluator, 'enforce', _with_mapped_function)


def role_of(session_arn: str) -> dict:
    """Give the role of `arn:aws:sts::<account>:assumed-role/<name>/<session>`, or an empty dict."""
    name = iam_evaluator._role_name_from_assumed_arn(session_arn)
    return iam._roles.get_scoped(session_arn.split(':')[4], None, name) or {}


def _mark_function_session(credentials: Any) -> Any:
    def marked(config: dict) -> dict:
        keys = credentials(config)
        session = sts._sessions.get(keys['AWS_ACCESS_KEY_ID'])
        if session is not None:
            session['LambdaFunctionArn'] = config.get('FunctionArn', '')
            role = role_of(session['Arn'])
            if role.get('RoleId'):
                session['UserId'] = f'{role["RoleId"]}:{session["Arn"].rsplit("/", 1)[-1]}'
        return keys

    return marked


def _with_function(principal_keys: Any) -> Any:
    def keys(credential: Any) -> dict:
        keys_of_principal = principal_keys(credential)
        function = (sts._sessions.get(credential.access_key_id) or {}).get('LambdaFunctionArn')
        source = {'lambda:sourcefunctionarn': function} if function else {}
        return {**keys_of_principal, **source}

    return keys


def _with_role_arn(resolve: Any) -> Any:
    def resolved(key: str, ctx: Any) -> Any:
        value = resolve(key, ctx)
        if (
            key.lower() == 'aws:principalarn'
            and isinstance(value, str)
            and ':assumed-role/' in value
        ):
            return role_of(value).get('Arn') or value
        return value

    return resolved


def _with_request_keys(context_of: Any) -> Any:
    def context(service: str, action: str, body: bytes, params: dict) -> dict:
        keys = context_of(service, action, body, params)
        if service == 'iam':
            return {**keys, **_iam_keys(action, params)}
        if action == 'events:PutEvents':
            return {**keys, **_event_keys(body)}
        if action in ('lambda:CreateFunctionUrlConfig', 'lambda:UpdateFunctionUrlConfig'):
            auth = iam_actions._safe_json_field(body, 'AuthType')
            return {**keys, 'lambda:FunctionUrlAuthType': auth} if auth else keys
        if action == 'lambda:CreateEventSourceMapping':
            return {**keys, **_function_arn(iam_actions._safe_json_field(body, 'FunctionName'))}
        return keys

    return context


def _with_write_condition(context_of: Any) -> Any:
    def context(action: str, query_params: dict, path: str, headers: dict) -> dict:
        keys = context_of(action, query_params, path, headers)
        condition = headers.get('if-none-match')
        return (
            {**keys, 's3:if-none-match': condition}
            if action == 's3:PutObject' and condition
            else keys
        )

    return context


def _iam_keys(action: str, params: dict) -> dict:
    def param(name: str) -> str:
        return iam_actions._query_param(params, name)

    keys = {}
    if action.startswith(('iam:Attach', 'iam:Detach')) and param('PolicyArn'):
        keys['iam:PolicyARN'] = param('PolicyArn')
    entity = iam._roles.get(param('RoleName')) or iam._users.get(param('UserName')) or {}
    boundary = param('PermissionsBoundary') or entity.get('PermissionsBoundary')
    if boundary:
        keys['iam:PermissionsBoundary'] = boundary
    return keys


def _event_keys(body: bytes) -> dict:
    try:
        entries = [
            entry for entry in json.loads(body).get('Entries') or [] if isinstance(entry, dict)
        ]
    except (ValueError, AttributeError):
        return {}
    members = {'events:source': 'Source', 'events:detail-type': 'DetailType'}
    return {
        key: [str(entry[member]) for entry in entries if entry.get(member)]
        for key, member in members.items()
    }


def _function_arn(reference: str) -> dict:
    if not reference:
        return {}
    _function, config, _name = lambda_svc._get_func_record_for_ref(reference)
    return {'lambda:FunctionArn': config['FunctionArn']} if config else {}


def _with_mapped_function(enforce: Any) -> Any:
    def enforced(
        access_key: str,
        action: str,
        service: str,
        region: str,
        resource_arn: str = '*',
        service_context: Any = None,
    ) -> Any:
        if service == 'lambda' and _MAPPING in resource_arn:
            mapping = lambda_svc._esms.get(resource_arn.rsplit(':', 1)[-1]) or {}
            service_context = {
                **(service_context or {}),
                **_function_arn(mapping.get('FunctionArn', '')),
            }
        return enforce(access_key, action, service, region, resource_arn, service_context)

    return enforced
