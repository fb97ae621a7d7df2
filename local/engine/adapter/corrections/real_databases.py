"""A database of RDS or Aurora that is reported as available answers at its endpoint.

Wrong: CloudFormation reports DB instances and clusters as available that are only described, with
names of AWS as endpoints, and without Docker so does the API. An instance without a password gets
`password`.
AWS: an available instance answers at its endpoint. MasterUserPassword is required, unless the
service manages the password.
Here PostgreSQL stands behind it when a chosen stack needs it; otherwise the creation fails and says
what is missing. A database that is deleted with a copy leaves its files (`database_copies.py`).
Other copies (snapshots, replicas), proxies, and stopping an instance are refused: the engine would
describe them alone.
"""

from __future__ import annotations

import html
import re
import time
from typing import Any

from ministack.services import rds
from ministack.services.cloudformation import provisioners

from adapter import database_copies, real_servers
from adapter.cloudformation import Created, named
from adapter.database_copies import server_of
from adapter.patching import CorrectionError, require, wrap

NAME = 'real_databases'
WRONG = 'Databases are available at endpoints that nobody answers, and have known passwords.'
AWS = (
    'Amazon RDS API Reference: CreateDBInstance, CreateDBCluster; '
    'AWS CloudFormation Template Reference: AWS::RDS::DBInstance, AWS::RDS::DBCluster'
)

_INSTANCE, _CLUSTER = 'AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'
_POSTGRESQL = ('postgres', 'aurora-postgresql')
_MISSING = (
    'The local engine has no server for databases of {engine}: it starts PostgreSQL only, and only '
    'in a run that deploys a stack with a database.'
)
_READY_WITHIN_SECONDS = 120
# Actions that the engine answers as done although nothing is copied, stopped or listening.
_NOT_DONE = (
    'CreateDBInstanceReadReplica',
    'RestoreDBInstanceFromDBSnapshot',
    'CreateDBSnapshot',
    'CreateDBClusterSnapshot',
    'CreateDBProxy',
    'StopDBInstance',
    'StartDBInstance',
)
# Properties of templates that ask for the contents of another database.
_CONTENTS_OF = (
    'DBSnapshotIdentifier',
    'DBClusterSnapshotIdentifier',
    'SnapshotIdentifier',
    'SourceDBInstanceIdentifier',
    'SourceDBClusterIdentifier',
)


def install() -> None:
    require(rds, '_instances', '_clusters', '_ACTION_MAP', '_start_cluster_shared_container')
    require(rds, '_delete_db_instance', '_delete_db_cluster', '_sync_cluster_endpoints')
    require(rds, '_rotate_instance_password', '_rotate_real_password', '_wait_for_database_ready')
    require(provisioners, '_rds_db_instance_fields', '_rds_db_cluster_fields', '_ec_query')
    wrap(rds, '_get_docker', lambda _stock: _docker)
    wrap(rds, '_next_port', lambda _stock: real_servers.next_port)
    wrap(rds, '_is_host_port_free', lambda _stock: real_servers.is_free)
    wrap(rds, '_wait_for_database_ready', _noting_answer)
    wrap(rds, '_create_db_instance', _refusing_instance)
    wrap(rds, '_create_db_cluster', _refusing_cluster)
    rds._ACTION_MAP['CreateDBInstance'] = rds._create_db_instance
    rds._ACTION_MAP['CreateDBCluster'] = rds._create_db_cluster
    for action in ('DescribeDBInstances', 'DescribeDBClusters'):
        rds._ACTION_MAP[action] = _showing_failures(rds._ACTION_MAP[action])
    for action in _NOT_DONE:
        if action not in rds._ACTION_MAP:
            raise CorrectionError(f'{rds.__name__} has no action {action}')
        rds._ACTION_MAP[action] = _refusal(action)
    for kind, create, delete, rotate in (
        (_INSTANCE, _instance, _instance_delete, _rotate_of_instance),
        (_CLUSTER, _cluster, _cluster_delete, _rotate_of_cluster),
    ):
        handler = provisioners._RESOURCE_HANDLERS[kind]
        for step, function in (('create', create), ('delete', delete)):
            # The engine replaces a resource by the functions of these names.
            wrap(provisioners, handler[step].__name__, lambda _stock, made=function: made)
            handler[step] = function
        handler['update'] = _rotating(handler['update'], rotate)
    database_copies.install()


