"""What the engine uses of the `docker` client, with processes of this machine as containers.

A container is a program on a leash (`leash.py`), confined as a function is: it runs as a user of
its own where that can be had, sees the system and its own files, and ends with the engine.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from typing import Any, Callable, Iterator, NamedTuple

from docker.errors import ImageNotFound, NotFound

_LEASH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'leash.py')
_POLL_SECONDS = 0.02


class Program(NamedTuple):
    """What to run for an image. `files` are written into its temporary folder before each start."""

    command: list
    variables: dict = {}
    folders: tuple = ()
    files: dict = {}
    stop_signal: int = signal.SIGTERM


class Request(NamedTuple):
    """What the engine asks of a container."""

    image: str
    command: list
    variables: dict
    port: int | None


class Confinement(NamedTuple):
    """How a program is started: the command around it, and its variables."""

    command: list
    variables: dict


# Gives the program for a request, or None for an image that it does not know.
Find = Callable[[Request], 'Program | None']
# Confines a command: the command, its own folder, and the folders of its program.
Confine = Callable[[list, str, tuple], Confinement]


class Container:
    def __init__(self, request: Request, options: dict, program: Program, confine: Confine):
        self.id = uuid.uuid4().hex * 2
        self.name = options.get('name') or f'service-{self.id[:12]}'
        self.image, self.port = request.image, request.port
        self.labels = options.get('labels') or {}
        self._program, self._confine = program, confine
        self._folder = tempfile.mkdtemp(prefix='ministack-service-')
        os.chmod(self._folder, 0o711)
        self.log = os.path.join(self._folder, 'output.log')
        self._process: subprocess.Popen | None = None
        self.attrs: dict = {}
        self.reload()

    @property
    def status(self) -> str:
        if self._process is None:
            return 'created'
        return 'running' if self._process.poll() is None else 'exited'

    def start(self) -> None:
        temporary = os.path.join(self._folder, 'tmp')
        os.makedirs(temporary, mode=0o700, exist_ok=True)
        for name, text in self._program.files.items():
            with open(os.path.join(temporary, name), 'w') as file:
                file.write(text)
        own = {'HOME': temporary, 'TMPDIR': temporary}
        machine = {'PATH': '/usr/local/bin:/usr/bin:/bin', 'LANG': 'C.UTF-8'}
        confined = self._confine(self._program.command, self._folder, self._program.folders)
        number = str(int(self._program.stop_signal))
        with open(self.log, 'ab') as log:
            self._process = subprocess.Popen(
                [sys.executable, '-I', '-S', _LEASH, self._folder, number, *confined.command],
                env={**machine, **own, **self._program.variables, **confined.variables},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )

    def reload(self) -> None:
        code = self._process.returncode if self.status == 'exited' and self._process else 0
        self.attrs = {
            'NetworkSettings': {'Networks': {}, 'Ports': {}},
            'State': {'Status': self.status, 'ExitCode': code},
            'Config': {'Labels': self.labels},
        }

    def stop(self, timeout: int = 10) -> None:
        if self._process and self.status == 'running':
            self._process.terminate()
            self._process.wait(timeout + 10)

    def kill(self, *_: Any, **_options: Any) -> None:
        self.stop()

    def remove(self, *_: Any, **_options: Any) -> None:
        self.stop()
        if self._process and self._process.stdin:
            self._process.stdin.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        _running.pop(self.id, None)

    def restart(self, timeout: int = 10) -> None:
        self.stop(timeout)
        self.start()

    def wait(self, timeout: float | None = None, **_options: Any) -> dict:
        code = self._process.wait(timeout) if self._process else 0
        return {'StatusCode': code}

    def logs(
        self, stream: bool = False, follow: bool = False, tail: Any = 'all', **_options: Any
    ) -> Any:
        if stream:
            return self._lines(follow)
        with open(self.log, 'rb') as file:
            lines = file.readlines()
        return b''.join(lines if tail == 'all' else lines[-int(tail) :])

    def _lines(self, follow: bool) -> Iterator[bytes]:
        with open(self.log, 'rb') as file:
            begun = b''
            while True:
                running = self.status == 'running'
                read = file.readline()
                begun += read
                if begun.endswith(b'\n') or (begun and not read and not running):
                    yield begun
                    begun = b''
                elif not read and not (follow and running):
                    return
                elif not read:
                    time.sleep(_POLL_SECONDS)


_running: dict[str, Container] = {}


class _Containers:
    # It has no `create`: the engine then starts PostgreSQL with `run`, without certificates.
    def __init__(self, find: Find, confine: Confine):
        self._find, self._confine = find, confine

    def run(self, image: str, command: Any = None, **options: Any) -> Container:
        ports = [port for port in (options.get('ports') or {}).values() if port]
        words = [command] if isinstance(command, str) else list(command or [])
        variables = _variables(options.get('environment'))
        request = Request(image, words, variables, ports[0] if ports else None)
        program = self._find(request)
        if program is None:
            raise ImageNotFound(f'The local engine has no program for the image {image}.')
        container = Container(request, options, program, self._confine)
        _running[container.id] = container
        container.start()
        return container

    def get(self, reference: str) -> Container:
        for container in list(_running.values()):
            if reference and reference in (container.id, container.name):
                return container
        raise NotFound(f'The local engine has no container {reference}.')

    def list(self, **_options: Any) -> list:
        return list(_running.values())


def _variables(given: Any) -> dict:
    if isinstance(given, list):
        given = dict(entry.split('=', 1) for entry in given)
    return {name: str(text) for name, text in (given or {}).items()}


class _Images:
    """Nothing is pulled: a program is on this machine, or the start of its container fails."""

    def get(self, name: str) -> Any:
        return name

    def pull(self, name: str, **_options: Any) -> Any:
        raise ImageNotFound(f'The local engine pulls no images, and has no program for {name}.')


class _Volumes:
    """The files of a container are in its own folder, and go with it."""

    def get(self, _name: str) -> Any:
        return self

    def remove(self, **_options: Any) -> None:
        return None


class Client:
    def __init__(self, find: Find, confine: Confine):
        self.containers = _Containers(find, confine)
        self.images, self.volumes = _Images(), _Volumes()

    def ports(self) -> set[int]:
        """The ports of the containers, also of those that are stopped."""
        return {container.port for container in self.containers.list() if container.port}
