"""A call that names its rule as Rule is authorised for this rule.

Wrong: the engine takes the name of a rule from the parameters Name and RuleName only. So it
authorises ListTargetsByRule, PutTargets and RemoveTargets for every resource, and a policy that
names the rule does not allow them.
AWS: these calls have the rule as their resource, and a policy may name it.
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_actions

from adapter.patching import require, wrap

NAME = 'rule_names'
WRONG = 'ListTargetsByRule, PutTargets and RemoveTargets are authorised for every resource.'
AWS = (
    'Service Authorization Reference: Actions, resources, and condition keys for Amazon EventBridge'
)


def install() -> None:
    require(iam_actions, '_safe_json_field')
    wrap(iam_actions, 'extract_resource_arn', _with_rules)


def _with_rules(extract: Any) -> Any:
    def arn(service: str, *request: Any) -> str:
        body, region, account = request[3], request[5], request[6]
        rule = service == 'events' and iam_actions._safe_json_field(body, 'Rule')
        if not rule:
            return extract(service, *request)
        bus = iam_actions._safe_json_field(body, 'EventBusName') or 'default'
        return f'arn:aws:events:{region}:{account}:rule/{bus}/{rule}'

    return arn
