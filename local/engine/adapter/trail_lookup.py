"""LookupEvents over the management events of this run.

It takes a single attribute and a time range, and gives pages of at most 50 events, the newest at
the top.
"""

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
    """List the resources that the attributes ResourceName and ResourceType look up."""
    named = {
        **(record.get('requestParameters') or {}),
        **((record.get('responseElements') or {}).get('accessKey') or {}),
    }
    by_parameter = [
        {'ResourceType': kind, 'ResourceName': named[key]}
        for key, kind in _NAMES.items()
        if isinstance(named.get(key), str)
    ]
    return by_parameter + [
        {'ResourceType': resource['type'], 'ResourceName': resource['ARN']}
        for resource in record.get('resources', [])
    ]


def event(record: dict, username: str) -> dict:
    """Give the members of an answer of LookupEvents beside the text and time of the record."""
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
    """Answer a call of LookupEvents in the shape that the engine expects."""
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
    term = (attributes[0]['AttributeKey'], attributes[0]['AttributeValue']) if attributes else ()
    # A record beyond the page tells that there is another page.
    records = list(itertools.islice(_in_range(trail.management(*term), body), limit + 1))
    page = records[:limit]
    token = {'NextToken': str(page[-1].number)} if len(records) > limit else {}
    return cloudtrail._ok({'Events': [_described(stored) for stored in page], **token})


def _described(stored: trail.StoredRecord) -> dict:
    return {**stored.event, 'EventTime': int(stored.at), 'CloudTrailEvent': stored.text}


def _in_range(
    newest_first: Iterator[trail.StoredRecord], body: dict
) -> Iterator[trail.StoredRecord]:
    """Give the records of the time range that follow the previous page.

    The token is the number of the last record of that page, so new records do not shift pages.
    """
    start, end, token = body.get('StartTime'), body.get('EndTime'), body.get('NextToken')
    for stored in newest_first:
        at = int(stored.at)
        if start is not None and at < int(float(start)):
            return
        if (end is None or at <= float(end)) and (not token or stored.number < int(token)):
            yield stored
