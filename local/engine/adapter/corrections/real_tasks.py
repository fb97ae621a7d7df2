"""A task of ECS that is RUNNING runs, and one whose image is not here fails.

Wrong: without Docker a task is RUNNING for ever, and nothing runs.
AWS: a task whose image cannot be had stops with CannotPullContainerError, and a task that runs
stops with its essential container.
Here a container is a process of the program that the run names for its image, confined as a
function is.
"""

from __future__ import annotations

from ministack.services import ecs

from adapter import real_servers
from adapter.patching import require, wrap

NAME = 'real_tasks'
WRONG = 'Tasks of ECS are RUNNING for ever although nothing runs.'
AWS = 'Amazon ECS Developer Guide: Task lifecycle; CannotPullContainer task errors'


def install() -> None:
    require(ecs, '_run_task', '_fail_task_start', '_ImagePullError', '_run_docker_container')
    wrap(ecs, '_get_docker', lambda _stock: real_servers.client)
    wrap(ecs, '_run_docker_container', _naming_cause)


def _naming_cause(run):
    def ran(client, definition, options, **more):
        try:
            return run(client, definition, options, **more)
        except real_servers.ImageNotFound as error:
            raise ecs._ImagePullError(str(error)) from error

    return ran
