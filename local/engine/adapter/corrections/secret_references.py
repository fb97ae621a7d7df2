"""`Ref` of a secret in a template is its ARN.

Wrong: it is the name. The CDK's grantRead writes the Ref into the policy, so a function may not
read its own secret.
AWS: Ref returns the ARN.
"""

from __future__ import annotations

from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

from adapter.patching import CorrectionError, require

NAME = 'secret_references'
WRONG = 'Ref of a secret is its name, so that a grant by Ref grants nothing.'
AWS = 'AWS CloudFormation Template Reference: AWS::SecretsManager::Secret, return values'

_TYPE = 'AWS::SecretsManager::Secret'


def install() -> None:
    require(secretsmanager, '_secrets')
    handler = provisioners._RESOURCE_HANDLERS.get(_TYPE)
    if handler is None or 'update' not in handler:
        raise CorrectionError(f'the engine has no {_TYPE} with an update')
    create, update, delete = handler['create'], handler['update'], handler['delete']

    def creating(*arguments: Any) -> tuple:
        return _by_arn(create(*arguments))

    def updating(arn: str, *rest: Any) -> tuple:
        return _by_arn(update(_name(arn), *rest))

    handler.update(create=creating, update=updating, delete=lambda arn, p: delete(_name(arn), p))


def _by_arn(resource: tuple[str, dict]) -> tuple[str, dict]:
    name, attributes = resource
    secret = secretsmanager._secrets.get(name) or {}
    return attributes.get('Arn') or secret.get('ARN', name), attributes


def _name(arn: str) -> str:
    return next(
        (name for name, secret in secretsmanager._secrets.items() if secret['ARN'] == arn), arn
    )