def _docker() -> Any:
    return real_servers.client() if real_servers.program_of('postgresql') else None


def _noting_answer(wait: Any) -> Any:
    """A server that has answered is started again when it crashes."""

    def waited(host: str, port: int, *rest: Any) -> bool:
        is_ready = wait(host, port, *rest)
        for container in real_servers.client().containers.list() if is_ready else ():
            container.has_answered = container.has_answered or container.port == int(port)
        return is_ready

    return waited


def _refusal(action: str) -> Any:
    text = f'{action} is not emulated here: the local engine would report it without doing it.'
    return lambda _parameters: rds._error('InvalidParameterCombination', text, 400)


def _refusing_cluster(create: Any) -> Any:
    return lambda parameters: _problem(parameters) or create(parameters)


def _refusing_instance(create: Any) -> Any:
    def created(parameters: dict) -> tuple:
        # The members of a cluster have its engine, user and password.
        is_member = rds._p(parameters, 'DBClusterIdentifier') in rds._clusters
        problem = _contents_problem if is_member else _problem
        answer = problem(parameters) or create(parameters)
        name = rds._p(parameters, 'DBInstanceIdentifier')
        instance = rds._instances.get(name) if answer[0] < 400 else None
        if instance is None or instance.get('_docker_container_id'):
            return answer
        rds._delete_db_instance({'DBInstanceIdentifier': name, 'SkipFinalSnapshot': 'true'})
        text = f'The local engine could not start a server for it. {real_servers.failure()}'.strip()
        return rds._error('InsufficientDBInstanceCapacity', text, 400)

    return created


def _showing_failures(describe: Any) -> Any:
    def described(parameters: dict) -> tuple:
        for records, field in ((rds._instances, 'DBInstanceStatus'), (rds._clusters, 'Status')):
            for record in records.values():
                server = server_of(record)
                if server and server.has_failed:
                    record[field] = 'failed'
        return describe(parameters)

    return described


def _contents_problem(parameters: dict) -> tuple | None:
    for name in _CONTENTS_OF:
        if rds._p(parameters, name):
            text = f'{name} is not emulated here: the local engine starts a database empty.'
            return rds._error('InvalidParameterCombination', text, 400)
    return None


def _problem(parameters: dict) -> tuple | None:
    if copied := _contents_problem(parameters):
        return copied
    engine = rds._p(parameters, 'Engine') or 'postgres'
    text = None
    if engine not in _POSTGRESQL or not real_servers.program_of('postgresql'):
        text = _MISSING.format(engine=engine)
    elif rds._p(parameters, 'ManageMasterUserPassword') == 'true':
        text = 'The local engine does not manage passwords of databases: give MasterUserPassword.'
    elif not rds._p(parameters, 'MasterUserPassword'):
        text = 'The parameter MasterUserPassword must be provided and must not be blank.'
    return rds._error('InvalidParameterValue', text, 400) if text else None


def _call(function: Any, properties: dict) -> None:
    status, _headers, body = function(
        provisioners._ec_query(properties, {'VPCSecurityGroups': 'VpcSecurityGroupIds'})
    )
    if status >= 400:
        text = body.decode() if isinstance(body, bytes) else str(body)
        message = re.search(r'<Message>([^<]*)', text)
        raise ValueError(html.unescape(message.group(1)) if message else text)


