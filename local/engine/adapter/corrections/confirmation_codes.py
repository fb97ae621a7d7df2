"""A code that Cognito sends is known to nobody but its receiver.

Wrong: the code for a new password is always 654321, and the codes for a new account and for a
sign-in by e-mail are always 123456. Whoever knows the address of a user can set its password.
AWS: a code is random, has six digits, and is sent to the verified address of the user. After five
to twenty wrong codes in an hour, no code of this user is tried any more.
"""

from __future__ import annotations

import secrets
import time
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

from adapter import inbox
from adapter.patching import require, wrap

NAME = 'confirmation_codes'
WRONG = 'The codes of Cognito for a new password, a new account and a sign-in are always the same.'
AWS = (
    'Amazon Cognito Developer Guide: Signing up and confirming user accounts, Passwords, '
    'password recovery, and password policies'
)

_CONSTANTS = {'_confirmation_code': '123456', '_reset_code': '654321'}
_ISSUING = (
    '_sign_up',
    '_resend_confirmation_code',
    '_forgot_password',
    '_admin_reset_user_password',
)
_CONFIRMING = ('ConfirmSignUp', 'ConfirmForgotPassword')
_MOST_WRONG, _WITHIN_SECONDS = 20, 3600
# The times at which a user of a client was given a wrong code.
_wrong: dict[tuple[str, str], list[float]] = {}
# The code that the call in this context issues.
_fresh: ContextVar[str] = ContextVar('code', default='')


def install() -> None:
    require(cognito, '_EMAIL_OTP_CODE', '_user_pools')
    for name in _ISSUING:
        wrap(cognito, name, _issuing)
    wrap(cognito, '_send_verification_email', _sending_fresh)
    wrap(cognito, '_deliver_cognito_email', _keeping)
    wrap(cognito, '_begin_user_auth_challenge', _with_fresh_sign_in_code)
    wrap(cognito, '_confirmation_code_error', _limiting)


def _new_code() -> str:
    while True:
        code = f'{secrets.randbelow(10**6):06}'
        if code not in _CONSTANTS.values():
            return code


def _issuing(issue: Any) -> Any:
    def issued(data: dict) -> tuple:
        token = _fresh.set(_new_code())
        try:
            answer = issue(data)
            _replace_constants(_fresh.get())
            return answer
        finally:
            _fresh.reset(token)

    return issued


def _replace_constants(code: str) -> None:
    """Give the user of this call, the only one with a constant, the code that was sent."""
    for pool in cognito._user_pools.values():
        for user in pool['_users'].values():
            for name, constant in _CONSTANTS.items():
                if user.get(name) == constant:
                    user[name] = code


def _sending_fresh(send: Any) -> Any:
    def sent(pool: dict, username: str, attributes: dict, code: str, **more: Any) -> Any:
        is_constant = code in _CONSTANTS.values()
        return send(pool, username, attributes, _fresh.get() if is_constant else code, **more)

    return sent


def _keeping(deliver: Any) -> Any:
    """Keep the mail where its receiver can read it: a local run has no mail server."""

    def delivered(pool: dict, address: str, subject: str, body: str, **more: Any) -> Any:
        inbox.write_to_user(address, subject, body)
        return deliver(pool, address, subject, body, **more)

    return delivered


def _with_fresh_sign_in_code(begin: Any) -> Any:
    def begun(*arguments: Any) -> Any:
        cognito._EMAIL_OTP_CODE = _new_code()
        return begin(*arguments)

    return begun


def _limiting(error_of: Any) -> Any:
    def limited(action: str, data: dict) -> tuple | None:
        user = (str(data.get('ClientId')), str(data.get('Username')))
        since = time.time() - _WITHIN_SECONDS
        recent = [at for at in _wrong.get(user, []) if at > since]
        if len(recent) >= _MOST_WRONG and action in _CONFIRMING:
            message = 'Attempt limit exceeded, please try after some time.'
            return error_response_json('LimitExceededException', message, 400)
        error = error_of(action, data)
        if error and b'CodeMismatchException' in error[2]:
            _wrong[user] = [*recent, time.time()]
        return error

    return limited
