"""CloudFormation types that the engine refuses and that Cordon's templates need.

Wrong: CreateStack refuses the whole template (`Unrecognized resource types`).
AWS: these types exist.
Where the engine has the service, the correction creates the resource through it, and it can be read
back. Other resources are accepted and listed at `GET /_cordon/not-emulated`.
"""

from __future__ import annotations

import json

from ministack.core.responses import get_account_id, get_region
from ministack.services import athena, cloudtrail, cloudwatch, eventbridge, secretsmanager, waf

from adapter.cloudformation import Created, add, named, remember, tags
from adapter.corrections import bus_policies
from adapter.patching import call, require

NAME = 'resource_types'
WRONG = (
    'CreateStack refuses CloudTrail trails, Athena named queries, event bus '
    'policies and archives, composite alarms, policies of secrets, saved log queries and WAF '
    'associations and logging.'
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
    require(secretsmanager, '_put_resource_policy', '_delete_resource_policy')
    require(waf, '_associate_web_acl', '_disassociate_web_acl')
    add(
        'AWS::Athena::NamedQuery',
        _query,
        lambda physical_id, _properties: call(
            athena._delete_named_query, {'NamedQueryId': physical_id}
        ),
    )
    add(
        'AWS::CloudTrail::Trail',
        _trail,
        lambda physical_id, _properties: call(cloudtrail._delete_trail, {'Name': physical_id}),
        _trail_update,
    )
    add(
        'AWS::Events::Archive',
        _archive,
        lambda physical_id, _properties: call(
            eventbridge._delete_archive, {'ArchiveName': physical_id}
        ),
    )
    add('AWS::Events::EventBusPolicy', _bus_policy, _bus_policy_delete)
    add(
        'AWS::CloudWatch::CompositeAlarm',
        _alarm,
        lambda physical_id, _properties: cloudwatch._composite_alarms.pop(physical_id, None),
        _alarm_update,
    )
    add(
        'AWS::WAFv2::WebACLAssociation',
        _association,
        lambda _physical_id, properties: call(
            waf._disassociate_web_acl, {'ResourceArn': properties['ResourceArn']}
        ),
    )
    add(
        'AWS::SecretsManager::ResourcePolicy',
        _secret_policy,
        lambda physical_id, _properties: call(
            secretsmanager._delete_resource_policy, {'SecretId': physical_id}
        ),
    )
    remember('AWS::WAFv2::LoggingConfiguration')
    remember('AWS::Logs::QueryDefinition', lambda physical_id: {'QueryDefinitionId': physical_id})


def _query(logical_id: str, properties: dict, stack: str) -> Created:
    made = call(
        athena._create_named_query,
        {**properties, 'Name': properties.get('Name') or named(stack, logical_id)},
    )
    return made['NamedQueryId'], {'NamedQueryId': made['NamedQueryId']}


def _trail_body(name: str, properties: dict) -> dict:
    body = {
        key: properties[key]
        for key in (
            'S3BucketName',
            'S3KeyPrefix',
            'IsMultiRegionTrail',
            'IncludeGlobalServiceEvents',
            'SnsTopicName',
        )
        if key in properties
    }
    logs = {
        'CloudWatchLogsLogGroupArn': 'CloudWatchLogsLogGroupArn',
        'CloudWatchLogsRoleArn': 'CloudWatchLogsRoleArn',
    }
    renamed = {'EnableLogFileValidation': 'EnableLogFileValidation', 'KMSKeyId': 'KmsKeyId', **logs}
    return {
        'Name': name,
        **body,
        **{member: properties[name] for name, member in renamed.items() if name in properties},
    }


def _trail(logical_id: str, properties: dict, stack: str) -> Created:
    name = properties.get('TrailName') or named(stack, logical_id)
    call(cloudtrail._create_trail, _trail_body(name, properties))
    return _trail_update(name, {}, properties, stack, logical_id)


def _trail_update(
    name: str, _old: dict, properties: dict, _stack: str, _logical_id: str
) -> Created:
    arn = call(cloudtrail._update_trail, _trail_body(name, properties))['TrailARN']
    call(
        cloudtrail._start_logging if properties.get('IsLogging') else cloudtrail._stop_logging,
        {'Name': name},
    )
    selectors = {
        key: properties[key]
        for key in ('EventSelectors', 'AdvancedEventSelectors')
        if properties.get(key)
    }
    if selectors:
        call(cloudtrail._put_event_selectors, {'TrailName': name, **selectors})
    if properties.get('Tags'):
        call(
            cloudtrail._add_tags,
            {
                'ResourceId': arn,
                'TagsList': [{'Key': key, 'Value': text} for key, text in tags(properties).items()],
            },
        )
    return name, {'Arn': arn, 'SnsTopicArn': ''}


def _archive(logical_id: str, properties: dict, stack: str) -> Created:
    name = properties.get('ArchiveName') or named(stack, logical_id, 48)
    pattern = properties.get('EventPattern', '')
    body = {
        'ArchiveName': name,
        'EventSourceArn': properties['SourceArn'],
        'Description': properties.get('Description', ''),
        'EventPattern': pattern if isinstance(pattern, str) else json.dumps(pattern),
        'RetentionDays': int(properties.get('RetentionDays', 0)),
    }
    return name, {'Arn': call(eventbridge._create_archive, body)['ArchiveArn'], 'ArchiveName': name}


def _bus_policy(_logical_id: str, properties: dict, _stack: str) -> Created:
    bus = properties.get('EventBusName') or 'default'
    if bus not in eventbridge._event_buses and bus != 'default':
        raise ValueError(f'AWS::Events::EventBusPolicy: event bus {bus} does not exist')
    statement = properties.get('Statement') or {
        'Effect': 'Allow',
        'Principal': properties['Principal']
        if properties['Principal'] == '*'
        else {'AWS': f'arn:aws:iam::{properties["Principal"]}:root'},
        'Action': properties.get('Action', 'events:PutEvents'),
        'Resource': f'arn:aws:events:{get_region()}:{get_account_id()}:event-bus/{bus}',
    }
    if isinstance(statement, str):
        statement = json.loads(statement)
    bus_policies.put_statements(bus, [{**statement, 'Sid': properties['StatementId']}])
    return f'{bus}|{properties["StatementId"]}', {}


def _bus_policy_delete(_physical_id: str, properties: dict) -> None:
    call(
        eventbridge._remove_permission,
        {
            'EventBusName': properties.get('EventBusName') or 'default',
            'StatementId': properties['StatementId'],
        },
    )


def _secret_policy(_logical_id: str, properties: dict, _stack: str) -> Created:
    policy = json.dumps(properties['ResourcePolicy'])
    body = {'SecretId': properties['SecretId'], 'ResourcePolicy': policy}
    call(secretsmanager._put_resource_policy, body)
    return properties['SecretId'], {'Id': properties['SecretId']}


def _alarm(logical_id: str, properties: dict, stack: str) -> Created:
    return _alarm_update(
        properties.get('AlarmName') or named(stack, logical_id), {}, properties, stack, logical_id
    )


def _alarm_update(
    name: str, _old: dict, properties: dict, _stack: str, _logical_id: str
) -> Created:
    status, _headers, body = cloudwatch._put_composite_alarm(
        {}, {**properties, 'AlarmName': name}, False, True
    )
    if status >= 400:
        raise ValueError(f'AWS::CloudWatch::CompositeAlarm: {body!r}')
    return name, {'Arn': f'arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}'}


def _association(_logical_id: str, properties: dict, _stack: str) -> Created:
    call(
        waf._associate_web_acl,
        {'WebACLArn': properties['WebACLArn'], 'ResourceArn': properties['ResourceArn']},
    )
    return f'{properties["WebACLArn"]}|{properties["ResourceArn"]}', {}
