"""Nobody signs up in a user pool in which only administrators make users.

Wrong: the engine stores AllowAdminCreateUserOnly and lets everybody sign up all the same.
AWS: SignUp is refused with NotAuthorizedException.
"""

from __future__ import annotations

from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

from adapter.patching import require, wrap

NAME = 'closed_sign_up'
WRONG = 'Everybody signs up in a user pool in which only administrators make users.'
AWS = 'Amazon Cognito API Reference: AdminCreateUserConfigType, SignUp'


def install() -> None:
    require(cognito, '_pool_for_client')
    wrap(cognito, '_sign_up', _refusing)


def _refusing(sign_up: Any) -> Any:
    def signed_up(data: dict) -> tuple:
        pool, _pool_id = cognito._pool_for_client(data.get('ClientId'))
        if _is_closed(pool or {}):
            return error_response_json(
                'NotAuthorizedException', 'SignUp is not permitted for this user pool', 400
            )
        return sign_up(data)

    return signed_up


def _is_closed(pool: dict) -> bool:
    config = pool.get('AdminCreateUserConfig') or {}
    return str(config.get('AllowAdminCreateUserOnly', False)).lower() == 'true'
