"""IAM calls on a role or user with a path are authorised against its ARN with the path.

Wrong: the resource is `role/<name>` whatever the path, so a Deny on `role/cordon/*` has no effect.
AWS: the ARN of a role contains its path, and IAM actions are authorised on that ARN. When a role is
created, its path is in the request.
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_actions
from ministack.services import iam

from adapter.patching import require, wrap

NAME = 'role_paths'
WRONG = (
    'IAM calls on a role, user or policy with a path '
    'are authorised against an ARN without the path.'
)
AWS = (
    'AWS IAM User Guide: IAM identifiers; '
    'Service Authorization Reference: AWS Identity and Access Management'
)

_CREATED = {
    'CreateRole': ('role', 'RoleName'),
    'CreateUser': ('user', 'UserName'),
    'CreatePolicy': ('policy', 'PolicyName'),
}


def install() -> None:
    require(iam, '_roles', '_users')
    wrap(iam_actions, 'extract_resource_arn', _with_path)


def _with_path(resource_of: Any) -> Any:
    def resource(
        service: str,
        method: str,
        path: str,
        headers: dict,
        body: bytes,
        params: dict,
        region: str,
        account: str,
    ) -> str:
        arn = resource_of(service, method, path, headers, body, params, region, account)
        return (_iam_resource(params, account) or arn) if service == 'iam' else arn

    return resource


def _iam_resource(params: dict, account: str) -> str:
    def param(name: str) -> str:
        return iam_actions._query_param(params, name)

    if param('Action') in _CREATED:
        kind, name = _CREATED[param('Action')]
        return f'arn:aws:iam::{account}:{kind}{param("Path") or "/"}{param(name)}'
    entity = iam._roles.get(param('RoleName')) or iam._users.get(param('UserName')) or {}
    return entity.get('Arn', '')
