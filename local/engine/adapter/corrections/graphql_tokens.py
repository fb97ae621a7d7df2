"""A GraphQL API of AppSync knows its callers, and its schema decides what each may read.

Wrong: every text with two dots is a token, also one without a signature that expired long ago or
that another pool has issued, and `@aws_auth` and its kin are not asked. A key of an API never
expires.
AWS: a token must be signed by a user pool of the API, be unexpired and of a permitted client. A
directive of a field, else of its type, names who may read it; without one, it is who is authorized
in the default way of the API.
Tokens of other OpenID Connect providers are refused here: nothing verifies them.
"""

from __future__ import annotations

from typing import Any

from ministack.core import appsync_graphql
from ministack.services import appsync, cognito

from adapter import graphql_access
from adapter.patching import require, wrap

NAME = 'graphql_tokens'
WRONG = 'AppSync accepts forged and expired tokens, and does not ask the directives of its schema.'
AWS = 'AWS AppSync Developer Guide: Configuring authorization and authentication'


def install() -> None:
    require(appsync, '_auth_modes', '_api_keys', '_apis', '_AppSyncResolverError')
    require(cognito, '_pool_signing_key', '_get_pool_unscoped')
    wrap(appsync, '_request_is_authenticated', _checking)
    wrap(appsync, '_cognito_identity', lambda _stock: _identity)
    wrap(appsync_graphql, 'execute', _guarding)


def _checking(is_authenticated: Any) -> Any:
    def checked(api_id: str, api: dict, headers: dict) -> bool:
        signed_only = {'authenticationType': 'AWS_IAM'}
        caller = graphql_access.caller_of(
            api_id, api, headers, lambda: is_authenticated(api_id, signed_only, headers)
        )
        graphql_access.current.set(caller)
        return caller is not None

    return checked


def _identity(_api: dict, _headers: dict) -> dict | None:
    caller = graphql_access.current.get()
    return caller.identity if caller else None


def _guarding(execute: Any) -> Any:
    def executed(api_id: str, *request: Any) -> tuple:
        *asked, resolve, context = request
        caller, api = graphql_access.current.get(), appsync._apis.get(api_id, {})

        def resolved(source: Any, info: Any, **arguments: Any) -> Any:
            parent, field = info.parent_type, info.field_name
            if caller is None or not graphql_access.is_open(parent, field, caller, api):
                raise graphql_access.refusal(parent.name, field)
            return resolve(source, info, **arguments)

        return execute(api_id, *asked, resolved, context)

    return executed
