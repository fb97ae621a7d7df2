"""The resource policy of a DynamoDB table is asked, and a template may set it.

Wrong: the policy is stored and never asked. ResourcePolicy of AWS::DynamoDB::Table is dropped. A
PartiQL statement, an export, a restore and a change of the policy name no table, so that no policy
about the table applies to them.
AWS: the policy of the table also covers its indexes. A Deny in it refuses the call. A PartiQL
statement is authorised on its table as PartiQLSelect, PartiQLInsert, PartiQLUpdate or
PartiQLDelete.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb

from adapter.cloudformation import after
from adapter.patching import call, require, wrap

NAME = 'table_policies'
WRONG = (
    'The resource policy of a DynamoDB table is stored and never asked; PartiQL statements, '
    'exports, restores and changes of the policy are not authorised on their table.'
)
AWS = (
    'Amazon DynamoDB Developer Guide: Using resource-based policies for DynamoDB; DynamoDB API '
    'operations supported by resource-based policies; Using IAM security policies with PartiQL '
    'for DynamoDB; AWS CloudFormation Template Reference: AWS::DynamoDB::Table'
)

_ARN_MEMBERS = ('TableArn', 'SourceTableArn', 'ResourceArn', 'SourceTableName')
_STATEMENT_LISTS = {
    'BatchExecuteStatement': 'Statements',
    'ExecuteTransaction': 'TransactStatements',
}
_TABLE = re.compile(
    r'^\s*(select\b.*?\bfrom|insert\s+into|update|delete\s+from)\s+["\']?([\w.:/-]+)["\']?',
    re.IGNORECASE | re.DOTALL,
)


def install() -> None:
    require(dynamodb, '_resource_policies', '_put_resource_policy', '_delete_resource_policy')
    require(iam_actions, '_dynamodb_table_arn')
    dynamodb.table_policy_for_arn = table_policy_for_arn
    iam_evaluator._RESOURCE_POLICY_LOOKUPS['dynamodb'] = ('dynamodb', 'table_policy_for_arn')
    wrap(iam_actions, 'dynamodb_resource_arns', _with_other_members)
    wrap(iam_actions, 'dynamodb_transaction_checks', _with_statements)
    after('AWS::DynamoDB::Table', _apply)


def table_policy_for_arn(arn: str) -> tuple[str, str] | None:
    """Give policy and owner of a table, also for the ARN of one of its indexes."""
    table = re.sub(r'/(index|stream|export|backup)/.*$', '', arn)
    entry = dynamodb._resource_policies.get(table)
    return (entry['Policy'], table.split(':')[4]) if entry else None


def _with_other_members(arns_of: Any) -> Any:
    def arns(body: bytes, region: str, account: str) -> list[str]:
        named = arns_of(body, region, account)
        if named:
            return named
        data = _parsed(body)
        tables = [data[name] for name in _ARN_MEMBERS if isinstance(data.get(name), str)]
        return [iam_actions._dynamodb_table_arn(table, region, account) for table in tables[:1]]

    return arns


def _with_statements(checks_of: Any) -> Any:
    def checks(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
        statements = _statements(action.removeprefix('dynamodb:'), _parsed(body))
        if not statements:
            return checks_of(action, body, region, account)
        return [_check(statement, region, account) for statement in statements]

    return checks


def _statements(operation: str, data: dict) -> list[str]:
    if operation == 'ExecuteStatement':
        return [str(data.get('Statement'))]
    entries = data.get(_STATEMENT_LISTS.get(operation, '')) or []
    return [str(entry.get('Statement')) for entry in entries if isinstance(entry, dict)]


def _check(statement: str, region: str, account: str) -> tuple[str, str]:
    match = _TABLE.match(statement)
    if match is None:
        return 'dynamodb:PartiQLSelect', '*'
    verb = match.group(1).split()[0].capitalize()
    return f'dynamodb:PartiQL{verb}', iam_actions._dynamodb_table_arn(
        match.group(2), region, account
    )


def _parsed(body: bytes) -> dict:
    try:
        data = json.loads(body or b'{}')
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _apply(name: str, properties: dict, old: dict) -> None:
    policy = properties.get('ResourcePolicy')
    if policy == old.get('ResourcePolicy'):
        return
    arn = dynamodb._tables[name]['TableArn']
    if policy is None:
        call(dynamodb._delete_resource_policy, {'ResourceArn': arn})
        return
    text = json.dumps(policy['PolicyDocument'])
    call(dynamodb._put_resource_policy, {'ResourceArn': arn, 'Policy': text})
