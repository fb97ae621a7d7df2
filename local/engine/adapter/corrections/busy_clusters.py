"""A cluster of ECS whose tasks run is not deleted.

Wrong: the cluster is gone, its tasks go on, and nobody can list or stop them.
AWS: DeleteCluster fails with ClusterContainsTasksException, and so does the deletion of a stack.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ecs
from ministack.services.cloudformation import provisioners

from adapter.patching import require, wrap

NAME = 'busy_clusters'
WRONG = 'A cluster of ECS is deleted while its tasks run, and they go on.'
AWS = 'Amazon ECS API Reference: DeleteCluster, ClusterContainsTasksException'

_TYPE = 'AWS::ECS::Cluster'


def install() -> None:
    require(ecs, '_tasks', '_clusters', '_resolve_cluster_name', '_ACTION_MAP')
    wrap(ecs, '_delete_cluster', _refusing)
    ecs._ACTION_MAP['DeleteCluster'] = ecs._delete_cluster
    handler = provisioners._RESOURCE_HANDLERS[_TYPE]
    wrap(provisioners, handler['delete'].__name__, lambda _stock: _deleted)
    handler['delete'] = _deleted


def _refusing(delete: Any) -> Any:
    def deleted(data: dict) -> tuple:
        cluster = ecs._clusters.get(ecs._resolve_cluster_name(data.get('cluster', 'default')))
        running = [
            task
            for task in ecs._tasks.values()
            if cluster
            and task['clusterArn'] == cluster['clusterArn']
            and task['lastStatus'] != 'STOPPED'
        ]
        if running:
            return error_response_json(
                'ClusterContainsTasksException',
                'The Cluster cannot be deleted while Tasks are active.',
                400,
            )
        return delete(data)

    return deleted


def _deleted(physical_id: str, _properties: dict) -> None:
    if physical_id not in ecs._clusters:
        return
    status, _headers, body = ecs._delete_cluster({'cluster': physical_id})
    if status >= 400:
        raise ValueError(json.loads(body)['message'])
