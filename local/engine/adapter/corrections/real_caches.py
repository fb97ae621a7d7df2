"""A cache of ElastiCache that is reported as available answers at its endpoint.

Wrong: without Docker every cache is available at `redis:6379`, a name that nobody has.
AWS: an available cache answers at its endpoint.
Here Redis stands behind it when a chosen stack needs it; otherwise the creation fails and says what
is missing. Encryption in transit is not served, so a cache that demands it fails too.
"""

from __future__ import annotations

import socket
import time
from typing import Any

from ministack.services import elasticache

from adapter import real_servers
from adapter.patching import require, wrap

NAME = 'real_caches'
WRONG = 'Caches of ElastiCache are available at an endpoint that nobody answers.'
AWS = 'Amazon ElastiCache API Reference: CreateCacheCluster, CreateReplicationGroup'

_READY_WITHIN_SECONDS = 30
_CREATING = ('_create_cache_cluster', '_create_replication_group', '_create_serverless_cache')


def install() -> None:
    require(elasticache, '_engine_image_and_port', '_p', '_error')
    require(elasticache, '_clusters', '_replication_groups')
    wrap(elasticache, '_get_docker', lambda _stock: real_servers.client)
    wrap(elasticache, '_spawn_redis_container', lambda _stock: _started)
    wrap(elasticache, '_describe_cache_clusters', _showing_failures)
    wrap(elasticache, '_describe_replication_groups', _showing_failures)
    for name in _CREATING:
        wrap(elasticache, name, _refusing)


def _refusing(create: Any) -> Any:
    def created(parameters: dict) -> tuple:
        problem = _problem(parameters, create.__name__)
        if problem:
            return elasticache._error('InvalidParameterValue', problem, 400)
        try:
            return create(parameters)
        except real_servers.NoServer as error:
            return elasticache._error('InsufficientCacheClusterCapacity', str(error), 400)

    return created


def _showing_failures(describe: Any) -> Any:
    """ElastiCache has no word for a server that cannot be replaced."""

    def described(parameters: dict) -> tuple:
        for records, field in (
            (elasticache._clusters, 'CacheClusterStatus'),
            (elasticache._replication_groups, 'Status'),
        ):
            for record in records.values():
                names = record.get('_docker_container_ids') or [record.get('_docker_container_id')]
                servers = [real_servers.server(name) for name in names]
                if any(server and server.has_failed for server in servers):
                    record[field] = 'failed'
        return describe(parameters)

    return described


def _problem(parameters: dict, action: str) -> str | None:
    engine = elasticache._p(parameters, 'Engine') or 'redis'
    if engine not in ('redis', 'valkey') or not real_servers.program_of('redis'):
        return (
            f'The local engine has no server for caches of {engine}: it starts Redis only, and '
            'only in a run that deploys a stack with a cache.'
        )
    if action == '_create_serverless_cache':
        return 'The local engine has no serverless caches: they demand encryption in transit.'
    if elasticache._p(parameters, 'TransitEncryptionEnabled', 'false').lower() == 'true':
        return 'The local engine serves no cache with encryption in transit.'
    return None


def _started(name: str, engine: str, engine_version: str, labels: dict, **_options: Any) -> tuple:
    image, _port = elasticache._engine_image_and_port(engine, engine_version)
    port = real_servers.next_port()
    container = real_servers.client().containers.run(
        image=image, name=name, labels=labels, ports={'6379/tcp': port}
    )
    until = time.monotonic() + _READY_WITHIN_SECONDS
    while container.status == 'running' and time.monotonic() < until:
        try:
            socket.create_connection(('127.0.0.1', port), timeout=1).close()
            container.has_answered = True
            return '127.0.0.1', port, container.id
        except OSError:
            time.sleep(0.02)
    container.remove()
    said = container.words()
    raise real_servers.NoServer(f'The server of {name} did not answer. It said: {said}')
