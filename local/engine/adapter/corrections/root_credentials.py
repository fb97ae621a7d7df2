"""Only the key of this run is the root key, and its signature is checked like any other.

Wrong: an empty key, `test` and every 12-digit number are the root key too, the signature of a root
key is not checked, and a header such as `Authorization: Bearer x` makes a caller root. A presigned
URL of a root key is not bound to its key. A call that no IAM action covers needs no signature.
AWS: a request names an existing key and is signed with its secret. Unsigned requests are refused,
except the operations that AWS serves unsigned: those of its SDK models (Cognito), links in messages
of SNS, and objects, APIs and function URLs that are public.
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id

from adapter import root_key
from adapter.patching import replace_everywhere, require, wrap

NAME = 'root_credentials'
WRONG = (
    'The key "test", an empty key and every account id are root without a valid signature, '
    'and so is a caller with a foreign Authorization header.'
)
AWS = (
    'AWS Signature Version 4 for API requests; AWS IAM User Guide: Authenticating requests, '
    'AWS account root user'
)

_MISSING = 'Missing Authentication Token'
_PUBLIC_ACTIONS = ('execute-api:Invoke', 'lambda:InvokeFunctionUrl')


def install() -> None:
    root_key.read()
    require(iam_evaluator, '_signed_request', '_anonymous', '_served_unsigned', 'AuthError')
    require(iam_evaluator, 'ResolvedCredential', '_validate_session_token', '_is_root_key')
    replace_everywhere(iam_evaluator, 'is_root_access_key', lambda _stock: _is_root)
    replace_everywhere(iam_evaluator, 'resolve_credential', _with_root)
    replace_everywhere(iam_evaluator, 'resolve_caller_identity', _root_identity)
    # The engine skips the signature where this says yes.
    wrap(iam_evaluator, '_is_root_key', lambda _stock: lambda _access_key_id: False)
    replace_everywhere(iam_evaluator, 'enforce', _refusing_unsigned)
    replace_everywhere(iam_evaluator, 'check_credentials', _refusing_unsigned_others)


def _is_root(access_key_id: str) -> bool:
    return access_key_id == root_key.read().access_key_id


def _with_root(resolve: Any) -> Any:
    def resolved(
        access_key_id: str,
        account_id: str | None = None,
        session_token: Any = iam_evaluator._SESSION_TOKEN_NOT_CHECKED,
    ) -> Any:
        if not _is_root(access_key_id):
            return resolve(access_key_id, account_id, session_token)
        error = iam_evaluator._validate_session_token(None, session_token)
        if error:
            return error
        account = account_id or get_account_id()
        return iam_evaluator.ResolvedCredential(
            access_key_id=access_key_id,
            secret_access_key=root_key.read().secret_access_key,
            account_id=account,
            principal_arn=f'arn:aws:iam::{account}:root',
            principal_id=account,
            principal_type='Root',
            source_access_key_id=access_key_id,
        )

    return resolved


def _root_identity(resolve: Any) -> Any:
    def resolved(access_key_id: str) -> dict | None:
        if not _is_root(access_key_id):
            return resolve(access_key_id)
        account = get_account_id()
        return {
            'accessKey': access_key_id,
            'accountId': account,
            'userArn': f'arn:aws:iam::{account}:root',
            'userId': account,
            'principalOrgId': iam_evaluator._principal_org_id(account),
            'session': None,
        }

    return resolved


def _refusing_unsigned(enforce: Any) -> Any:
    def enforced(
        access_key_id: str, iam_action: str, service: str, *request: Any, **more: Any
    ) -> Any:
        if access_key_id or iam_evaluator._signed_request.get() is not None:
            return enforce(access_key_id, iam_action, service, *request, **more)
        is_public = (
            service == 's3'  # its handler asks the policy and the access list of the bucket
            or iam_action in _PUBLIC_ACTIONS
            or iam_evaluator._served_unsigned(service, iam_action)
        )
        return None if is_public else _missing()

    return enforced


def _refusing_unsigned_others(check: Any) -> Any:
    def checked(access_key_id: str, service: str | None = None) -> Any:
        if access_key_id or iam_evaluator._signed_request.get() is not None:
            return check(access_key_id, service)
        return _missing()

    return checked


def _missing() -> Any:
    return iam_evaluator.AuthError('MissingAuthenticationToken', _MISSING)
