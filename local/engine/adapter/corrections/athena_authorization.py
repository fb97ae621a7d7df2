"""Calls about one query are authorized on the workgroup that it runs in.

Wrong: GetQueryExecution, GetQueryResults and StopQueryExecution name a query and no workgroup, so they are asked about `*`, and a role
that may use one workgroup is denied. AWS: the resource of all three is the workgroup.
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
        found = extract(service, *request)
        if service != 'athena' or found != '*':
            return found
        body, region, account = request[3], request[5], request[6]
        execution = athena._executions.get_scoped(account, region, _query(body))
        return (
            f'arn:aws:athena:{region}:{account}:workgroup/{execution["WorkGroup"]}'
            if execution
            else found
        )

    return extract_with_workgroup


def _query(body: bytes) -> str:
    try:
        return str(json.loads(body or b'{}').get('QueryExecutionId'))
    except (ValueError, AttributeError):
        return ''
