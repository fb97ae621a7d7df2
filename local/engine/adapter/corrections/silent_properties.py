"""Properties in a template that the engine drops silently: roles, topics, buses, state machines.

Wrong: the engine drops the permissions boundary of a role, the key and tracing of a topic, the key,
dead-letter queue and policy of a bus, and logging and tracing of a state machine. A substitution
`true` becomes `True`.
AWS: each of these is a setting that can be read back.
Here a key or a log destination can only be read back: nothing is encrypted or logged by it.
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
    'The permissions boundary of a role, the key of a topic or bus, the dead-letter queue of a '
    'bus, and logging and tracing of a state machine in a template are dropped silently.'
)
AWS = (
    'AWS CloudFormation Template Reference: AWS::IAM::Role, AWS::SNS::Topic, '
    'AWS::Events::EventBus, AWS::StepFunctions::StateMachine'
)

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


def _role(name: str, properties: dict, old: dict) -> None:
    if properties.get('PermissionsBoundary') != old.get('PermissionsBoundary'):
        iam._roles[name]['PermissionsBoundary'] = properties.get('PermissionsBoundary') or None


def _topic(arn: str, properties: dict, old: dict) -> None:
    attributes = sns._topics[arn]['attributes']
    for name in _TOPIC:
        if name in properties:
            attributes[name] = (
                str(properties[name]).lower()
                if isinstance(properties[name], bool)
                else str(properties[name])
            )
        elif name in old:
            attributes.pop(name, None)


def _bus(name: str, properties: dict, old: dict) -> None:
    bus = eventbridge._event_buses[name]
    for key in _BUS:
        if key in properties:
            bus[key] = properties[key]
        elif key in old:
            bus.pop(key, None)
    if properties.get('Policy'):
        policy = (
            properties['Policy']
            if isinstance(properties['Policy'], str)
            else json.dumps(properties['Policy'])
        )
        call(eventbridge._put_permission, {'EventBusName': name, 'Policy': policy})


def _machine(arn: str, properties: dict, _old: dict) -> None:
    machine = stepfunctions._state_machines[arn]
    machine['loggingConfiguration'] = _camel(properties.get('LoggingConfiguration')) or {
        'level': 'OFF',
        'includeExecutionData': False,
    }
    machine['tracingConfiguration'] = {
        'enabled': str((properties.get('TracingConfiguration') or {}).get('Enabled')).lower()
        == 'true'
    }


def _camel(node: Any) -> Any:
    if isinstance(node, dict):
        return {key[:1].lower() + key[1:]: _camel(child) for key, child in node.items()}
    return [_camel(child) for child in node] if isinstance(node, list) else node


def _with_json_substitutions(definition: Any) -> Any:
    def defined(properties: dict) -> str:
        substitutions = {
            key: json.dumps(text) if isinstance(text, bool) else text
            for key, text in (properties.get('DefinitionSubstitutions') or {}).items()
        }
        return definition({**properties, 'DefinitionSubstitutions': substitutions})

    return defined


def _with_tracing(describe: Any) -> Any:
    def described(data: dict) -> tuple:
        status, headers, body = describe(data)
        machine = stepfunctions._state_machines.get(data.get('stateMachineArn')) or {}
        tracing = machine.get('tracingConfiguration')
        if status >= 400 or not tracing:
            return status, headers, body
        answer = {**json.loads(body), 'tracingConfiguration': tracing}
        return status, headers, json.dumps(answer).encode()

    return described
