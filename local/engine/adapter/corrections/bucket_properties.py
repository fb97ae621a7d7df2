"""Properties of an S3 bucket in a template take effect and can be read back.

Wrong: the engine silently drops tags, encryption, object lock, lifecycle, ownership controls and
access logging of an AWS::S3::Bucket, so evidence would be neither locked nor encrypted.
AWS: each of these properties is a setting of the bucket.
The correction puts them through the S3 calls of the engine, in the XML that those calls take.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import s3
from ministack.services.cloudformation import provisioners

from adapter.cloudformation import after, tags
from adapter.patching import require, wrap

NAME = 'bucket_properties'
WRONG = (
    'Tags, encryption, object lock, lifecycle, ownership and logging of a bucket in a template '
    'are dropped silently.'
)
AWS = 'AWS CloudFormation Template Reference: AWS::S3::Bucket'


def install() -> None:
    require(
        s3,
        '_bucket_tags',
        '_bucket_versioning',
        '_bucket_object_lock',
        '_bucket_logging_config',
        '_put_bucket_encryption',
    )
    require(
        s3,
        '_put_bucket_lifecycle',
        '_put_object_lock_configuration',
        '_put_bucket_ownership_controls',
        '_put_bucket_logging',
    )
    after('AWS::S3::Bucket', _apply)
    wrap(provisioners, '_s3_delete', _deleting)
    provisioners._RESOURCE_HANDLERS['AWS::S3::Bucket']['delete'] = provisioners._s3_delete


def _apply(name: str, properties: dict, _old: dict) -> None:
    s3._bucket_tags.pop(name, None)
    if tags(properties):
        s3._bucket_tags[name] = tags(properties)
    if (properties.get('VersioningConfiguration') or {}).get('Status') == 'Suspended':
        s3._bucket_versioning[name] = 'Suspended'
    _encrypt(name, properties.get('BucketEncryption'))
    _lock(name, properties)
    rules = (properties.get('LifecycleConfiguration') or {}).get('Rules') or []
    _put(
        s3._put_bucket_lifecycle if rules else s3._delete_bucket_lifecycle,
        name,
        'LifecycleConfiguration',
        {'Rule': [_rule(r) for r in rules]},
    )
    if properties.get('OwnershipControls'):
        _put(
            s3._put_bucket_ownership_controls,
            name,
            'OwnershipControls',
            {'Rule': properties['OwnershipControls']['Rules']},
        )
    _log(name, properties.get('LoggingConfiguration'))


def _put(function: Any, name: str, root: str, content: dict) -> None:
    is_delete = function.__name__.startswith('_delete')
    arguments = () if is_delete else (_xml(root, content).encode(),)
    status, _headers, body = function(name, *arguments)
    if status >= 400:
        raise ValueError(f'AWS::S3::Bucket {name}: {root}: {body!r}')


def _xml(tag: str, content: Any) -> str:
    if isinstance(content, list):
        return ''.join(_xml(tag, element) for element in content)
    if isinstance(content, dict):
        children = (_xml(key, child) for key, child in content.items() if child is not None)
        return f'<{tag}>{"".join(children)}</{tag}>'
    text = str(content).lower() if isinstance(content, bool) else escape(str(content))
    return f'<{tag}>{text}</{tag}>'


def _encrypt(name: str, encryption: dict | None) -> None:
    if not encryption:
        s3._bucket_encryption.pop(name, None)
        return
    rules = []
    for rule in encryption['ServerSideEncryptionConfiguration']:
        default = rule['ServerSideEncryptionByDefault']
        if default['SSEAlgorithm'] != 'AES256' and not default.get('KMSMasterKeyID'):
            raise ValueError(
                f'AWS::S3::Bucket {name}: the local engine has no aws/s3 key: name a KMS key'
            )
        enabled = str(rule.get('BucketKeyEnabled', False)).lower()
        rules.append({'ApplyServerSideEncryptionByDefault': default, 'BucketKeyEnabled': enabled})
    _put(s3._put_bucket_encryption, name, 'ServerSideEncryptionConfiguration', {'Rule': rules})


def _lock(name: str, properties: dict) -> None:
    lock = properties.get('ObjectLockConfiguration') or {}
    if not (lock or str(properties.get('ObjectLockEnabled', False)).lower() == 'true'):
        return
    s3._bucket_versioning[name] = 'Enabled'
    if name not in s3._bucket_object_lock:
        s3._bucket_object_lock[name] = {'enabled': True, 'default_retention': None}
    if lock.get('Rule'):
        _put(
            s3._put_object_lock_configuration,
            name,
            'ObjectLockConfiguration',
            {'ObjectLockEnabled': 'Enabled', 'Rule': lock['Rule']},
        )


def _log(name: str, logging: dict | None) -> None:
    if not logging:
        s3._bucket_logging_config.pop(name, None)
        return
    enabled = {
        'TargetBucket': logging.get('DestinationBucketName') or name,
        'TargetPrefix': logging.get('LogFilePrefix', ''),
    }
    _put(s3._put_bucket_logging, name, 'BucketLoggingStatus', {'LoggingEnabled': enabled})


def _rule(rule: dict) -> dict:
    """Translate a lifecycle rule of CloudFormation into a rule of the S3 API."""
    noncurrent = rule.get('NoncurrentVersionExpiration') or {
        'NoncurrentDays': rule.get('NoncurrentVersionExpirationInDays')
    }
    transitions = _list_of(rule, 'Transition')
    noncurrent_transitions = _list_of(rule, 'NoncurrentVersionTransition')
    expiration = {
        'Days': rule.get('ExpirationInDays'),
        'Date': rule.get('ExpirationDate'),
        'ExpiredObjectDeleteMarker': rule.get('ExpiredObjectDeleteMarker'),
    }
    return {
        'ID': rule.get('Id'),
        'Filter': _filter(rule),
        'Status': rule['Status'],
        'Transition': [
            {
                'Days': transition.get('TransitionInDays'),
                'Date': transition.get('TransitionDate'),
                'StorageClass': transition['StorageClass'],
            }
            for transition in transitions
        ],
        'NoncurrentVersionTransition': [
            _noncurrent_transition(transition) for transition in noncurrent_transitions
        ],
        'Expiration': expiration if set(expiration.values()) != {None} else None,
        'NoncurrentVersionExpiration': noncurrent if noncurrent.get('NoncurrentDays') else None,
        'AbortIncompleteMultipartUpload': rule.get('AbortIncompleteMultipartUpload'),
    }


def _list_of(rule: dict, name: str) -> list[dict]:
    """Give the list property `<name>s`, or the single property `name` as a list."""
    return rule.get(f'{name}s') or ([rule[name]] if rule.get(name) else [])


def _noncurrent_transition(transition: dict) -> dict:
    return {
        'NoncurrentDays': transition.get('TransitionInDays', transition.get('NoncurrentDays')),
        'NewerNoncurrentVersions': transition.get('NewerNoncurrentVersions'),
        'StorageClass': transition['StorageClass'],
    }


def _filter(rule: dict) -> dict:
    parts: dict = {'Prefix': rule.get('Prefix'), 'Tag': rule.get('TagFilters') or None}
    parts.update({key: rule.get(key) for key in ('ObjectSizeGreaterThan', 'ObjectSizeLessThan')})
    filters = {key: part for key, part in parts.items() if part is not None}
    if len(filters) > 1 or len(filters.get('Tag', [])) > 1:
        return {'And': filters}
    return filters or {'Prefix': ''}


def _deleting(delete: Any) -> Any:
    def delete_with_settings(physical_id: str, properties: dict) -> None:
        delete(physical_id, properties)
        for settings in (s3._bucket_object_lock, s3._bucket_logging_config):
            settings.pop(physical_id, None)

    return delete_with_settings
