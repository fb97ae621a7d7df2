"""Properties of functions and event source mappings in a template take effect and can be read back.

Wrong: the engine drops ReservedConcurrentExecutions, KmsKeyArn and DeadLetterConfig of a function.
It enables a mapping with `Enabled: false` and drops its tags. It stores an event-invoke
configuration without a qualifier where retries do not look it up.
AWS: each of these is a setting, and a configuration without a qualifier is that of `$LATEST`.
An update changes only what the template changed, so a function that a responder paused stays
paused.
"""

from __future__ import annotations

from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc

from adapter.cloudformation import after, tags
from adapter.patching import require, wrap

NAME = 'function_properties'
WRONG = (
    'ReservedConcurrentExecutions, KmsKeyArn and DeadLetterConfig of a function are dropped; '
    'a mapping with Enabled: false is enabled; MaximumRetryAttempts of an event-invoke '
    'configuration without a qualifier has no effect.'
)
AWS = (
    'AWS CloudFormation Template Reference: AWS::Lambda::Function, EventSourceMapping, '
    'EventInvokeConfig'
)

_SETTINGS = {'KmsKeyArn': 'KMSKeyArn', 'DeadLetterConfig': 'DeadLetterConfig'}


def install() -> None:
    require(lambda_svc, '_functions', '_esms', '_tag_resource')
    after('AWS::Lambda::Function', _function)
    after('AWS::Lambda::EventSourceMapping', _mapping)
    for name in (
        '_get_event_invoke_config',
        '_put_event_invoke_config',
        '_delete_event_invoke_config',
    ):
        wrap(lambda_svc, name, _of_latest)


def _function(name: str, properties: dict, old: dict) -> None:
    function = lambda_svc._functions[name]
    for key, setting in _SETTINGS.items():
        if properties.get(key) != old.get(key):
            empty: Any = '' if setting == 'KMSKeyArn' else {}
            function['config'][setting] = properties.get(key) or empty
    if properties.get('ReservedConcurrentExecutions') != old.get('ReservedConcurrentExecutions'):
        reserved = properties.get('ReservedConcurrentExecutions')
        function['concurrency'] = None if reserved is None else int(reserved)


def _mapping(mapping_id: str, properties: dict, _old: dict) -> None:
    mapping = lambda_svc._esms[mapping_id]
    enabled = str(properties.get('Enabled', True)).lower() == 'true'
    mapping.update(Enabled=enabled, State='Enabled' if enabled else 'Disabled')
    if tags(properties):
        lambda_svc._tag_resource(
            f'arn:aws:lambda:{get_region()}:{get_account_id()}:event-source-mapping:{mapping_id}',
            {'Tags': tags(properties)},
        )


def _of_latest(function: Any) -> Any:
    def called(name: str, qualifier: str | None = None, *more: Any) -> tuple:
        return function(name, qualifier or '$LATEST', *more)

    return called
