"""A role takes ten managed policies and fifty tags.

Wrong: the engine attaches and tags without a limit.
AWS: AttachRolePolicy and TagRole answer LimitExceeded beyond their quotas. A policy that is
attached already, and a key that the role has already, change nothing about the count.
"""

from __future__ import annotations

from typing import Any

from ministack.services import iam

from adapter.patching import require, wrap

NAME = 'role_quotas'
WRONG = 'A role takes any number of managed policies and tags.'
AWS = 'AWS IAM User Guide: IAM and AWS STS quotas'

_MOST_POLICIES = 10
_MOST_TAGS = 50


def install() -> None:
    require(iam, '_roles', '_p', '_error', '_extract_tags', '_IAM_HANDLERS')
    for name, handler in (('AttachRolePolicy', _attaching), ('TagRole', _tagging)):
        iam._IAM_HANDLERS[name] = handler(iam._IAM_HANDLERS[name])


def _refusal(quota: str, most: int) -> tuple:
    return iam._error(409, 'LimitExceeded', f'Cannot exceed quota for {quota}: {most}', ns='iam')


def _attaching(attach: Any) -> Any:
    def attach_within_quota(params: dict) -> tuple:
        role = iam._roles.get(iam._p(params, 'RoleName')) or {}
        attached = {*role.get('AttachedPolicies', []), iam._p(params, 'PolicyArn')}
        if len(attached) > _MOST_POLICIES:
            return _refusal('PoliciesPerRole', _MOST_POLICIES)
        return attach(params)

    return attach_within_quota


def _tagging(tag: Any) -> Any:
    def tag_within_quota(params: dict) -> tuple:
        role = iam._roles.get(iam._p(params, 'RoleName')) or {}
        tags = [*role.get('Tags', []), *iam._extract_tags(params)]
        if len({entry['Key'] for entry in tags}) > _MOST_TAGS:
            return _refusal('TagsPerRole', _MOST_TAGS)
        return tag(params)

    return tag_within_quota
