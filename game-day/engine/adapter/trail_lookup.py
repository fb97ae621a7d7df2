"""LookupEvents over the management events of this run: one filter, a time range, pages of at most 50, newest first."""

from __future__ import annotations

import base64
import json
from typing import Any

from ministack.services import cloudtrail

from adapter import trail

_PAGE = 50
_NAMES = {
    'roleName': 'AWS::IAM::Role',
    'userName': 'AWS::IAM::User',
    'policyArn': 'AWS::IAM::Policy',
    'accessKeyId': 'AWS::IAM::AccessKey',
    'functionName': 'AWS::Lambda::Function',
    'bucketName': 'AWS::S3::Bucket',
    'tableName': 'AWS::DynamoDB::Table',
    'keyId': 'AWS::KMS::Key',
    'topicArn': 'AWS::SNS::Topic',
    'queueUrl': 'AWS::SQS::Queue',
    'secretId': 'AWS::SecretsManager::Secret',
    'stateMachineArn': 'AWS::StepFunctions::StateMachine',
    'roleArn': 'AWS::IAM::Role',
    'trailName': 'AWS::CloudTrail::Trail',
}


def resources(record: dict) -> list[dict]:
    """What the ResourceName and ResourceType filters search."""
    named = {**(record.get('requestParameters') or {}), **((record.get('responseElements') or {}).get('accessKey') or {})}
    found = [{'ResourceType': kind, 'ResourceName': named[key]} for key, kind in _NAMES.items() if isinstance(named.get(key), str)]
    return found + [{'ResourceType': one['type'], 'ResourceName': one['ARN']} for one in record.get('resources', [])]


def lookup(body: dict) -> tuple:
    """The API call; answers in the engine's shape."""
    attributes = body.get('LookupAttributes') or []
    if len(attributes) > 1:
        return cloudtrail._err('InvalidLookupAttributesException', 'You can specify only one lookup attribute.')
    limit = body.get('MaxResults', _PAGE)
    if not isinstance(limit, int) or not 1 <= limit <= _PAGE:
        return cloudtrail._err(
            'InvalidMaxResultsException', f'A max results value of {limit} is invalid. Specify max results between 1 and 50.'
        )
    found = [kept for kept in trail.management() if _wanted(kept, attributes, body)]
    start = _offset(body.get('NextToken'), found)
    if start is None:
        return cloudtrail._err('InvalidNextTokenException', 'Invalid next token.')
    page = found[start : start + limit]
    more = {'NextToken': _token(page[-1])} if start + limit < len(found) else {}
    return cloudtrail._ok({'Events': [_event(kept) for kept in page], **more})


def _searched(kept: dict) -> dict:
    """What the filters search."""
    record = kept['record']
    return {
        'EventId': record['eventID'],
        'EventName': record['eventName'],
        'ReadOnly': str(record['readOnly']).lower(),
        'AccessKeyId': record['userIdentity'].get('accessKeyId', ''),
        'EventSource': record['eventSource'],
        'Username': kept['username'],
    }


def _event(kept: dict) -> dict:
    more = {'EventTime': int(kept['at']), 'Resources': kept['resources'], 'CloudTrailEvent': json.dumps(kept['record'])}
    return {**_searched(kept), **more}


def _wanted(kept: dict, attributes: list, body: dict) -> bool:
    start, end, at = body.get('StartTime'), body.get('EndTime'), int(kept['at'])
    if (start is not None and at < int(float(start))) or (end is not None and at > float(end)):
        return False
    return all(_matches(kept, one['AttributeKey'], one['AttributeValue']) for one in attributes)


def _matches(kept: dict, key: str, value: str) -> bool:
    if key in ('ResourceName', 'ResourceType'):
        return any(one[key] == value for one in kept['resources'])
    return _searched(kept).get(key) == value


def _token(kept: dict) -> str:
    return base64.urlsafe_b64encode(kept['record']['eventID'].encode()).decode()


def _offset(token: Any, found: list[dict]) -> int | None:
    """Where the next page begins. A token names the last event given, so that new events do not shift the pages."""
    if not token:
        return 0
    return next((index + 1 for index, kept in enumerate(found) if _token(kept) == token), None)
