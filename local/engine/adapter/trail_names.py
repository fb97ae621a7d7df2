"""How CloudTrail names a request: event source and event name.

It also tells whether a call is a management or a data event, and whether it only reads.
"""

from __future__ import annotations

import re

from ministack.core import iam_actions

_SOURCES = {'cloudwatch': 'monitoring'}
_S3_LEVEL = {1: 'Bucket', 2: 'Object'}
_S3_NOUNS = {
    'acl': 'Acl',
    'tagging': 'Tagging',
    'policy': 'Policy',
    'policyStatus': 'PolicyStatus',
    'versioning': 'Versioning',
    'encryption': 'Encryption',
    'lifecycle': 'Lifecycle',
    'cors': 'Cors',
    'website': 'Website',
    'logging': 'Logging',
    'notification': 'Notification',
    'replication': 'Replication',
    'location': 'Location',
    'requestPayment': 'RequestPayment',
    'publicAccessBlock': 'PublicAccessBlock',
    'ownershipControls': 'OwnershipControls',
    'object-lock': 'ObjectLockConfiguration',
    'retention': 'Retention',
    'legal-hold': 'LegalHold',
    'attributes': 'Attributes',
}
_S3_PLAIN = {
    ('GET', 0): 'ListBuckets',
    ('PUT', 1): 'CreateBucket',
    ('DELETE', 1): 'DeleteBucket',
    ('HEAD', 1): 'HeadBucket',
    ('GET', 1): 'ListObjects',
    ('POST', 1): 'PostObject',
    ('PUT', 2): 'PutObject',
    ('GET', 2): 'GetObject',
    ('DELETE', 2): 'DeleteObject',
    ('HEAD', 2): 'HeadObject',
}
_S3_UPLOADS = {
    'PUT': 'UploadPart',
    'POST': 'CompleteMultipartUpload',
    'DELETE': 'AbortMultipartUpload',
    'GET': 'ListParts',
}
_LAMBDA_V2 = frozenset(
    {
        'AddPermission',
        'RemovePermission',
        'GetPolicy',
        'GetFunction',
        'GetFunctionConfiguration',
        'UpdateFunctionCode',
        'UpdateFunctionConfiguration',
        'TagResource',
        'UntagResource',
    }
)
_LAMBDA_DATED = ('2015-03-31', '2017-03-31', '2017-10-31', '2018-10-31')
_DATA = {
    'dynamodb': frozenset(
        {
            'PutItem',
            'GetItem',
            'UpdateItem',
            'DeleteItem',
            'Query',
            'Scan',
            'BatchGetItem',
            'BatchWriteItem',
            'TransactGetItems',
            'TransactWriteItems',
            'ExecuteStatement',
            'BatchExecuteStatement',
            'ExecuteTransaction',
        }
    ),
    'lambda': frozenset({'Invoke'}),
    'sns': frozenset({'Publish', 'PublishBatch'}),
    'sqs': frozenset(
        {
            'SendMessage',
            'SendMessageBatch',
            'ReceiveMessage',
            'DeleteMessage',
            'DeleteMessageBatch',
            'ChangeMessageVisibility',
            'ChangeMessageVisibilityBatch',
        }
    ),
    'monitoring': frozenset(
        {'PutMetricData', 'GetMetricData', 'GetMetricStatistics', 'ListMetrics'}
    ),
    'logs': frozenset({'PutLogEvents'}),
    'events': frozenset({'PutEvents'}),
}
_S3_BUCKET_DATA = frozenset(
    {'ListObjects', 'ListObjectVersions', 'HeadBucket', 'PostObject', 'DeleteObjects'}
)
_READS = (
    'Get',
    'List',
    'Describe',
    'Head',
    'Lookup',
    'BatchGet',
    'Query',
    'Scan',
    'TransactGet',
    'Receive',
    'Simulate',
    'Test',
    'Verify',
)
_READS_WHOLE = frozenset(
    {
        'Decrypt',
        'Encrypt',
        'Sign',
        'GenerateDataKey',
        'GenerateMac',
        'ReEncrypt',
        'AssumeRole',
        'FilterLogEvents',
    }
)


def name_of(
    service: str, method: str, path: str, headers: dict, body: bytes, params: dict
) -> tuple[str, str] | None:
    """Give event source (without domain) and event name, or None when it is no API call."""
    action = iam_actions.extract_iam_action(service, method, path, headers, body, params)
    if service == 's3':
        return 's3', _s3_name(method, path, params, headers)
    if action is None:
        return None
    namespace, name = action.split(':', 1)
    if service == 'lambda':
        name = _lambda_name('Invoke' if name == 'InvokeFunction' else name, path)
    return _SOURCES.get(namespace, namespace), name


def is_data(source: str, name: str, path: str) -> bool:
    if source == 's3':
        return name in _S3_BUCKET_DATA or len([part for part in path.split('/') if part]) > 1
    return name in _DATA.get(source, ())


def only_reads(name: str) -> bool:
    return name.startswith(_READS) or re.sub(r'\d{8}(v\d)?$', '', name) in _READS_WHOLE


def _s3_name(method: str, path: str, params: dict, headers: dict) -> str:
    depth = min(len([part for part in path.split('/') if part]), 2)
    verb = {'GET': 'Get', 'HEAD': 'Get', 'PUT': 'Put', 'DELETE': 'Delete', 'POST': 'Post'}.get(
        method, method.title()
    )
    if depth == 1 and 'delete' in params:
        return 'DeleteObjects'
    if depth == 1 and 'versions' in params:
        return 'ListObjectVersions'
    if 'uploads' in params:
        return 'CreateMultipartUpload' if method == 'POST' else 'ListMultipartUploads'
    if depth == 2 and 'uploadId' in params:
        return _S3_UPLOADS.get(method, 'UploadPart')
    for key, noun in _S3_NOUNS.items():
        if depth and key in params:
            return f'{verb}{_S3_LEVEL[depth]}{noun}'
    if method == 'PUT' and depth == 2 and 'x-amz-copy-source' in headers:
        return 'CopyObject'
    return _S3_PLAIN.get((method, depth), f'{verb}{_S3_LEVEL.get(depth, "Service")}')


def _lambda_name(name: str, path: str) -> str:
    date = path.strip('/').split('/', 1)[0]
    if name == 'Invoke' or date not in _LAMBDA_DATED:
        return name
    return f'{name}{date.replace("-", "")}{"v2" if name in _LAMBDA_V2 else ""}'
