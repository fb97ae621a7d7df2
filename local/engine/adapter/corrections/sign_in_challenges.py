"""A challenge of a sign-in is answered by who has passed the step before it.

Wrong: the engine asks no session of the answer to NEW_PASSWORD_REQUIRED, MFA_SETUP, SMS_MFA and
SOFTWARE_TOKEN_MFA, so whoever knows the name of a user gets its tokens or sets its password. A new
password may be weak, and after it no second factor is asked for. Where a pool requires a second
factor, a user without one gets tokens. A user may prefer a factor that it does not have, and then
every code is right.
AWS: the answer holds the session of the step before it, the password policy counts for every new
password, and a pool that requires a second factor gives MFA_SETUP to a user without one.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass, replace
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import cognito

from adapter.patching import require, wrap

NAME = 'sign_in_challenges'
WRONG = (
    'A challenge of a sign-in is answered without a session, so the name of a user is enough for '
    'its tokens; a required second factor is not required of a user without one.'
)
AWS = (
    'Amazon Cognito API Reference: RespondToAuthChallenge, AssociateSoftwareToken, '
    'VerifySoftwareToken; Amazon Cognito Developer Guide: Adding MFA to a user pool'
)

_TOTP = 'SOFTWARE_TOKEN_MFA'
_CHALLENGES = ('NEW_PASSWORD_REQUIRED', 'MFA_SETUP', 'SMS_MFA', _TOTP)
_DEFAULT_MINUTES = 3


@dataclass(frozen=True)
class _Step:
    """What a session may be used for: one challenge of one user at one client."""

    pool_id: str
    client_id: str
    user: str
    challenge: str
    end: float
    secret: str = ''
    is_verified: bool = False


_steps: dict[str, _Step] = {}


def install() -> None:
    require(cognito, '_user_pools', '_pool_for_client', '_resolve_user', '_validate_password')
    require(cognito, '_totp_matches', '_user_for_access_token', '_resolve_pool')
    wrap(cognito, '_mfa_challenge_for_user', _requiring)
    wrap(cognito, '_password_auth_result', _remembering)
    wrap(cognito, '_respond_to_auth_challenge', _with_session)
    wrap(cognito, '_admin_respond_to_auth_challenge', _with_session)
    wrap(cognito, '_associate_software_token', _associating)
    wrap(cognito, '_verify_software_token', _verifying)
    wrap(cognito, '_admin_set_user_mfa_preference', _preferring(_named_user))
    wrap(cognito, '_set_user_mfa_preference', _preferring(_token_user))


def _new_session(step: _Step) -> str:
    for session in [known for known, other in _steps.items() if other.end < time.time()]:
        del _steps[session]
    session = base64.b64encode(secrets.token_bytes(32)).decode()
    _steps[session] = step
    return session


def _step_of(session: Any, challenge: str) -> _Step | None:
    step = _steps.get(str(session))
    is_open = step is not None and step.challenge == challenge and step.end >= time.time()
    return step if is_open else None


def _requiring(challenge_of: Any) -> Any:
    def challenge(pool: dict, user: dict, pool_id: str, username: str) -> dict | None:
        due = challenge_of(pool, user, pool_id, username)
        if due or pool.get('MfaConfiguration') != 'ON':
            return due
        return {
            'ChallengeName': 'MFA_SETUP',
            'Session': '',
            'ChallengeParameters': {
                'USER_ID_FOR_SRP': username,
                'MFAS_CAN_SETUP': json.dumps([_TOTP]),
            },
        }

    return challenge


def _remembering(answer_of: Any) -> Any:
    def answer(pool: dict, pool_id: str, client_id: str, user: dict, *more: Any, **named: Any):
        status, headers, body = answer_of(pool, pool_id, client_id, user, *more, **named)
        content = json.loads(body)
        if 'ChallengeName' not in content:
            return status, headers, body
        return json_response(_with_step(content, pool, (pool_id, client_id), user))

    return answer


def _with_step(challenge: dict, pool: dict, place: tuple[str, str], user: dict) -> dict:
    pool_id, client_id = place
    minutes = pool['_clients'][client_id].get('AuthSessionValidity') or _DEFAULT_MINUTES
    end = time.time() + int(minutes) * 60
    step = _Step(pool_id, client_id, user['Username'], challenge['ChallengeName'], end)
    return {**challenge, 'Session': _new_session(step)}


def _with_session(respond: Any) -> Any:
    def responded(data: dict) -> tuple:
        challenge = data.get('ChallengeName', '')
        if challenge not in _CHALLENGES:
            return respond(data)
        step = _step_of(data.get('Session'), challenge)
        pool = cognito._user_pools.get(step.pool_id) if step else None
        if step is None or pool is None or data.get('ClientId') != step.client_id:
            return _no_session()
        responses = data.get('ChallengeResponses') or {}
        user, _error = cognito._resolve_user(pool, responses.get('USERNAME'))
        if user is None or user['Username'] != step.user:
            return _no_session()
        refused = _refused(pool, step, responses)
        if refused:
            return refused
        answer = respond(data)
        if answer[0] != 200:
            return answer
        _steps.pop(data['Session'], None)
        return _second_factor(pool, step, user) or answer

    return responded


def _refused(pool: dict, step: _Step, responses: dict) -> tuple | None:
    if step.challenge == 'NEW_PASSWORD_REQUIRED':
        return cognito._validate_password(pool, responses.get('NEW_PASSWORD') or '')
    if step.challenge == 'MFA_SETUP' and not step.is_verified:
        return _no_session()
    return None


def _second_factor(pool: dict, step: _Step, user: dict) -> tuple | None:
    """Ask for the second factor after a new password, where one is due."""
    if step.challenge != 'NEW_PASSWORD_REQUIRED':
        return None
    due = cognito._mfa_challenge_for_user(pool, user, step.pool_id, user['Username'])
    place = (step.pool_id, step.client_id)
    return json_response(_with_step(due, pool, place, user)) if due else None


def _associating(associate: Any) -> Any:
    def associated(data: dict) -> tuple:
        if data.get('AccessToken'):
            if cognito._user_for_access_token(data['AccessToken']) is None:
                return error_response_json('NotAuthorizedException', 'Invalid Access Token', 400)
            return associate(data)
        step = _step_of(data.get('Session'), 'MFA_SETUP')
        if step is None:
            return _no_session()
        del _steps[data['Session']]
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        session = _new_session(replace(step, secret=secret))
        return json_response({'SecretCode': secret, 'Session': session})

    return associated


def _verifying(verify: Any) -> Any:
    def verified(data: dict) -> tuple:
        if data.get('AccessToken'):
            return verify(data)
        step = _step_of(data.get('Session'), 'MFA_SETUP')
        if step is None or not step.secret:
            return _no_session()
        if not cognito._totp_matches(step.secret, data.get('UserCode', '')):
            return error_response_json('EnableSoftwareTokenMFAException', 'Code mismatch', 400)
        user = cognito._user_pools[step.pool_id]['_users'][step.user]
        user['_totp_secret'] = step.secret
        user['_mfa_enabled'] = [*user.get('_mfa_enabled', []), _TOTP]
        user['_preferred_mfa'] = _TOTP
        del _steps[data['Session']]
        session = _new_session(replace(step, is_verified=True))
        return json_response({'Status': 'SUCCESS', 'Session': session})

    return verified


def _named_user(data: dict) -> dict | None:
    pool, _error = cognito._resolve_pool(data.get('UserPoolId'))
    return cognito._resolve_user(pool, data.get('Username'))[0] if pool else None


def _token_user(data: dict) -> dict | None:
    return cognito._user_for_access_token(data.get('AccessToken'))


def _preferring(user_of: Any) -> Any:
    def made(prefer: Any) -> Any:
        def preferred(data: dict) -> tuple:
            user = user_of(data)
            is_wanted = (data.get('SoftwareTokenMfaSettings') or {}).get('Enabled')
            if user is not None and is_wanted and not user.get('_totp_secret'):
                return error_response_json(
                    'InvalidParameterException', 'User has not verified software token mfa', 400
                )
            return prefer(data)

        return preferred

    return made


def _no_session() -> tuple:
    return error_response_json('NotAuthorizedException', 'Invalid session for the user.', 400)
