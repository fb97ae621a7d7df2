"""How the processes of functions are kept apart from the person who runs the engine.

    python isolation.py <folder>    # print what this machine allows, as JSON

There are four levels, and the first that works is taken. Where the kernel knows Landlock, a
function also connects only to the ports that it needs. The file needs nothing but Python, so that
`cordon doctor` can ask before the engine is installed.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from typing import NamedTuple

# systemd counts these uids as used by nobody; each port has 4,096 of its own.
_FIRST_UID, _UIDS_OF_A_PORT = 0x70000000, 4096
_SYSTEM = ('/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/nix')
_PROBE_SECONDS = 20
_SYS_LANDLOCK_CREATE_RULESET, _ASK_VERSION, _VERSION_WITH_PORTS = 444, 1, 4
_HELPER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'confined.py')
_CHECKOUT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(_HELPER))))

LEVELS = {
    'account': (
        'each function runs as a user of its own, and sees its code and its own /tmp, '
        'but no file and no process of yours'
    ),
    'namespace': (
        'each function runs in namespaces of its own, and sees its code and its own /tmp, '
        'but no file and no process of yours'
    ),
    'uid': (
        'each function runs as a user of its own; mount namespaces cannot be had here, so it sees '
        'each file that every user of this machine may read'
    ),
    'none': (
        'functions run as you, and can read what you can read: neither user namespaces nor '
        'another user id can be had here'
    ),
}


_CLOSED_PORTS = 'over TCP it connects only to the ports of its run and to port 443'
_OPEN_PORTS = 'it connects to every port of this machine'


class Isolation(NamedTuple):
    """The level that works here, and what the helper needs for it.

    `ports` are those that a function may connect to, separated by commas; empty where all are open.
    """

    level: str
    ports: str
    root: str
    paths: dict
    links: list
    uids: itertools.cycle | None


class Confined(NamedTuple):
    """How to start a process: its command, and the variables that it gets."""

    command: list
    variables: dict


def find(folder: str, port: int, ports: str) -> Isolation:
    """Try the levels on this machine; `folder`, in the folder of the run, is for their code."""
    for level in _candidates():
        closes_ports = level != 'none' and _knows_ports()
        isolation = _isolation(level, folder, port, ports if closes_ports else '')
        if level == 'none' or _works(isolation, folder):
            return isolation
    raise AssertionError('the level none always works')


def describe(isolation: Isolation) -> dict:
    """What the person is told of it."""
    reach = _CLOSED_PORTS if isolation.ports else _OPEN_PORTS
    return {'level': isolation.level, 'text': f'{LEVELS[isolation.level]}; {reach}'}


def confine(
    isolation: Isolation,
    command: list,
    folder: str | None,
    own: str | None = None,
    leashed: bool = False,
) -> Confined:
    """The command that runs `command` in `folder`; only this process may use the folder `own`.

    A leashed command ends with the process that starts it.
    """
    if isolation.level == 'none':
        return Confined(command, {})
    own = own or tempfile.mkdtemp(prefix='ministack-process-')
    folder = folder or own
    temporary = os.path.join(own, 'tmp')
    os.makedirs(temporary, mode=0o700, exist_ok=True)
    facts = [('folder', folder)]
    if isolation.ports:
        facts.append(('ports', isolation.ports))
    if leashed:
        facts.append(('leashed', 'yes'))
    uid = os.getuid()
    if isolation.uids is not None:
        uid = _nobody() if leashed and isolation.level == 'uid' else next(isolation.uids)
        _give(own, uid)
        facts.append(('uid', str(uid)))
    program = shutil.which(command[0]) or command[0]
    variables = {'TMPDIR': temporary, 'HOME': temporary}
    if isolation.level != 'uid':
        variables = {'TMPDIR': '/tmp', 'HOME': '/tmp'}
        facts += [('root', isolation.root), *isolation.links]
        facts += _in_order(
            {
                **isolation.paths,
                own: ('read', own),
                folder: ('read', folder),
                '/tmp': ('write', temporary),
                **(_account(own, uid) if leashed else {}),
            }
        )
    specification = '\x1e'.join('\x1f'.join(fact) for fact in facts)
    helper = [sys.executable, '-I', '-S', _HELPER, specification]
    return Confined([*helper, _startable(program), *command[1:]], variables)


def _account(own: str, uid: int) -> dict:
    """A server such as PostgreSQL wants to know the name of its user."""
    accounts = os.path.join(own, 'accounts')
    with open(accounts, 'w') as file:
        file.write(f'service:x:{uid}:{uid}::/tmp:/bin/sh\n')
    os.chmod(accounts, 0o644)
    return {'/etc/passwd': ('read', accounts)}


def _nobody() -> int:
    """Without a mount namespace the accounts are those of the machine."""
    return pwd.getpwnam('nobody').pw_uid


def _startable(program: str) -> str:
    """The path of a program that is visible to it.

    A Python of a virtual environment finds its packages by the path that it is started with; other
    links may lead out of what is visible.
    """
    environment = os.path.dirname(os.path.dirname(program))
    in_environment = os.path.exists(os.path.join(environment, 'pyvenv.cfg'))
    return program if in_environment else os.path.realpath(program)


def _in_order(paths: dict) -> list:
    """Each folder before the folders in it."""
    return [(kind, path, source) for path, (kind, source) in sorted(paths.items())]


def _candidates() -> tuple:
    if sys.platform != 'linux':
        return ('none',)
    return ('account', 'namespace', 'uid', 'none') if os.geteuid() == 0 else ('namespace', 'none')


def _knows_ports() -> bool:
    if sys.platform != 'linux':
        return False
    ask = [ctypes.c_long(number) for number in (_SYS_LANDLOCK_CREATE_RULESET, 0, 0, _ASK_VERSION)]
    return ctypes.CDLL(None).syscall(*ask) >= _VERSION_WITH_PORTS


def _isolation(level: str, folder: str, port: int, ports: str) -> Isolation:
    root = os.path.join(folder, 'root')
    if level in ('account', 'namespace'):
        os.makedirs(root, exist_ok=True)
    paths, links = _visible(folder)
    uids = _uids(port) if level in ('account', 'uid') else None
    return Isolation(level, ports, root, paths, links, uids)


def _visible(folder: str) -> tuple:
    links = [('link', name, os.readlink(name)) for name in _SYSTEM if os.path.islink(name)]
    system = [name for name in _SYSTEM if os.path.isdir(name) and not os.path.islink(name)]
    node = shutil.which('node')
    programs = [sys.prefix, sys.base_prefix, os.path.dirname(os.path.realpath(node or '/usr'))]
    packages = [path for path in os.environ.get('NODE_PATH', '').split(os.pathsep) if path]
    names = os.path.realpath('/etc/resolv.conf')
    shown = [path for path in (*programs, *packages, names) if os.path.exists(path)]
    # What belongs to the person may lie below a folder of the system.
    hidden = [_CHECKOUT, *_homes(), os.path.dirname(folder)]
    paths: dict = {path: ('read', path) for path in system}
    paths.update(
        {path: ('empty', '') for path in hidden if path and path != '/' and _below(path, system)}
    )
    covers = [path for path, (kind, _) in paths.items() if kind == 'empty']
    paths.update(
        {
            path: ('read', path)
            for path in shown
            if not _below(path, system) or _below(path, covers)
        }
    )
    return paths, links


def _homes() -> list:
    try:
        return [pwd.getpwuid(os.getuid()).pw_dir]
    except KeyError:
        return []  # a user without an account, as in containers


def _below(path: str, folders: list) -> bool:
    return any(path == folder or path.startswith(f'{folder}/') for folder in folders)


def _uids(port: int) -> itertools.cycle:
    first = _FIRST_UID + port * _UIDS_OF_A_PORT
    with open('/proc/self/uid_map') as file:
        ranges = [[int(number) for number in line.split()] for line in file]
    last = first + _UIDS_OF_A_PORT
    if not any(start <= first and last <= start + size for start, _, size in ranges):
        # A container may have few uids; below its last thousand nobody has an account.
        start, _, size = max(ranges, key=lambda entry: entry[2])
        first = start + max(1, size - 2 * _UIDS_OF_A_PORT)
    return itertools.cycle(range(first, first + _UIDS_OF_A_PORT))


def _give(folder: str, uid: int) -> None:
    os.chown(folder, uid, uid)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(parent, name), uid, uid, follow_symlinks=False)


def _works(isolation: Isolation, folder: str) -> bool:
    """Whether functions could run: their programs start, and can read their code."""
    if isolation.level == 'uid':
        _let_pass(folder)
    started = []
    try:
        for program in ('node', sys.executable):
            own = tempfile.mkdtemp(prefix='ministack-probe-', dir=folder)
            code = os.path.join(own, 'code')
            probe = os.path.join(code, 'probe.js')
            os.makedirs(code)
            open(probe, 'w').close()
            command = confine(isolation, [program, probe], code, own).command
            null = subprocess.DEVNULL
            started.append((own, subprocess.Popen(command, stdin=null, stdout=null, stderr=null)))
        return all([_ends_well(process) for _, process in started])
    except BlockingIOError:
        raise  # no process is left for this user, which says nothing about the level
    except OSError:
        return False
    finally:
        for own, _ in started:
            shutil.rmtree(own, ignore_errors=True)


def _ends_well(process: subprocess.Popen) -> bool:
    try:
        return process.wait(_PROBE_SECONDS) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def _let_pass(folder: str) -> None:
    """Without mount namespaces, other users must pass the folders above the code of theirs."""
    for path in (os.path.dirname(folder), folder):
        os.chmod(path, 0o711)


if __name__ == '__main__':
    print(json.dumps(describe(find(os.path.realpath(sys.argv[1]), 0, '443'))))
