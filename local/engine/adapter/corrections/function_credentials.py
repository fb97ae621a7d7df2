"""Each execution environment of a function has a session of its own, with secret keys.

Wrong: the key, the secret and the session token of a function are hashes of its ARN and of its
role, so everybody who knows these names acts as the function, and a new environment has the same
session as one whose keys were stolen.
AWS: Lambda assumes the role for each environment that it starts and gets random keys, so a policy
can deny sessions by the time at which they were issued.
"""

from __future__ import annotations

import secrets

from ministack.core import lambda_runtime
from ministack.services import sts

from adapter.patching import replace_everywhere, require

NAME = 'function_credentials'
WRONG = (
    'The keys of a function can be computed from its ARN and the ARN of its role, and all of its '
    'environments share one session.'
)
AWS = (
    'AWS Lambda Developer Guide: Defining Lambda function permissions with an execution role; '
    'AWS STS API Reference: Credentials'
)


def install() -> None:
    require(lambda_runtime, '_account_region_from_function_config')
    require(sts, 'register_session')
    replace_everywhere(lambda_runtime, 'execution_credentials', lambda _stock: _credentials)


def _credentials(config: dict) -> dict[str, str]:
    account, _region = lambda_runtime._account_region_from_function_config(config)
    role = config.get('Role', '')
    role_name = role.rsplit('/', 1)[-1]
    session_name = config.get('FunctionName', 'function')[:64]
    access_key = f'ASIA{secrets.token_hex(8).upper()}'
    secret = secrets.token_hex(32)
    token = secrets.token_hex(32)
    sts.register_session(
        access_key,
        {
            'Arn': f'arn:aws:sts::{account}:assumed-role/{role_name}/{session_name}',
            'UserId': f'{role_name}:{session_name}',
            'SecretAccessKey': secret,
            'SessionToken': token,
        },
    )
    return {
        'AWS_ACCESS_KEY_ID': access_key,
        'AWS_SECRET_ACCESS_KEY': secret,
        'AWS_SESSION_TOKEN': token,
    }
