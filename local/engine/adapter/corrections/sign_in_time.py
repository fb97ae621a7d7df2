"""A refreshed token says when its person signed in, and not when it was refreshed.

Wrong: `auth_time` of every token is the time at which the token was made. Who asks for a fresh
sign-in would believe a sign-in of yesterday whose token was refreshed just now.
AWS: `auth_time` is the time at which the user completed authentication; tokens that a refresh
token gives keep it, as they keep `origin_jti`.
"""

from __future__ import annotations


from ministack.services import cognito

from adapter.patching import require, wrap

NAME = 'sign_in_time'
WRONG = 'A refresh makes auth_time new: a sign-in never grows old.'
AWS = (
    'Amazon Cognito Developer Guide: Understanding the access token (auth_time, origin_jti); '
    'OpenID Connect Core 1.0, 12.2'
)

# The time of each sign-in, by origin_jti.
_signed_in: dict[str, int] = {}


def install() -> None:
    require(cognito, '_apply_pretoken_trigger')
    wrap(cognito, '_apply_pretoken_trigger', _dated)


def _dated(apply: Any) -> Any:
    def applied(*arguments: Any, **named: Any) -> dict:
        claims = apply(*arguments, **named)
        origin = claims.get('origin_jti')
        if origin and 'auth_time' in claims:
            claims['auth_time'] = _signed_in.setdefault(origin, claims['auth_time'])
        return claims

    return applied
