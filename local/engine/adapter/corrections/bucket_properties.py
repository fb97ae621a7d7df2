"""Properties of an S3 bucket in a template take effect and can be read back.

Wrong: tags, encryption, object lock, lifecycle, ownership controls and access logging of an AWS::S3::Bucket are dropped without a
word, so that evidence would not be locked or encrypted. AWS: each of them is a setting of the bucket. They are put here through the
engine's own S3 calls, in the XML that those calls take.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import s3
from ministack.services.cloudformation import provisioners

from adapter.cloudformation import after, tags
from adapter.patching import require, wrap

NAME = 'bucket_properties'
WRONG = 'Tags, encryption, object lock, lifecycle, ownership and logging of a bucket in a template are dropped silently.'
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


def _apply(name: str, p: dict, _old: dict) -> None:
    s3._bucket_tags.pop(name, None)
    if tags(p):
        s3._bucket_tags[name] = tags(p)
    if (p.get('VersioningConfiguration') or {}).get('Status') == 'Suspended':
        s3._bucket_versioning[name] = 'Suspended'
    _encrypt(name, p.get('BucketEncryption'))
    _lock(name, p)
    rules = (p.get('LifecycleConfiguration') or {}).get('Rules') or []
    _put(
        s3._put_bucket_lifecycle if rules else s3._delete_bucket_lifecycle,
        name,
        'LifecycleConfiguration',
        {'Rule': [_rule(r) for r in rules]},
    )
    if p.get('OwnershipControls'):
        _put(
            s3._put_bucket_ownership_controls,
            name,
            'OwnershipControls',
            {'Rule': p['OwnershipControls']['Rules']},
        )
    _log(name, p.get('LoggingConfiguration'))


def _put(function: Any, name: str, root: str, content: dict) -> None:
    deleting = function.__name__.startswith('_delete')
    status, _headers, body = (
        function(name) if deleting else function(name, _xml(root, content).encode())
    )
    if status >= 400:
        raise ValueError(f'AWS::S3::Bucket {name}: {root}: {body!r}')


def _xml(tag: str, value: Any) -> str:
    if isinstance(value, dict):
        return f'<{tag}>{"".join(_xml(key, one) for key, one in value.items() if one is not None)}</{tag}>'
    if isinstance(value, list):
        return ''.join(_xml(tag, one) for one in value)
    return f'<{tag}>{str(value).lower() if isinstance(value, bool) else escape(str(value))}</{tag}>'


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


def _lock(name: str, p: dict) -> None:
    lock = p.get('ObjectLockConfiguration') or {}
    if not (lock or str(p.get('ObjectLockEnabled', False)).lower() == 'true'):
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
    """A lifecycle rule of CloudFormation as one of the S3 API."""
    noncurrent = rule.get('NoncurrentVersionExpiration') or {
        'NoncurrentDays': rule.get('NoncurrentVersionExpirationInDays')
    }
    older = (
        rule.get('NoncurrentVersionTransitions') or [rule['NoncurrentVersionTransition']]
        if _older(rule)
        else []
    )
    newer = rule.get('Transitions') or ([rule['Transition']] if rule.get('Transition') else [])
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
                'Days': t.get('TransitionInDays'),
                'Date': t.get('TransitionDate'),
                'StorageClass': t['StorageClass'],
            }
            for t in newer
        ],
        'NoncurrentVersionTransition': [_older_transition(t) for t in older],
        'Expiration': expiration
        if any(value is not None for value in expiration.values())
        else None,
        'NoncurrentVersionExpiration': noncurrent if noncurrent.get('NoncurrentDays') else None,
        'AbortIncompleteMultipartUpload': rule.get('AbortIncompleteMultipartUpload'),
    }


def _older(rule: dict) -> bool:
    return bool(rule.get('NoncurrentVersionTransitions') or rule.get('NoncurrentVersionTransition'))


def _older_transition(one: dict) -> dict:
    days = one.get('TransitionInDays', one.get('NoncurrentDays'))
    return {
        'NoncurrentDays': days,
        'NewerNoncurrentVersions': one.get('NewerNoncurrentVersions'),
        'StorageClass': one['StorageClass'],
    }


def _filter(rule: dict) -> dict:
    parts: dict = {'Prefix': rule.get('Prefix'), 'Tag': rule.get('TagFilters') or None}
    parts.update({key: rule.get(key) for key in ('ObjectSizeGreaterThan', 'ObjectSizeLessThan')})
    given = {key: value for key, value in parts.items() if value is not None}
    if len(given) > 1 or len(given.get('Tag', [])) > 1:
        return {'And': given}
    return given or {'Prefix': ''}


def _deleting(delete: Any) -> Any:
    def delete_with_settings(physical_id: str, properties: dict) -> None:
        delete(physical_id, properties)
        for settings in (s3._bucket_object_lock, s3._bucket_logging_config):
            settings.pop(physical_id, None)

    return delete_with_settings
