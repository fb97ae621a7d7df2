"""LookupEvents over the management events of this run: one filter, a time range, pages of at most 50, newest first."""

from __future__ import annotations

import itertools
from typing import Iterator

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


def _resources(record: dict) -> list[dict]:
    """What the ResourceName and ResourceType filters search."""
    named = {
        **(record.get('requestParameters') or {}),
        **((record.get('responseElements') or {}).get('accessKey') or {}),
    }
    found = [
        {'ResourceType': kind, 'ResourceName': named[key]}
        for key, kind in _NAMES.items()
        if isinstance(named.get(key), str)
    ]
    return found + [
        {'ResourceType': one['type'], 'ResourceName': one['ARN']}
        for one in record.get('resources', [])
    ]


def event(record: dict, username: str) -> dict:
    """What LookupEvents says of a record beside its text and its time."""
    return {
        'EventId': record['eventID'],
        'EventName': record['eventName'],
        'ReadOnly': str(record['readOnly']).lower(),
        'AccessKeyId': record['userIdentity'].get('accessKeyId', ''),
        'EventSource': record['eventSource'],
        'Username': username,
        'Resources': _resources(record),
    }


def lookup(body: dict) -> tuple:
    """The API call; answers in the engine's shape."""
    attributes = body.get('LookupAttributes') or []
    if len(attributes) > 1:
        return cloudtrail._err(
            'InvalidLookupAttributesException', 'You can specify only one lookup attribute.'
        )
    limit = body.get('MaxResults', _PAGE)
    if not isinstance(limit, int) or not 1 <= limit <= _PAGE:
        return cloudtrail._err(
            'InvalidMaxResultsException',
            f'A max results value of {limit} is invalid. Specify max results between 1 and 50.',
        )
    token = body.get('NextToken')
    if token and not token.isdecimal():
        return cloudtrail._err('InvalidNextTokenException', 'Invalid next token.')
    sought = (attributes[0]['AttributeKey'], attributes[0]['AttributeValue']) if attributes else ()
    # One more than is given tells whether there is another page.
    found = list(itertools.islice(_in_range(trail.management(*sought), body), limit + 1))
    more = {'NextToken': str(found[limit - 1].number)} if len(found) > limit else {}
    return cloudtrail._ok({'Events': [_told(kept) for kept in found[:limit]], **more})


def _told(kept: trail.Kept) -> dict:
    return {**kept.event, 'EventTime': int(kept.at), 'CloudTrailEvent': kept.text}


def _in_range(newest_first: Iterator[trail.Kept], body: dict) -> Iterator[trail.Kept]:
    """Those of the time range, after the last one given: a token is its number, so that new events do not shift the pages."""
    start, end, last = body.get('StartTime'), body.get('EndTime'), body.get('NextToken')
    for kept in newest_first:
        at = int(kept.at)
        if start is not None and at < int(float(start)):
            return
        if (end is None or at <= float(end)) and (not last or kept.number < int(last)):
            yield kept