def _instance(logical_id: str, properties: dict, stack: str) -> Created:
    name = properties.get('DBInstanceIdentifier') or named(stack, logical_id, 63).lower()
    _call(rds._create_db_instance, {**properties, 'DBInstanceIdentifier': name})
    instance = rds._instances[name]
    until = time.monotonic() + _READY_WITHIN_SECONDS
    while instance['DBInstanceStatus'] == 'creating' and time.monotonic() < until:
        time.sleep(0.05)
    if instance['DBInstanceStatus'] != 'available':
        said = _last_words(instance)
        # CloudFormation does not delete what it was given no name of.
        instance['DeletionProtection'] = False
        _instance_delete(name, properties)
        raise ValueError(f'The server of {name} did not answer.{said}')
    if not instance.get('DBClusterIdentifier'):
        instance.update(provisioners._rds_db_instance_fields(properties))
    return name, provisioners._rds_db_instance_attrs(instance)


def _last_words(record: dict) -> str:
    container = server_of(record)
    words = container.words() if container else ''
    return f' It said: {words}' if words else ''


def _instance_delete(physical_id: str, _properties: dict) -> None:
    if physical_id in rds._instances:
        names = {'DBInstanceIdentifier': physical_id, 'SkipFinalSnapshot': True}
        _call(rds._delete_db_instance, names)


def _cluster(logical_id: str, properties: dict, stack: str) -> Created:
    """The server starts with the cluster: templates pass its endpoint on before it has members."""
    name = properties.get('DBClusterIdentifier') or named(stack, logical_id, 63).lower()
    _call(rds._create_db_cluster, {**properties, 'DBClusterIdentifier': name})
    cluster = rds._clusters[name]
    try:
        _serve(name, cluster, properties)
    except Exception:
        # CloudFormation does not delete what it was given no name of.
        cluster['DeletionProtection'] = False
        _cluster_delete(name, properties)
        raise
    return name, provisioners._rds_db_cluster_attrs(cluster)


def _serve(name: str, cluster: dict, properties: dict) -> None:
    cluster.update(provisioners._rds_db_cluster_fields(properties))
    started = rds._start_cluster_shared_container(name, cluster)
    if not started.get('started') or not _answers(cluster, started):
        raise ValueError(f'The server of {name} did not answer.{_last_words(cluster)}')
    cluster.update({'_shared_container_ready': True, '_shared_storage_initialized': True})
    rds._sync_cluster_endpoints(cluster)


def _answers(cluster: dict, started: dict) -> bool:
    container = server_of(cluster)
    until = time.monotonic() + _READY_WITHIN_SECONDS
    return rds._wait_for_database_ready(
        started['readiness_host'],
        started['readiness_port'],
        cluster['Engine'],
        cluster['MasterUsername'],
        cluster['_MasterUserPassword'],
        cluster.get('DatabaseName') or 'mydb',
        lambda: container and container.status == 'running' and time.monotonic() < until,
    )


def _cluster_delete(physical_id: str, _properties: dict) -> None:
    if physical_id in rds._clusters:
        _call(rds._delete_db_cluster, {'DBClusterIdentifier': physical_id})


def _rotating(update: Any, rotate: Any) -> Any:
    """The stock update stores a new password, and the server keeps the old one."""

    def updated(physical_id: str, old: dict, new: dict, *rest: Any) -> Created:
        new_id, attributes = update(physical_id, old, new, *rest)
        before, after = old.get('MasterUserPassword'), new.get('MasterUserPassword')
        if new_id == physical_id and before and after and before != after:
            rotate(physical_id, before, after)
        return new_id, attributes

    return updated


def _rotate_of_instance(name: str, before: str, after: str) -> None:
    rds._rotate_instance_password(rds._instances[name], before, after)


def _rotate_of_cluster(name: str, before: str, after: str) -> None:
    if not rds._rotate_real_password(rds._clusters[name], before, after):
        raise ValueError(f'The server of {name} did not take the new password.')
