"""Which events a trail records: its advanced event selectors, or its basic ones, or management events when it has none."""

from __future__ import annotations

from typing import Any

_SERVICES = {
    's3.amazonaws.com': 'AWS::S3::Object',
    'dynamodb.amazonaws.com': 'AWS::DynamoDB::Table',
    'lambda.amazonaws.com': 'AWS::Lambda::Function',
    'sqs.amazonaws.com': 'AWS::SQS::Queue',
    'sns.amazonaws.com': 'AWS::SNS::Topic',
}
_TESTS = {
    'Equals': lambda value, wanted: value in wanted,
    'StartsWith': lambda value, wanted: value.startswith(tuple(wanted)),
    'EndsWith': lambda value, wanted: value.endswith(tuple(wanted)),
    'NotEquals': lambda value, wanted: value not in wanted,
    'NotStartsWith': lambda value, wanted: not value.startswith(tuple(wanted)),
    'NotEndsWith': lambda value, wanted: not value.endswith(tuple(wanted)),
}


def selects(selectors: list[dict] | None, record: dict) -> bool:
    """Whether a trail with these selectors writes this record."""
    if not selectors:
        return record['managementEvent']
    return any((_advanced if 'FieldSelectors' in one else _basic)(one, record) for one in selectors)


def _advanced(selector: dict, record: dict) -> bool:
    return all(
        any(
            all(test(value, one[name]) for name, test in _TESTS.items() if one.get(name))
            for value in _values(one['Field'], record)
        )
        for one in selector['FieldSelectors']
    )


def _values(field: str, record: dict) -> list[str]:
    if field == 'resources.type':
        return [_SERVICES.get(record['eventSource'], '')]
    if field == 'resources.ARN':
        return [one['ARN'] for one in record.get('resources', [])] or ['']
    if field == 'readOnly':
        return [str(record['readOnly']).lower()]
    return [str(record.get(field, ''))]


def _basic(selector: dict, record: dict) -> bool:
    wanted = selector.get('ReadWriteType', 'All')
    if wanted != 'All' and (wanted == 'ReadOnly') != record['readOnly']:
        return False
    if record['managementEvent']:
        return _true(selector.get('IncludeManagementEvents', True))
    return any(_named(one, record) for one in selector.get('DataResources') or [])


def _named(resource: dict, record: dict) -> bool:
    if _SERVICES.get(record['eventSource']) != resource['Type']:
        return False
    return any(
        one['ARN'].startswith(tuple(resource.get('Values') or ()))
        for one in record.get('resources', [])
    )


def _true(value: Any) -> bool:
    return str(value).lower() == 'true'
