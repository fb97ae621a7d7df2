"""The corrections, in the order in which they are installed.

Where two corrections wrap the same function, the later correction runs before the earlier.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from adapter.patching import CorrectionError

CORRECTIONS = (
    'root_credentials',
    'function_credentials',
    'download_addresses',
    'lambda_actions',
    'worker_hygiene',
    'function_isolation',
    'no_containers',
    'real_databases',
    'real_caches',
    'real_tasks',
    'task_credentials',
    'loud_data_api',
    'loud_jobs',
    'outgoing_calls',
    'thrown_errors',
    'lambda_throttles',
    'provisioned_concurrency',
    'jsonata_parallel',
    'execution_names',
    'execution_timeouts',
    'service_tasks',
    'task_outcomes',
    'abandoned_tasks',
    'busy_clusters',
    'condition_keys',
    'policy_variables',
    'service_principals',
    'role_paths',
    'role_quotas',
    'function_policies',
    'table_policies',
    'pass_role',
    'source_identity',
    'guardduty_events',
    'guardduty_findings',
    'bus_policies',
    'rule_names',
    'rule_targets',
    'target_permissions',
    'cross_region_events',
    'sns_email',
    'cloudtrail_records',
    'cloudtrail_delivery',
    'cloudtrail_events',
    'athena_queries',
    'athena_authorization',
    'query_files',
    'resource_types',
    'network_types',
    'bucket_properties',
    'function_properties',
    'table_properties',
    'silent_properties',
    'secret_references',
    'empty_secrets',
    'request_validators',
    'gateway_requests',
    'gateway_answers',
    'refresh_rotation',
    'sign_in_time',
    'confirmation_codes',
    'closed_sign_up',
    'sign_in_challenges',
    'graphql_tokens',
    'graphql_queries',
    'graphql_sockets',
    'sqs_metrics',
    'queue_batches',
    'alarm_evaluation',
    'alarm_events',
    'function_urls',
    'custom_resources',
    'loopback_tls',
    'closed_door',
)


def install(skip: str = '') -> list[ModuleType]:
    """Install the corrections; `skip` names some to leave out, separated by commas.

    Tests leave out corrections to see whether the engine still needs them.
    """
    skipped = {name for name in skip.split(',') if name}
    unknown = skipped - set(CORRECTIONS)
    if unknown:
        raise SystemExit(
            f'cordon: CORDON_ADAPTER_SKIP names no correction: {", ".join(sorted(unknown))}'
        )
    active = []
    for name in CORRECTIONS:
        if name in skipped:
            continue
        module = importlib.import_module(f'adapter.corrections.{name}')
        try:
            module.install()
        except (AttributeError, CorrectionError) as error:
            raise SystemExit(
                f'cordon: correction {name} does not fit this engine: {error}'
            ) from error
        active.append(module)
    return active
