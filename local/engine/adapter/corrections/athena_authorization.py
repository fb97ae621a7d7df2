"""Calls about a query are authorized on the workgroup in which it runs.

Wrong: GetQueryExecution, GetQueryResults and StopQueryExecution name a query and no workgroup, so
the engine authorizes them on `*`, and denies a role that may use a single workgroup.
AWS: the resource of these calls is the workgroup.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core import iam_actions
from ministack.services import athena

from adapter.patching import require, wrap

NAME = 'athena_authorization'
WRONG = (
    'Reading a query or its results is authorized on every resource instead of on its workgroup.'
)
AWS = 'Service Authorization Reference: Actions, resources, and condition keys for Amazon Athena'


def install() -> None:
    require(athena, '_executions')
    wrap(iam_actions, 'extract_resource_arn', _with_workgroup)


def _with_workgroup(extract: Any) -> Any:
    def extract_with_workgroup(service: str, *request: Any) -> str:
        arn = extract(service, *request)
        if service != 'athena' or arn != '*':
            return arn
        body, region, account = request[3], request[5], request[6]
        execution = athena._executions.get_scoped(account, region, _query_id(body))
        return (
            f'arn:aws:athena:{region}:{account}:workgroup/{execution["WorkGroup"]}'
            if execution
            else arn
        )

    return extract_with_workgroup


def _query_id(body: bytes) -> str:
    try:
        return str(json.loads(body or b'{}').get('QueryExecutionId'))
    except (ValueError, AttributeError):
        return ''
