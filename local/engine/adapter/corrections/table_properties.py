"""Properties of a DynamoDB table in a template take effect and can be read back.

Wrong: time to live, point-in-time recovery, encryption with a key and the table class are dropped without a word. AWS: each of them
is a setting of the table. They are applied through the engine's own DynamoDB calls.
"""

from __future__ import annotations

from ministack.services import dynamodb

from adapter.cloudformation import after
from adapter.patching import call, require

NAME = 'table_properties'
WRONG = 'Time to live, point-in-time recovery, encryption and class of a table in a template are dropped silently.'
AWS = 'AWS CloudFormation Template Reference: AWS::DynamoDB::Table'


def install() -> None:
    require(dynamodb, '_update_ttl', '_update_continuous_backups', '_update_table')
    after('AWS::DynamoDB::Table', _apply)


def _apply(name: str, p: dict, old: dict) -> None:
    changed = {key for key in {*p, *old} if p.get(key) != old.get(key)}
    if 'TimeToLiveSpecification' in changed:
        call(dynamodb._update_ttl, {'TableName': name, 'TimeToLiveSpecification': _live(p, old)})
    if 'PointInTimeRecoverySpecification' in changed:
        recovery = p.get('PointInTimeRecoverySpecification') or {
            'PointInTimeRecoveryEnabled': False
        }
        enabled = {'PointInTimeRecoveryEnabled': _true(recovery.get('PointInTimeRecoveryEnabled'))}
        call(
            dynamodb._update_continuous_backups,
            {'TableName': name, 'PointInTimeRecoverySpecification': enabled},
        )
    if 'SSESpecification' in changed:
        sse = p.get('SSESpecification') or {'SSEEnabled': False}
        settings = {
            **{key: sse[key] for key in ('SSEType', 'KMSMasterKeyId') if key in sse},
            'Enabled': _true(sse.get('SSEEnabled')),
        }
        call(dynamodb._update_table, {'TableName': name, 'SSESpecification': settings})
    if 'TableClass' in changed:
        call(
            dynamodb._update_table,
            {'TableName': name, 'TableClass': p.get('TableClass', 'STANDARD')},
        )


def _live(p: dict, old: dict) -> dict:
    wanted = p.get('TimeToLiveSpecification') or {
        **old['TimeToLiveSpecification'],
        'Enabled': False,
    }
    return {
        'AttributeName': wanted.get('AttributeName', ''),
        'Enabled': _true(wanted.get('Enabled')),
    }


def _true(value: object) -> bool:
    return str(value).lower() == 'true'
