"""A DynamoDB resolver of AppSync queries by key.

Wrong: the operation Query reads the whole table, whatever its key condition says, and both Query
and Scan ignore filters and pages. A table that does not exist answers null.
AWS: Query and Scan are those of DynamoDB, with their conditions, indexes, limits and pages.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from ministack.services import appsync, dynamodb

from adapter.patching import require, wrap

NAME = 'graphql_queries'
WRONG = 'The operation Query of a DynamoDB resolver of AppSync reads the whole table.'
AWS = 'AWS AppSync Developer Guide: JavaScript resolver function reference for DynamoDB'

_PARTS = {'query': 'KeyConditionExpression', 'filter': 'FilterExpression'}
_COPIED = {
    'index': 'IndexName',
    'limit': 'Limit',
    'scanIndexForward': 'ScanIndexForward',
    'consistentRead': 'ConsistentRead',
    'select': 'Select',
}


def install() -> None:
    require(appsync, '_ddb_plain', '_AppSyncResolverError')
    require(dynamodb, '_query', '_scan', '_tables')
    wrap(appsync, '_ds_dynamodb_in_region', _reading)


def _reading(run: Any) -> Any:
    def ran(api_id: str, data_source: dict, request: Any, ctx: Any) -> Any:
        table = (data_source.get('dynamodbConfig') or {}).get('tableName', '')
        if table not in dynamodb._tables:
            raise appsync._AppSyncResolverError(
                f'The table {table} does not exist.', 'DynamoDB:ResourceNotFoundException'
            )
        operation = request.get('operation') if isinstance(request, dict) else None
        if operation not in ('Query', 'Scan'):
            return run(api_id, data_source, request, ctx)
        return _read(dynamodb._query if operation == 'Query' else dynamodb._scan, table, request)

    return ran


def _read(function: Any, table: str, request: dict) -> dict:
    call: dict = {'TableName': table}
    names: dict = {}
    values: dict = {}
    for part, expression in _PARTS.items():
        given = request.get(part) or {}
        if given.get('expression'):
            call[expression] = given['expression']
            names.update(given.get('expressionNames') or {})
            values.update(given.get('expressionValues') or {})
    if names:
        call['ExpressionAttributeNames'] = names
    if values:
        call['ExpressionAttributeValues'] = values
    call.update(
        {name: request[key] for key, name in _COPIED.items() if request.get(key) is not None}
    )
    if request.get('nextToken'):
        call['ExclusiveStartKey'] = json.loads(base64.b64decode(request['nextToken']))
    status, _headers, body = function(call)
    answer = json.loads(body)
    if status >= 400:
        kind = str(answer.get('__type', 'Error')).rsplit('#', 1)[-1]
        raise appsync._AppSyncResolverError(answer.get('message', kind), f'DynamoDB:{kind}')
    last = answer.get('LastEvaluatedKey')
    return {
        'items': [appsync._ddb_plain(item) for item in answer.get('Items', [])],
        'nextToken': base64.b64encode(json.dumps(last).encode()).decode() if last else None,
        'scannedCount': answer.get('ScannedCount', 0),
    }
