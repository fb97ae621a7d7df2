"""One CloudTrail record, as AWS writes it, from one request and its answer."""

from __future__ import annotations

import json
import re
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, new_uuid
from ministack.services import iam, sts

from adapter import trail_names, trail_parameters
from adapter.patching import utc

_DENIED = ('AccessDenied', 'UnauthorizedOperation', 'Client.UnauthorizedOperation', 'NotAuthorized')
_XML_ERROR = re.compile(r'<Code>([^<]+)</Code>.*?<Message>([^<]*)</Message>', re.S)


def build(request: dict, answer: tuple, at: float) -> dict | None:
    """The record, or None for a request that is no API call. `request`: service, method, path, headers, body, query, params, …"""
    named = trail_names.name_of(
        *(request[key] for key in ('service', 'method', 'path', 'headers', 'body', 'params'))
    )
    if named is None:
        return None
    (source, name), (status, headers, body) = named, answer
    data, reads = trail_names.is_data(source, name, request['path']), trail_names.only_reads(name)
    parameters = trail_parameters.of_request(
        *(request[key] for key in ('service', 'path', 'headers', 'body', 'query'))
    )
    tells = source == 'sts' or (source == 'iam' and not reads)
    record = {
        'eventVersion': '1.11',
        'userIdentity': _identity(request['access_key']),
        'eventTime': utc(at),
        'eventSource': f'{source}.amazonaws.com',
        'eventName': name,
        'awsRegion': request['region'],
        'sourceIPAddress': iam_evaluator._request_origin.get()[0],
        'userAgent': request['headers'].get('user-agent', ''),
        **(_error(status, headers, body) if status >= 400 else {}),
        'requestParameters': parameters,
        'responseElements': trail_parameters.of_answer(body) if status < 400 and tells else None,
        'requestID': request['request_id'],
        'eventID': new_uuid(),
        'readOnly': reads,
        'resources': _resources(source, name, parameters or {}, request['region']),
        'eventType': 'AwsApiCall',
        'managementEvent': not data,
        'recipientAccountId': get_account_id(),
        'eventCategory': 'Data' if data else 'Management',
    }
    return {key: value for key, value in record.items() if key != 'resources' or value}


def username(identity: dict) -> str:
    """What LookupEvents calls the user: a role session goes by the session's name."""
    return identity.get('userName') or (
        'root' if identity['type'] == 'Root' else identity.get('arn', '').rsplit('/', 1)[-1]
    )


def _identity(access_key: str) -> dict:
    caller = iam_evaluator.resolve_caller_identity(access_key or 'test')
    if caller is None:
        return {
            'type': 'AWSAccount',
            'principalId': '',
            'accountId': 'anonymous',
            'accessKeyId': access_key,
        }
    arn, account = caller['userArn'], caller['accountId']
    known = {
        'principalId': caller['userId'],
        'arn': arn,
        'accountId': account,
        'accessKeyId': access_key or 'test',
    }
    if ':assumed-role/' in arn:
        return {'type': 'AssumedRole', **known, 'sessionContext': _session(arn, account, caller)}
    if ':user/' in arn:
        return {'type': 'IAMUser', **known, 'userName': arn.rsplit('/', 1)[-1]}
    return {'type': 'Root', **known}


def _session(arn: str, account: str, caller: dict) -> dict:
    name = arn.split('/')[1]
    role = iam._roles.get_scoped(account, None, name) or {}
    issued = (sts._sessions.get(caller['accessKey']) or {}).get('IssuedAt')
    return {
        'sessionIssuer': {
            'type': 'Role',
            'principalId': role.get('RoleId') or caller['userId'].split(':')[0],
            'arn': role.get('Arn') or f'arn:aws:iam::{account}:role/{name}',
            'accountId': account,
            'userName': name,
        },
        'attributes': {'creationDate': utc(issued), 'mfaAuthenticated': 'false'},
    }


def _error(status: int, headers: dict, body: Any) -> dict:
    text = (
        body.decode('utf-8', 'replace') if isinstance(body, (bytes, bytearray)) else str(body or '')
    )
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    found = _XML_ERROR.search(text)
    code = (
        headers.get('x-amzn-errortype')
        or told.get('__type')
        or told.get('Code')
        or (found.group(1) if found else str(status))
    )
    code = code.rpartition('#')[2].split(':')[0]
    message = told.get('message') or told.get('Message') or (found.group(2) if found else '')
    denied = code.startswith(_DENIED) or (status == 403 and code == '403')
    return {'errorCode': 'AccessDenied' if denied else code, 'errorMessage': message[:1024]}


def _resources(source: str, name: str, parameters: dict, region: str) -> list[dict]:
    account = get_account_id()

    def one(kind: str, arn: str) -> dict:
        return {'accountId': account, 'type': kind, 'ARN': arn}

    if source == 's3' and parameters.get('bucketName'):
        bucket = f'arn:aws:s3:::{parameters["bucketName"]}'
        key = parameters.get('key')
        return [
            *([{'type': 'AWS::S3::Object', 'ARN': f'{bucket}/{key}'}] if key else []),
            one('AWS::S3::Bucket', bucket),
        ]
    if source == 'dynamodb' and parameters.get('tableName'):
        return [
            one(
                'AWS::DynamoDB::Table',
                _arn('dynamodb', region, account, f'table/{parameters["tableName"]}'),
            )
        ]
    if source == 'lambda' and name == 'Invoke' and parameters.get('functionName'):
        return [
            one(
                'AWS::Lambda::Function',
                _arn('lambda', region, account, f'function:{parameters["functionName"]}'),
            )
        ]
    if source == 'sts' and isinstance(parameters.get('roleArn'), str):
        return [one('AWS::IAM::Role', parameters['roleArn'])]
    if source == 'kms' and parameters.get('keyId'):
        return [one('AWS::KMS::Key', _arn('kms', region, account, f'key/{parameters["keyId"]}'))]
    return []


def _arn(service: str, region: str, account: str, rest: str) -> str:
    named = rest.partition('/' if '/' in rest else ':')[2]
    return named if named.startswith('arn:') else f'arn:aws:{service}:{region}:{account}:{rest}'
