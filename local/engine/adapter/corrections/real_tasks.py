"""A task of ECS that is RUNNING runs, and one whose image is not here fails.

Wrong: without Docker a task is RUNNING for ever, and nothing runs.
AWS: a task whose image cannot be had stops with CannotPullContainerError, and a task that runs
stops with its essential container.
Here a container is a process of the program that the run names for its image, confined as a
function is. Its files go when the task ends, and its exit code is that of the process. The stock
engine also drops the entry point of a container definition, so that the image's own would run.
"""

from __future__ import annotations

from typing import Any

from ministack.services import ecs

from adapter import real_servers
from adapter.patching import require, wrap
from services.processes import Client, Container

NAME = 'real_tasks'
WRONG = 'Tasks of ECS are RUNNING for ever although nothing runs.'
AWS = 'Amazon ECS Developer Guide: Task lifecycle; CannotPullContainer task errors'


def install() -> None:
    require(ecs, '_run_task', '_fail_task_start', '_ImagePullError', '_run_docker_container')
    require(ecs, '_cleanup_task_resources', '_build_run_kwargs')
    wrap(ecs, '_get_docker', lambda _stock: real_servers.client)
    wrap(ecs, '_run_docker_container', _naming_cause)
    wrap(ecs, '_cleanup_task_resources', _ending)
    wrap(ecs, '_build_run_kwargs', _with_entry_point)


def _ending(clean: Any) -> Any:
    """The engine gives no client for a task that has ended by itself, which leaves its files."""

    def cleaned(task: dict, _client: Any, *rest: Any) -> None:
        containers = [real_servers.server(name) for name in task.get('_docker_ids') or []]
        clean(task, real_servers.client(), *rest)
        for described, container in zip(task.get('containers', []), containers):
            if container is not None:
                described['exitCode'] = container.exit_code

    return cleaned


def _with_entry_point(build: Any) -> Any:
    def built(container: dict, *rest: Any) -> dict:
        return {**build(container, *rest), 'entrypoint': container.get('entryPoint') or None}

    return built


def _naming_cause(run: Any) -> Any:
    def ran(client: Client, definition: dict, options: dict, **more: Any) -> Container:
        try:
            return run(client, definition, options, **more)
        except real_servers.ImageNotFound as error:
            raise ecs._ImagePullError(str(error)) from error

    return ran
