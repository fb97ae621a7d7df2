"""A refresh token of a client with rotation works a single time.

Wrong: the engine silently drops RefreshTokenRotation of a client in a template.
GetTokensFromRefreshToken gives no new refresh token, the old token works for ever, and InitiateAuth
refreshes for clients that do not allow it.
AWS: each refresh gives a new token. The old token works for the grace period and is then refused as
reused.
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
AWS = (
    'Amazon Cognito Developer Guide: Refresh tokens (refresh token rotation); '
    'API: GetTokensFromRefreshToken'
)

# The time at which a refresh token stops working.
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
    after('AWS::Cognito::UserPoolClient', _store_rotation)
    wrap(cognito, '_refresh_auth_result', _rotating)
    wrap(cognito, '_initiate_auth', _checking_flow)


def _store_rotation(client_id: str, properties: dict, _old: dict) -> None:
    rotation = properties.get('RefreshTokenRotation')
    if rotation:
        grace = int(rotation.get('RetryGracePeriodSeconds', 0))
        rotation = {'Feature': rotation['Feature'], 'RetryGracePeriodSeconds': grace}
    cognito._user_pools[properties['UserPoolId']]['_clients'][client_id]['RefreshTokenRotation'] = (
        rotation
    )


def _rotating(refresh: Any) -> Any:
    def refreshed(pool: dict, pool_id: str, client_id: str, token: str) -> tuple:
        rotation = pool['_clients'][client_id].get('RefreshTokenRotation') or {}
        if rotation.get('Feature') != 'ENABLED':
            return refresh(pool, pool_id, client_id, token)
        user, error = cognito._refresh_auth_user(pool, pool_id, client_id, token)
        if error:
            return None, error
        now = time.time()
        end = _retired.get(token)
        if end is not None and now >= end:
            return None, error_response_json(
                'RefreshTokenReuseException', 'Refresh token reuse detected', 400
            )
        _retired.setdefault(token, now + rotation['RetryGracePeriodSeconds'])
        claims = cognito._token_claims(token)
        tokens = cognito._build_auth_result(
            pool_id,
            client_id,
            user,
            trigger_source='TokenGeneration_RefreshTokens',
            origin_jti=claims.get('origin_jti', ''),
            scope=claims.get('scope'),
        )
        return tokens, None

    return refreshed


def _checking_flow(initiate: Any) -> Any:
    def initiated(data: dict) -> tuple:
        pool, _pool_id = cognito._pool_for_client(data.get('ClientId'))
        client = (pool or {}).get('_clients', {}).get(data.get('ClientId')) or {}
        flows = client.get('ExplicitAuthFlows') or []
        is_refresh = str(data.get('AuthFlow', '')).startswith('REFRESH_TOKEN')
        if is_refresh and flows and 'ALLOW_REFRESH_TOKEN_AUTH' not in flows:
            return error_response_json(
                'InvalidParameterException', 'Auth flow not enabled for this client', 400
            )
        return initiate(data)

    return initiated
