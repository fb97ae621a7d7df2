"""Properties of roles, topics, buses and state machines in a template that the engine drops without a word.

Wrong: the permissions boundary of a role, the key and tracing of a topic, the key, dead-letter queue and policy of a bus, and logging
and tracing of a state machine are dropped, and a substitution `true` becomes `True`. AWS: each of them is a setting that can be read
back. A key or a log destination that is only read back here has no effect: nothing is encrypted or logged by it.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import eventbridge, iam, sns, stepfunctions
from ministack.services.cloudformation import provisioners

from adapter.cloudformation import after
from adapter.patching import call, require, wrap

NAME = 'silent_properties'
WRONG = (
    'The permissions boundary of a role, the key of a topic or bus, the dead-letter queue of a bus, and logging and tracing of a '
    'state machine in a template are dropped silently.'
)
AWS = 'AWS CloudFormation Template Reference: AWS::IAM::Role, AWS::SNS::Topic, AWS::Events::EventBus, AWS::StepFunctions::StateMachine'

_TOPIC = (
    'KmsMasterKeyId',
    'TracingConfig',
    'SignatureVersion',
    'FifoTopic',
    'ContentBasedDeduplication',
)
_BUS = ('KmsKeyIdentifier', 'DeadLetterConfig', 'LogConfig')


def install() -> None:
    require(iam, '_roles')
    require(sns, '_topics')
    require(eventbridge, '_event_buses', '_put_permission')
    require(stepfunctions, '_state_machines')
    after('AWS::IAM::Role', _role)
    after('AWS::SNS::Topic', _topic)
    after('AWS::Events::EventBus', _bus)
    after('AWS::StepFunctions::StateMachine', _machine)
    wrap(provisioners, '_sfn_definition', _with_json_substitutions)
    wrap(stepfunctions, '_describe_state_machine', _with_tracing)


def _role(name: str, p: dict, old: dict) -> None:
    if p.get('PermissionsBoundary') != old.get('PermissionsBoundary'):
        iam._roles[name]['PermissionsBoundary'] = p.get('PermissionsBoundary') or None


def _topic(arn: str, p: dict, old: dict) -> None:
    attributes = sns._topics[arn]['attributes']
    for name in _TOPIC:
        if name in p:
            attributes[name] = str(p[name]).lower() if isinstance(p[name], bool) else str(p[name])
        elif name in old:
            attributes.pop(name, None)


def _bus(name: str, p: dict, old: dict) -> None:
    bus = eventbridge._event_buses[name]
    for key in _BUS:
        if key in p:
            bus[key] = p[key]
        elif key in old:
            bus.pop(key, None)
    if p.get('Policy'):
        policy = p['Policy'] if isinstance(p['Policy'], str) else json.dumps(p['Policy'])
        call(eventbridge._put_permission, {'EventBusName': name, 'Policy': policy})


def _machine(arn: str, p: dict, _old: dict) -> None:
    machine = stepfunctions._state_machines[arn]
    machine['loggingConfiguration'] = _camel(p.get('LoggingConfiguration')) or {
        'level': 'OFF',
        'includeExecutionData': False,
    }
    machine['tracingConfiguration'] = {
        'enabled': str((p.get('TracingConfiguration') or {}).get('Enabled')).lower() == 'true'
    }


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _camel(one) for key, one in value.items()}
    return [_camel(one) for one in value] if isinstance(value, list) else value


def _with_json_substitutions(definition: Any) -> Any:
    def defined(p: dict) -> str:
        given = p.get('DefinitionSubstitutions') or {}
        return definition(
            {
                **p,
                'DefinitionSubstitutions': {
                    key: json.dumps(one) if isinstance(one, bool) else one
                    for key, one in given.items()
                },
            }
        )

    return defined


def _with_tracing(describe: Any) -> Any:
    def described(data: dict) -> tuple:
        status, headers, body = describe(data)
        tracing = (stepfunctions._state_machines.get(data.get('stateMachineArn')) or {}).get(
            'tracingConfiguration'
        )
        if status >= 400 or not tracing:
            return status, headers, body
        return (
            status,
            headers,
            json.dumps({**json.loads(body), 'tracingConfiguration': tracing}).encode(),
        )

    return described
