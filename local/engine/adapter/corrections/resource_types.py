"""CloudFormation types that the engine refuses and Cordon's templates need.

Wrong: CreateStack refuses the whole template (`Unrecognized resource types`). AWS: all of them exist. Those with a service in the
engine are made through that service and can be read back; those without one are accepted, remembered and told at
`GET /_cordon/not-emulated`.
"""

from __future__ import annotations

import json

from ministack.core.responses import get_account_id, get_region
from ministack.services import athena, cloudtrail, cloudwatch, eventbridge, waf

from adapter.cloudformation import Created, add, named, remember, tags
from adapter.corrections import bus_policies
from adapter.patching import call, require

NAME = 'resource_types'
WRONG = (
    'CreateStack refuses GuardDuty detectors, CloudTrail trails, Athena named queries, event bus policies and archives, '
    'composite alarms, saved log queries and WAF associations and logging.'
)
AWS = 'AWS CloudFormation Template Reference: each type'


def install() -> None:
    require(athena, '_create_named_query', '_delete_named_query')
    require(
        cloudtrail,
        '_create_trail',
        '_update_trail',
        '_delete_trail',
        '_start_logging',
        '_stop_logging',
        '_put_event_selectors',
    )
    require(
        eventbridge, '_create_archive', '_update_archive', '_delete_archive', '_event_bus_policies'
    )
    require(cloudwatch, '_put_composite_alarm', '_composite_alarms')
    require(waf, '_associate_web_acl', '_disassociate_web_acl')
    add(
        'AWS::Athena::NamedQuery',
        _query,
        lambda pid, _p: call(athena._delete_named_query, {'NamedQueryId': pid}),
    )
    add(
        'AWS::CloudTrail::Trail',
        _trail,
        lambda pid, _p: call(cloudtrail._delete_trail, {'Name': pid}),
        _trail_update,
    )
    add(
        'AWS::Events::Archive',
        _archive,
        lambda pid, _p: call(eventbridge._delete_archive, {'ArchiveName': pid}),
    )
    add('AWS::Events::EventBusPolicy', _bus_policy, _bus_policy_delete)
    add(
        'AWS::CloudWatch::CompositeAlarm',
        _alarm,
        lambda pid, _p: cloudwatch._composite_alarms.pop(pid, None),
        _alarm_update,
    )
    add(
        'AWS::WAFv2::WebACLAssociation',
        _association,
        lambda _pid, p: call(waf._disassociate_web_acl, {'ResourceArn': p['ResourceArn']}),
    )
    remember('AWS::WAFv2::LoggingConfiguration')
    remember('AWS::GuardDuty::Detector')
    remember('AWS::Logs::QueryDefinition', lambda pid: {'QueryDefinitionId': pid})


def _query(logical_id: str, p: dict, stack: str) -> Created:
    made = call(
        athena._create_named_query, {**p, 'Name': p.get('Name') or named(stack, logical_id)}
    )
    return made['NamedQueryId'], {'NamedQueryId': made['NamedQueryId']}


def _trail_body(name: str, p: dict) -> dict:
    body = {
        key: p[key]
        for key in (
            'S3BucketName',
            'S3KeyPrefix',
            'IsMultiRegionTrail',
            'IncludeGlobalServiceEvents',
            'SnsTopicName',
        )
        if key in p
    }
    logs = {
        'CloudWatchLogsLogGroupArn': 'CloudWatchLogsLogGroupArn',
        'CloudWatchLogsRoleArn': 'CloudWatchLogsRoleArn',
    }
    renamed = {'EnableLogFileValidation': 'EnableLogFileValidation', 'KMSKeyId': 'KmsKeyId', **logs}
    return {
        'Name': name,
        **body,
        **{theirs: p[ours] for ours, theirs in renamed.items() if ours in p},
    }


def _trail(logical_id: str, p: dict, stack: str) -> Created:
    name = p.get('TrailName') or named(stack, logical_id)
    call(cloudtrail._create_trail, _trail_body(name, p))
    return _trail_update(name, {}, p, stack, logical_id)


def _trail_update(name: str, _old: dict, p: dict, _stack: str, _logical_id: str) -> Created:
    arn = call(cloudtrail._update_trail, _trail_body(name, p))['TrailARN']
    call(
        cloudtrail._start_logging if p.get('IsLogging') else cloudtrail._stop_logging,
        {'Name': name},
    )
    selectors = {key: p[key] for key in ('EventSelectors', 'AdvancedEventSelectors') if p.get(key)}
    if selectors:
        call(cloudtrail._put_event_selectors, {'TrailName': name, **selectors})
    if p.get('Tags'):
        call(
            cloudtrail._add_tags,
            {
                'ResourceId': arn,
                'TagsList': [{'Key': key, 'Value': value} for key, value in tags(p).items()],
            },
        )
    return name, {'Arn': arn, 'SnsTopicArn': ''}


def _archive(logical_id: str, p: dict, stack: str) -> Created:
    name, pattern = p.get('ArchiveName') or named(stack, logical_id, 48), p.get('EventPattern', '')
    body = {
        'ArchiveName': name,
        'EventSourceArn': p['SourceArn'],
        'Description': p.get('Description', ''),
        'EventPattern': pattern if isinstance(pattern, str) else json.dumps(pattern),
        'RetentionDays': int(p.get('RetentionDays', 0)),
    }
    return name, {'Arn': call(eventbridge._create_archive, body)['ArchiveArn'], 'ArchiveName': name}


def _bus_policy(_logical_id: str, p: dict, _stack: str) -> Created:
    bus = p.get('EventBusName') or 'default'
    if bus not in eventbridge._event_buses and bus != 'default':
        raise ValueError(f'AWS::Events::EventBusPolicy: event bus {bus} does not exist')
    statement = p.get('Statement') or {
        'Effect': 'Allow',
        'Principal': p['Principal']
        if p['Principal'] == '*'
        else {'AWS': f'arn:aws:iam::{p["Principal"]}:root'},
        'Action': p.get('Action', 'events:PutEvents'),
        'Resource': f'arn:aws:events:{get_region()}:{get_account_id()}:event-bus/{bus}',
    }
    if isinstance(statement, str):
        statement = json.loads(statement)
    bus_policies.put_statements(bus, [{**statement, 'Sid': p['StatementId']}])
    return f'{bus}|{p["StatementId"]}', {}


def _bus_policy_delete(_physical_id: str, p: dict) -> None:
    call(
        eventbridge._remove_permission,
        {'EventBusName': p.get('EventBusName') or 'default', 'StatementId': p['StatementId']},
    )


def _alarm(logical_id: str, p: dict, stack: str) -> Created:
    return _alarm_update(p.get('AlarmName') or named(stack, logical_id), {}, p, stack, logical_id)


def _alarm_update(name: str, _old: dict, p: dict, _stack: str, _logical_id: str) -> Created:
    status, _headers, body = cloudwatch._put_composite_alarm(
        {}, {**p, 'AlarmName': name}, False, True
    )
    if status >= 400:
        raise ValueError(f'AWS::CloudWatch::CompositeAlarm: {body!r}')
    return name, {'Arn': f'arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}'}


def _association(_logical_id: str, p: dict, _stack: str) -> Created:
    call(waf._associate_web_acl, {'WebACLArn': p['WebACLArn'], 'ResourceArn': p['ResourceArn']})
    return f'{p["WebACLArn"]}|{p["ResourceArn"]}', {}
