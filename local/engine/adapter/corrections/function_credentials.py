"""The keys of a function are a secret.

Wrong: the key, the secret and the session token of a function are hashes of its ARN and of its
role, so everybody who knows these names acts as the function.
AWS: Lambda assumes the role and gets random keys.
The keys here stay the same for a function and its role in one run, as in the stock engine.
"""

from __future__ import annotations

from ministack.core import lambda_runtime
from ministack.services import sts

from adapter import root_key
from adapter.patching import replace_everywhere, require

NAME = 'function_credentials'
WRONG = 'The keys of a function can be computed from its ARN and the ARN of its role.'
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
    function = f'{config.get("FunctionArn", "")}:{role}'
    session_name = config.get('FunctionName', 'function')[:64]
    access_key = f'ASIA{root_key.mac("function key", function)[:16].upper()}'
    secret = root_key.mac('function secret', function)
    token = root_key.mac('function token', function)
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
