"""A secret without a value in its template has no value.

Wrong: the secret has a version with an empty text, so reading it succeeds and the missing value is
not noticed.
AWS: without SecretString and GenerateSecretString the secret has no version, and reading it fails.
"""

from __future__ import annotations

from ministack.services import secretsmanager

from adapter.cloudformation import after
from adapter.patching import require

NAME = 'empty_secrets'
WRONG = 'A secret without a value in its template has an empty text as its value.'
AWS = 'AWS CloudFormation Template Reference: AWS::SecretsManager::Secret, SecretString'


def install() -> None:
    require(secretsmanager, '_secrets')
    after('AWS::SecretsManager::Secret', _empty)


def _empty(physical_id: str, properties: dict, old: dict) -> None:
    if old or 'SecretString' in properties or 'GenerateSecretString' in properties:
        return
    for name, secret in secretsmanager._secrets.items():
        if physical_id in (name, secret['ARN']):
            secret['Versions'] = {}
