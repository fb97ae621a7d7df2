"""Builds the CloudTrail record of a request and its answer, as AWS writes it."""

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
    """Build the record, or give None for a request that is no API call.

    `request` has the keys service, method, path, headers, body, query, params, request_id, region
    and access_key.
    """
    source_and_name = trail_names.name_of(
        *(request[key] for key in ('service', 'method', 'path', 'headers', 'body', 'params'))
    )
    if source_and_name is None:
        return None
    source, name = source_and_name
    status, headers, body = answer
    is_data = trail_names.is_data(source, name, request['path'])
    only_reads = trail_names.only_reads(name)
    parameters = trail_parameters.of_request(
        *(request[key] for key in ('service', 'path', 'headers', 'body', 'query'))
    )
    has_response = status < 400 and (source == 'sts' or (source == 'iam' and not only_reads))
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
        'responseElements': trail_parameters.of_answer(body) if has_response else None,
        'requestID': request['request_id'],
        'eventID': new_uuid(),
        'readOnly': only_reads,
        'resources': _resources(source, name, parameters or {}, request['region']),
        'eventType': 'AwsApiCall',
        'managementEvent': not is_data,
        'recipientAccountId': get_account_id(),
        'eventCategory': 'Data' if is_data else 'Management',
    }
    if not record['resources']:
        del record['resources']
    return record


def username(identity: dict) -> str:
    """Give the user name for LookupEvents; for a role session this is the name of the session."""
    if identity.get('userName'):
        return identity['userName']
    return 'root' if identity['type'] == 'Root' else identity.get('arn', '').rsplit('/', 1)[-1]


def _identity(access_key: str) -> dict:
    caller = iam_evaluator.resolve_caller_identity(access_key)
    if caller is None:
        return {
            'type': 'AWSAccount',
            'principalId': '',
            'accountId': 'anonymous',
            'accessKeyId': access_key,
        }
    arn, account = caller['userArn'], caller['accountId']
    principal = {
        'principalId': caller['userId'],
        'arn': arn,
        'accountId': account,
        'accessKeyId': access_key,
    }
    if ':assumed-role/' in arn:
        return {
            'type': 'AssumedRole',
            **principal,
            'sessionContext': _session(arn, account, caller),
        }
    if ':user/' in arn:
        return {'type': 'IAMUser', **principal, 'userName': arn.rsplit('/', 1)[-1]}
    return {'type': 'Root', **principal}


def _session(arn: str, account: str, caller: dict) -> dict:
    name = arn.split('/')[1]
    role = iam._roles.get_scoped(account, None, name) or {}
    session = sts._sessions.get(caller['accessKey']) or {}
    identity = session.get('SourceIdentity')
    return {
        'sessionIssuer': {
            'type': 'Role',
            'principalId': role.get('RoleId') or caller['userId'].split(':')[0],
            'arn': role.get('Arn') or f'arn:aws:iam::{account}:role/{name}',
            'accountId': account,
            'userName': name,
        },
        'attributes': {'creationDate': utc(session.get('IssuedAt')), 'mfaAuthenticated': 'false'},
        **({'sourceIdentity': identity} if identity else {}),
    }


def _error(status: int, headers: dict, body: Any) -> dict:
    text = (
        body.decode('utf-8', 'replace') if isinstance(body, (bytes, bytearray)) else str(body or '')
    )
    try:
        error = json.loads(text)
    except ValueError:
        error = {}
    xml = _XML_ERROR.search(text)
    code = (
        headers.get('x-amzn-errortype')
        or error.get('__type')
        or error.get('Code')
        or (xml.group(1) if xml else str(status))
    )
    code = code.rpartition('#')[2].split(':')[0]
    message = error.get('message') or error.get('Message') or (xml.group(2) if xml else '')
    is_denied = code.startswith(_DENIED) or (status == 403 and code == '403')
    return {'errorCode': 'AccessDenied' if is_denied else code, 'errorMessage': message[:1024]}


def _resources(source: str, name: str, parameters: dict, region: str) -> list[dict]:
    account = get_account_id()

    def resource(kind: str, arn: str) -> dict:
        return {'accountId': account, 'type': kind, 'ARN': arn}

    if source == 's3' and parameters.get('bucketName'):
        bucket = f'arn:aws:s3:::{parameters["bucketName"]}'
        key = parameters.get('key')
        return [
            *([{'type': 'AWS::S3::Object', 'ARN': f'{bucket}/{key}'}] if key else []),
            resource('AWS::S3::Bucket', bucket),
        ]
    if source == 'dynamodb' and parameters.get('tableName'):
        return [
            resource(
                'AWS::DynamoDB::Table',
                _arn('dynamodb', region, account, f'table/{parameters["tableName"]}'),
            )
        ]
    if source == 'lambda' and name == 'Invoke' and parameters.get('functionName'):
        return [
            resource(
                'AWS::Lambda::Function',
                _arn('lambda', region, account, f'function:{parameters["functionName"]}'),
            )
        ]
    if source == 'sts' and isinstance(parameters.get('roleArn'), str):
        return [resource('AWS::IAM::Role', parameters['roleArn'])]
    if source == 'kms' and parameters.get('keyId'):
        return [
            resource('AWS::KMS::Key', _arn('kms', region, account, f'key/{parameters["keyId"]}'))
        ]
    return []


def _arn(service: str, region: str, account: str, rest: str) -> str:
    named = rest.partition('/' if '/' in rest else ':')[2]
    return named if named.startswith('arn:') else f'arn:aws:{service}:{region}:{account}:{rest}'
