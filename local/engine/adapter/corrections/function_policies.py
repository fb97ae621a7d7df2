"""A function has one resource policy that is written as a whole and may deny.

Wrong: the engine knows neither PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy nor
AWS::Lambda::ResourcePolicy, and AddPermission writes no Deny. A call with a qualifier is authorised
as a call of the function without one.
AWS: the policy is written as a whole, its statements name API actions and conditions, and a Deny in
it refuses the call. A qualified call is about the ARN with the qualifier.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import error_response_json, json_response, new_uuid
from ministack.services import lambda_svc

from adapter.cloudformation import Created, add
from adapter.patching import call, require, wrap

NAME = 'function_policies'
WRONG = (
    'A function takes no resource policy as a whole, so no policy of a function can deny a call; '
    'the qualifier of a call is not part of the resource that is judged.'
)
AWS = (
    'AWS Lambda API Reference: PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy; '
    'AWS Lambda Developer Guide: Working with resource-based policies in Lambda; '
    'AWS CloudFormation Template Reference: AWS::Lambda::ResourcePolicy'
)

_PATH = '/2026-07-09/resource-policy/'
_ACTIONS = {
    'PUT': 'PutResourcePolicy',
    'GET': 'GetResourcePolicy',
    'DELETE': 'DeleteResourcePolicy',
}
_LONGEST = 20 * 1024


def install() -> None:
    require(lambda_svc, '_functions', '_resolve_request_scoped_name', 'function_policy_for_arn')
    require(iam_evaluator, 'validate_policy_document')
    wrap(iam_actions, '_lambda_action', _named)
    wrap(iam_actions, 'extract_resource_arn', _qualified)
    wrap(lambda_svc, 'handle_request', _routed)
    lambda_svc.put_resource_policy = put_resource_policy
    lambda_svc.delete_resource_policy = delete_resource_policy
    add('AWS::Lambda::ResourcePolicy', _create, _delete, _update)


def put_resource_policy(arn: str, data: dict) -> tuple:
    """Replace the statements of a function, version or alias."""
    function = _function_of(arn)
    if function is None:
        return _not_found(arn)
    if data.get('RevisionId') and data['RevisionId'] != _revision(function):
        return _stale()
    text = data.get('Policy') or ''
    if len(text.encode()) > _LONGEST:
        return error_response_json('PolicyLengthExceededException', 'The policy is too large.', 400)
    problem = _problem(text)
    if problem:
        return error_response_json('InvalidParameterValueException', problem, 400)
    statements = json.loads(text)['Statement']
    added = statements if isinstance(statements, list) else [statements]
    kept = [] if _is_unqualified(arn) else _of_others(function, arn)
    function['policy'] = {**json.loads(text), 'Statement': [*kept, *added]}
    function['policyRevisionId'] = new_uuid()
    return json_response({'Policy': text, 'RevisionId': function['policyRevisionId']})


def delete_resource_policy(arn: str, revision: str = '') -> tuple:
    """Remove the statements of a function, version or alias."""
    function = _function_of(arn)
    if function is None:
        return _not_found(arn)
    if revision and revision != _revision(function):
        return _stale()
    kept = [] if _is_unqualified(arn) else _of_others(function, arn)
    function['policy'] = {**function['policy'], 'Statement': kept}
    function['policyRevisionId'] = new_uuid()
    return 204, {}, b''


def _get(arn: str) -> tuple:
    function = _function_of(arn)
    if function is None or not function['policy']['Statement']:
        return _not_found(arn)
    return json_response(
        {'Policy': json.dumps(function['policy']), 'RevisionId': _revision(function)}
    )


def _function_of(arn: str) -> dict | None:
    _, separator, reference = arn.partition(':function:')
    name = lambda_svc._resolve_request_scoped_name(reference) if separator else ''
    return lambda_svc._functions.get(name)


def _revision(function: dict) -> str:
    return function.setdefault('policyRevisionId', new_uuid())


def _is_unqualified(arn: str) -> bool:
    return arn.count(':') == 6


def _of_others(function: dict, arn: str) -> list[dict]:
    statements = function['policy']['Statement']
    return [statement for statement in statements if statement.get('Resource') != arn]


def _problem(text: str) -> str | None:
    try:
        document = json.loads(text)
    except ValueError:
        return 'The policy is not valid JSON.'
    if not isinstance(document, dict) or not document.get('Statement'):
        return 'The policy has no statement.'
    return None


def _not_found(arn: str) -> tuple:
    return error_response_json(
        'ResourceNotFoundException', f'No policy is associated with the given resource: {arn}', 404
    )


def _stale() -> tuple:
    return error_response_json(
        'PreconditionFailedException', 'The RevisionId does not match the latest one.', 412
    )


def _named(guess: Any) -> Any:
    def action(method: str, path: str) -> str | None:
        if path.startswith(_PATH):
            return _ACTIONS.get(method)
        return guess(method, path)

    return action


def _qualified(extract: Any) -> Any:
    def extracted(
        service: str,
        method: str,
        path: str,
        headers: dict,
        body: bytes,
        query: dict,
        *scope: str,
    ) -> str:
        if service == 'lambda' and path.startswith(_PATH):
            return unquote(path.removeprefix(_PATH))
        arn = extract(service, method, path, headers, body, query, *scope)
        qualifier = iam_actions._query_param(query, 'Qualifier') if service == 'lambda' else ''
        if qualifier and ':function:' in arn and _is_unqualified(arn):
            return f'{arn}:{qualifier}'
        return arn

    return extracted


def _routed(handle: Any) -> Any:
    async def handled(method: str, path: str, headers: dict, body: bytes, query: dict) -> tuple:
        if not path.startswith(_PATH):
            return await handle(method, path, headers, body, query)
        arn = unquote(path.removeprefix(_PATH))
        if method == 'PUT':
            return put_resource_policy(arn, json.loads(body or b'{}'))
        if method == 'DELETE':
            return delete_resource_policy(arn, iam_actions._query_param(query, 'RevisionId'))
        return _get(arn)

    return handled


def _create(_logical_id: str, properties: dict, _stack: str) -> Created:
    document = properties['PolicyDocument']
    text = document if isinstance(document, str) else json.dumps(document)
    call(put_resource_policy, properties['ResourceArn'], {'Policy': text})
    return properties['ResourceArn'], {}


def _update(
    _physical_id: str, _old: dict, properties: dict, stack: str, logical_id: str
) -> Created:
    return _create(logical_id, properties, stack)


def _delete(_physical_id: str, properties: dict) -> None:
    if _function_of(properties['ResourceArn']) is not None:
        call(delete_resource_policy, properties['ResourceArn'])
