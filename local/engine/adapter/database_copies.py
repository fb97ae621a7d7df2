"""The last copy of a database, where its template or a call asks for one.

CloudFormation deletes with a copy by default. Here the copy is the folder of the server's files, in
the folder of the run; `FILES_TAG` of the snapshot names it. Nothing starts from a copy, so a call
that could do without one is refused.
"""

from __future__ import annotations

import contextvars
import logging
import os
import shutil
import uuid
from typing import Any, Callable

from ministack.services import rds
from ministack.services.cloudformation import provisioners, stacks

from adapter import real_servers
from adapter.cloudformation import Created
from adapter.patching import CorrectionError, require, wrap
from services.processes import Container

FILES_TAG = 'cordon:files'
_log = logging.getLogger('ministack.servers')
# What the template says of the predecessor of the resource that is updated.
_of_replaced = contextvars.ContextVar('replaced', default='')
_INSTANCE, _CLUSTER = 'AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'
_DELETIONS = {
    'DeleteDBSnapshot': 'DBSnapshotIdentifier',
    'DeleteDBClusterSnapshot': 'DBClusterSnapshotIdentifier',
}


def install() -> None:
    require(rds, '_create_snapshot_internal', '_create_cluster_snapshot_internal', '_tags')
    require(provisioners, '_snapshot_id')
    wrap(stacks, '_resource_policy', _noting_policy)
    for kind, records, describe in (
        (_INSTANCE, rds._instances, rds._create_snapshot_internal),
        (_CLUSTER, rds._clusters, rds._create_cluster_snapshot_internal),
    ):
        handler = provisioners._RESOURCE_HANDLERS[kind]
        if 'snapshot' not in handler:
            raise CorrectionError(f'the engine takes no snapshot of {kind}')
        handler['snapshot'] = _keeping(records, describe)
    wrap(provisioners, '_replace_resource', _keeping_replaced)
    for action in ('DeleteDBInstance', 'DeleteDBCluster'):
        rds._ACTION_MAP[action] = _without_copy(rds._ACTION_MAP[action])
    for action, name in _DELETIONS.items():
        rds._ACTION_MAP[action] = _with_files(rds._ACTION_MAP[action], name)


def server_of(record: dict) -> Container | None:
    return real_servers.server(
        record.get('_docker_container_id') or record.get('_shared_container_id')
    )


def _folder(snapshot: str) -> str:
    return os.path.join(os.environ['CORDON_RUN_DIR'], 'database-copies', snapshot)


def _keeping(records: Any, describe: Callable[[str, dict], dict]) -> Callable[[str, dict], None]:
    def kept(physical_id: str, _properties: dict) -> None:
        record = records.get(physical_id)
        if record is None or is_member(physical_id):
            return
        server = server_of(record)
        if server is None:
            raise ValueError(f'{physical_id} has no server whose files could be copied.')
        snapshot = f'{provisioners._snapshot_id(physical_id)}-{uuid.uuid4().hex[:8]}'
        folder = _folder(snapshot)
        os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
        server.copy(folder)
        made = describe(snapshot, record)
        made['TagList'] = [*made['TagList'], {'Key': FILES_TAG, 'Value': folder}]
        rds._tags[made.get('DBSnapshotArn') or made['DBClusterSnapshotArn']] = made['TagList']
        _log.info('The last copy of the database %s is in %s.', physical_id, folder)

    return kept


def _noting_policy(read: Any) -> Any:
    def noted(resource: dict, attribute: str, *rest: Any) -> str:
        policy = read(resource, attribute, *rest)
        if attribute == 'UpdateReplacePolicy':
            _of_replaced.set(policy)
        return policy

    return noted


def _keeping_replaced(replace: Any) -> Any:
    """The engine deletes what an update replaces without the copy that the template asks for."""

    def replaced(kind: str, physical_id: str, old: dict, *rest: Any) -> Created:
        policy = _of_replaced.get()
        new_id, attributes = replace(kind, physical_id, old, *rest)
        if policy == 'Snapshot' and kind in (_INSTANCE, _CLUSTER) and new_id != physical_id:
            provisioners._RESOURCE_HANDLERS[kind]['snapshot'](physical_id, old)
        return new_id, attributes

    return replaced


def _with_files(delete: Any, name: str) -> Any:
    def deleted(parameters: dict) -> tuple:
        answer = delete(parameters)
        if answer[0] < 400:
            shutil.rmtree(_folder(rds._p(parameters, name)), ignore_errors=True)
        return answer

    return deleted


def _without_copy(delete: Any) -> Any:
    """A deletion that asks for a last copy, or does not say that it wants none, deletes nothing."""

    def deleted(parameters: dict) -> tuple:
        skips = (rds._p(parameters, 'SkipFinalSnapshot') or '').lower() == 'true'
        snapshot = rds._p(parameters, 'FinalDBSnapshotIdentifier')
        text = None
        if snapshot and skips:
            text = 'FinalDBSnapshotIdentifier cannot be specified with SkipFinalSnapshot.'
        elif snapshot:
            text = (
                'FinalDBSnapshotIdentifier is not emulated here: the local engine would delete '
                'the database without a copy. Give SkipFinalSnapshot.'
            )
        elif not skips and not is_member(rds._p(parameters, 'DBInstanceIdentifier')):
            text = 'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.'
        if text:
            return rds._error('InvalidParameterCombination', text, 400)
        return delete(parameters)

    return deleted


def is_member(name: str | None) -> bool:
    """What is in a cluster has no copy of its own."""
    return bool((rds._instances.get(name) or {}).get('DBClusterIdentifier')) if name else False
