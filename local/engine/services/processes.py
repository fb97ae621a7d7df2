"""What the engine uses of the `docker` client, with processes of this machine as containers.

A container is a program on a leash (`leash.py`), confined as a function is: it runs as a user of
its own where that can be had, sees the system and its own files, and ends with the engine. A server
that crashes is started again with its files, as AWS does; one that keeps crashing has failed.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from typing import Any, Iterator

from docker.errors import ImageNotFound, NotFound

from services.program import Confine, Fail, Find, Program, Request

_LEASH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'leash.py')
_POLL_SECONDS = 0.02
_CHUNK = 1 << 20
# A server that crashes more often than this within a minute has failed.
_CRASHES, _CRASH_SECONDS = 3, 60

# The launcher is told of what the engine logs about a full disk.
_log = logging.getLogger('ministack.servers')


class Container:
    def __init__(self, request: Request, options: dict, program: Program, confine: Confine):
        self.id = uuid.uuid4().hex * 2
        self.name = options.get('name') or f'service-{self.id[:12]}'
        self.image, self.port = request.image, request.port
        self.labels = options.get('labels') or {}
        self._program, self._confine = program, confine
        self._folder = tempfile.mkdtemp(prefix='ministack-service-')
        os.chmod(self._folder, 0o711)
        self._log_file = os.path.join(self._folder, 'output.log')
        # What was printed can be read to its end, also after the folder is removed.
        self._output = open(self._log_file, 'w+b')
        self._process: subprocess.Popen | None = None
        self._lock, self._is_stopping = threading.RLock(), False
        self._crashes: list[float] = []
        self.has_answered, self.has_failed = False, False
        self.attrs: dict = {}
        self.reload()

    @property
    def status(self) -> str:
        if self._process is None:
            return 'created'
        return 'running' if self._process.poll() is None else 'exited'

    @property
    def exit_code(self) -> int:
        """As Docker gives it: 128 and the number of a signal, also of one that ended the leash."""
        code = self._process.returncode if self._process and self.status == 'exited' else 0
        return code if code >= 0 else 128 - code

    def start(self) -> None:
        with self._lock:
            self._is_stopping, self.has_failed = False, False
            self._process = self._started()
            if self._program.restarts:
                watch = threading.Thread(target=self._watch, args=(self._process,), daemon=True)
                watch.start()

    def _started(self) -> subprocess.Popen:
        temporary = os.path.join(self._folder, 'tmp')
        os.makedirs(temporary, mode=0o700, exist_ok=True)
        for name, text in self._program.files.items():
            with open(os.path.join(temporary, name), 'w') as file:
                file.write(text)
        own = {'HOME': temporary, 'TMPDIR': temporary}
        machine = {'PATH': '/usr/local/bin:/usr/bin:/bin', 'LANG': 'C.UTF-8'}
        confined = self._confine(self._program.command, self._folder, self._program.folders)
        number = str(int(self._program.stop_signal))
        with open(self._log_file, 'ab') as log:
            return subprocess.Popen(
                [sys.executable, '-I', '-S', _LEASH, self._folder, number, *confined.command],
                env={**machine, **own, **self._program.variables, **confined.variables},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )

    def _watch(self, process: subprocess.Popen) -> None:
        code = process.wait()
        with self._lock:
            if self._is_stopping or self._process is not process:
                return
            # Only its leash makes sure that nothing of a server is left which would be in the way.
            if code > 0 and self.has_answered and self._may_crash():
                try:
                    return self.start()
                except OSError as error:
                    _log.warning('The server %s does not start again: %s', self.name, error)
            self.has_failed = True
        if code != 0:
            _log.warning(
                'The server %s has ended with %s. It said: %s', self.name, code, self.words()
            )

    def _may_crash(self) -> bool:
        now = time.monotonic()
        self._crashes = [moment for moment in self._crashes if now - moment < _CRASH_SECONDS]
        self._crashes.append(now)
        return len(self._crashes) <= _CRASHES

    def reload(self) -> None:
        self.attrs = {
            'NetworkSettings': {'Networks': {}, 'Ports': {}},
            'State': {'Status': self.status, 'ExitCode': self.exit_code},
            'Config': {'Labels': self.labels},
        }

    def stop(self, timeout: int = 10) -> None:
        with self._lock:
            self._is_stopping = True
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

    def copy(self, target: str) -> None:
        """Copy what it keeps. A server is stopped meanwhile, so that its files fit together."""
        if not self._program.keeps:
            raise ValueError(f'{self.image} keeps no files that could be copied.')
        source = os.path.join(self._folder, 'tmp', self._program.keeps)
        with self._lock:
            was_running = self.status == 'running'
            self.stop()
            try:
                # What a killed server leaves of its lock says nothing about a copy.
                ignored = shutil.ignore_patterns('postmaster.pid')
                shutil.copytree(source, target, symlinks=True, ignore=ignored)
            except shutil.Error as error:
                shutil.rmtree(target, ignore_errors=True)
                _from, _to, reason = error.args[0][0]
                raise OSError(f'Its files could not be copied to {target}: {reason}') from error
            finally:
                if was_running:
                    self.start()

    def wait(self, timeout: float | None = None, **_options: Any) -> dict:
        if self._process:
            self._process.wait(timeout)
        return {'StatusCode': self.exit_code}

    def logs(
        self, stream: bool = False, follow: bool = False, tail: Any = 'all', **_options: Any
    ) -> Any:
        if stream:
            return self._lines(follow)
        size = os.fstat(self._output.fileno()).st_size
        lines = os.pread(self._output.fileno(), size, 0).splitlines(keepends=True)
        return b''.join(lines if tail == 'all' else lines[-int(tail) :])

    def words(self) -> str:
        """What it printed last: a server names a damaged folder or a full disk."""
        return self.logs(tail=3).decode(errors='replace').strip()

    def _lines(self, follow: bool) -> Iterator[bytes]:
        position, begun = 0, b''
        while True:
            running = self.status == 'running'
            read = os.pread(self._output.fileno(), _CHUNK, position)
            position += len(read)
            *lines, begun = (begun + read).split(b'\n')
            for line in lines:
                yield line + b'\n'
            if not read and not (follow and running):
                if begun:
                    yield begun
                return
            if not read:
                time.sleep(_POLL_SECONDS)


_running: dict[str, Container] = {}


class _Containers:
    # It has no `create`: the engine then starts PostgreSQL with `run`, without certificates.
    def __init__(self, find: Find, confine: Confine, fail: Fail):
        self._find, self._confine, self._fail = find, confine, fail

    def run(self, image: str, command: Any = None, **options: Any) -> Container:
        ports = [port for port in (options.get('ports') or {}).values() if port]
        words = [command] if isinstance(command, str) else list(command or [])
        variables = _variables(options.get('environment'))
        port, entry = ports[0] if ports else None, tuple(options.get('entrypoint') or ())
        request = Request(image, words, variables, port, entry)
        try:
            return self._started(request, options)
        except (OSError, ValueError) as error:
            self._fail(request, error)
            raise

    def _started(self, request: Request, options: dict) -> Container:
        program = self._find(request)
        if program is None:
            raise ImageNotFound(f'The local engine has no program for the image {request.image}.')
        container = Container(request, options, program, self._confine)
        _running[container.id] = container
        try:
            container.start()
        except OSError:
            container.remove()  # the disk is full, or no process is left
            raise
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
    def __init__(self, find: Find, confine: Confine, fail: Fail):
        self.containers = _Containers(find, confine, fail)
        self.images, self.volumes = _Images(), _Volumes()

    def ports(self) -> set[int]:
        """The ports of the containers, also of those that are stopped."""
        return {container.port for container in self.containers.list() if container.port}
