"""A secret that a template gives no value has none.

Wrong: it has a version with an empty text, so that reading it succeeds and nobody can see that its value is still missing. AWS: without
SecretString and GenerateSecretString the secret is empty; it has no version, and reading it fails.
"""

from __future__ import annotations

from ministack.services import secretsmanager

from adapter.cloudformation import after
from adapter.patching import require

NAME = 'empty_secrets'
WRONG = 'A secret without a value in a template has an empty text for one.'
AWS = 'AWS CloudFormation Template Reference: AWS::SecretsManager::Secret, SecretString'


def install() -> None:
    require(secretsmanager, '_secrets')
    after('AWS::SecretsManager::Secret', _empty)


def _empty(physical_id: str, p: dict, old: dict) -> None:
    if old or 'SecretString' in p or 'GenerateSecretString' in p:
        return
    for name, secret in secretsmanager._secrets.items():
        if physical_id in (name, secret['ARN']):
            secret['Versions'] = {}
