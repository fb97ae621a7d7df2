"""Which events a trail records.

The advanced event selectors of the trail decide, or its basic selectors; a trail without selectors
records management events.
"""

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
    'Equals': lambda text, wanted: text in wanted,
    'StartsWith': lambda text, wanted: text.startswith(tuple(wanted)),
    'EndsWith': lambda text, wanted: text.endswith(tuple(wanted)),
    'NotEquals': lambda text, wanted: text not in wanted,
    'NotStartsWith': lambda text, wanted: not text.startswith(tuple(wanted)),
    'NotEndsWith': lambda text, wanted: not text.endswith(tuple(wanted)),
}


def selects(selectors: list[dict] | None, record: dict) -> bool:
    """Whether a trail with these selectors writes this record."""
    if not selectors:
        return record['managementEvent']
    return any(
        (_matches_advanced if 'FieldSelectors' in selector else _matches_basic)(selector, record)
        for selector in selectors
    )


def _matches_advanced(selector: dict, record: dict) -> bool:
    return all(
        any(_matches_field(field, text) for text in _texts(field['Field'], record))
        for field in selector['FieldSelectors']
    )


def _matches_field(field: dict, text: str) -> bool:
    return all(test(text, field[name]) for name, test in _TESTS.items() if field.get(name))


def _texts(field: str, record: dict) -> list[str]:
    if field == 'resources.type':
        return [_SERVICES.get(record['eventSource'], '')]
    if field == 'resources.ARN':
        return [resource['ARN'] for resource in record.get('resources', [])] or ['']
    if field == 'readOnly':
        return [str(record['readOnly']).lower()]
    if field == 'userIdentity.arn':
        return [str(record.get('userIdentity', {}).get('arn', ''))]
    return [str(record.get(field, ''))]


def _matches_basic(selector: dict, record: dict) -> bool:
    wanted = selector.get('ReadWriteType', 'All')
    if wanted != 'All' and (wanted == 'ReadOnly') != record['readOnly']:
        return False
    if record['managementEvent']:
        return _is_true(selector.get('IncludeManagementEvents', True))
    return any(
        _matches_resource(selected, record) for selected in selector.get('DataResources') or []
    )


def _matches_resource(selected: dict, record: dict) -> bool:
    if _SERVICES.get(record['eventSource']) != selected['Type']:
        return False
    prefixes = tuple(selected.get('Values') or ())
    return any(resource['ARN'].startswith(prefixes) for resource in record.get('resources', []))


def _is_true(setting: Any) -> bool:
    return str(setting).lower() == 'true'
