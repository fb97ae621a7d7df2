"""A refresh token of a client with rotation works once.

Wrong: RefreshTokenRotation of a client in a template is dropped without a word, GetTokensFromRefreshToken gives no new refresh token,
the old one works for ever, and InitiateAuth refreshes for clients that do not allow it. AWS: each refresh gives a new token, the old
one works for the grace period and is then refused as reused.
"""

from __future__ import annotations

import time
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

from adapter.cloudformation import after
from adapter.patching import require, wrap

NAME = 'refresh_rotation'
WRONG = (
    'Rotation of refresh tokens is dropped from a template; a refresh token works again and again.'
)
AWS = 'Amazon Cognito Developer Guide: Refresh tokens (refresh token rotation); API: GetTokensFromRefreshToken'

# Refresh token → when it stops working.
_retired: dict[str, float] = {}


def install() -> None:
    require(
        cognito,
        '_user_pools',
        '_pool_for_client',
        '_refresh_auth_user',
        '_build_auth_result',
        '_token_claims',
    )
    after('AWS::Cognito::UserPoolClient', _keep)
    wrap(cognito, '_refresh_auth_result', _rotating)
    wrap(cognito, '_initiate_auth', _asking_for_leave)


def _keep(client_id: str, p: dict, _old: dict) -> None:
    given = p.get('RefreshTokenRotation')
    rotation = given and {
        'Feature': given['Feature'],
        'RetryGracePeriodSeconds': int(given.get('RetryGracePeriodSeconds', 0)),
    }
    cognito._user_pools[p['UserPoolId']]['_clients'][client_id]['RefreshTokenRotation'] = rotation


def _rotating(refresh: Any) -> Any:
    def refreshed(pool: dict, pool_id: str, client_id: str, token: str) -> tuple:
        rotation = pool['_clients'][client_id].get('RefreshTokenRotation') or {}
        if rotation.get('Feature') != 'ENABLED':
            return refresh(pool, pool_id, client_id, token)
        user, error = cognito._refresh_auth_user(pool, pool_id, client_id, token)
        if error:
            return None, error
        if time.time() >= _retired.setdefault(
            token, time.time() + rotation['RetryGracePeriodSeconds'] + 0.001
        ):
            return None, error_response_json(
                'RefreshTokenReuseException', 'Refresh token reuse detected', 400
            )
        claims = cognito._token_claims(token)
        made = cognito._build_auth_result(
            pool_id,
            client_id,
            user,
            trigger_source='TokenGeneration_RefreshTokens',
            origin_jti=claims.get('origin_jti', ''),
            scope=claims.get('scope'),
        )
        return made, None

    return refreshed


def _asking_for_leave(initiate: Any) -> Any:
    def initiated(data: dict) -> tuple:
        pool, _pool_id = cognito._pool_for_client(data.get('ClientId'))
        flows = ((pool or {}).get('_clients', {}).get(data.get('ClientId')) or {}).get(
            'ExplicitAuthFlows'
        ) or []
        refreshes = str(data.get('AuthFlow', '')).startswith('REFRESH_TOKEN')
        if refreshes and flows and 'ALLOW_REFRESH_TOKEN_AUTH' not in flows:
            return error_response_json(
                'InvalidParameterException', 'Auth flow not enabled for this client', 400
            )
        return initiate(data)

    return initiated
