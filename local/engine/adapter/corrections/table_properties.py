"""Properties of a DynamoDB table in a template take effect and can be read back.

Wrong: the engine silently drops time to live, point-in-time recovery, encryption with a key and the
table class.
AWS: each of these is a setting of the table.
The correction applies them through the DynamoDB calls of the engine.
"""

from __future__ import annotations

from ministack.services import dynamodb

from adapter.cloudformation import after
from adapter.patching import call, require

NAME = 'table_properties'
WRONG = (
    'Time to live, point-in-time recovery, encryption and class of a table in a template '
    'are dropped silently.'
)
AWS = 'AWS CloudFormation Template Reference: AWS::DynamoDB::Table'


def install() -> None:
    require(dynamodb, '_update_ttl', '_update_continuous_backups', '_update_table')
    after('AWS::DynamoDB::Table', _apply)


def _apply(name: str, properties: dict, old: dict) -> None:
    changed = {key for key in {*properties, *old} if properties.get(key) != old.get(key)}
    if 'TimeToLiveSpecification' in changed:
        call(
            dynamodb._update_ttl,
            {'TableName': name, 'TimeToLiveSpecification': _time_to_live(properties, old)},
        )
    if 'PointInTimeRecoverySpecification' in changed:
        recovery = properties.get('PointInTimeRecoverySpecification') or {
            'PointInTimeRecoveryEnabled': False
        }
        enabled = {
            'PointInTimeRecoveryEnabled': _is_true(recovery.get('PointInTimeRecoveryEnabled'))
        }
        call(
            dynamodb._update_continuous_backups,
            {'TableName': name, 'PointInTimeRecoverySpecification': enabled},
        )
    if 'SSESpecification' in changed:
        sse = properties.get('SSESpecification') or {'SSEEnabled': False}
        settings = {
            **{key: sse[key] for key in ('SSEType', 'KMSMasterKeyId') if key in sse},
            'Enabled': _is_true(sse.get('SSEEnabled')),
        }
        call(dynamodb._update_table, {'TableName': name, 'SSESpecification': settings})
    if 'TableClass' in changed:
        call(
            dynamodb._update_table,
            {'TableName': name, 'TableClass': properties.get('TableClass', 'STANDARD')},
        )


def _time_to_live(properties: dict, old: dict) -> dict:
    wanted = properties.get('TimeToLiveSpecification') or {
        **old['TimeToLiveSpecification'],
        'Enabled': False,
    }
    return {
        'AttributeName': wanted.get('AttributeName', ''),
        'Enabled': _is_true(wanted.get('Enabled')),
    }


def _is_true(setting: object) -> bool:
    return str(setting).lower() == 'true'
