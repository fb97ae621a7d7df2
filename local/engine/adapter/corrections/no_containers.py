"""No API call starts a container on this machine.

Wrong: where Docker or Podman runs, a call of ECS, Batch, CodeBuild, EC2, EKS, RDS and others, or a
function of an image, starts containers with the rights of the person who runs the engine. A task
definition may mount any folder of the machine. At its start and end the engine removes containers
that have its label, those of other engines too.
AWS: such resources run in the account, never on the machine of the caller.
Here they remain descriptions, except where a correction starts a confined process: real_databases,
real_caches and real_tasks.
"""

from __future__ import annotations

from typing import Any

import docker
from docker.errors import DockerException

from adapter.patching import require, wrap

NAME = 'no_containers'
WRONG = 'Calls of ECS, CodeBuild, RDS and others start containers on the machine of the person.'
AWS = 'AWS Fargate, AWS CodeBuild, Amazon RDS: where tasks, builds and databases run'


def install() -> None:
    require(docker, 'from_env', 'DockerClient', 'APIClient')
    for name in ('from_env', 'DockerClient', 'APIClient'):
        wrap(docker, name, lambda _stock: _refused)


def _refused(*_arguments: Any, **_options: Any) -> Any:
    raise DockerException('The local engine starts no containers.')
