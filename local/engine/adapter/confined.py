"""Runs one program with a file system of its own and without the rights of its starter.

    python -I -S confined.py specification program [argument ...]

The program sees the folders of the specification and nothing else: the system's programs, the
packages, its own code, all of them read-only, and a /tmp of its own. As root (`uid` is given) it
becomes a user of its own. As an ordinary user it enters a user namespace and a process namespace,
so that it can neither see nor signal another process of this user.

The specification has a line for each fact: `folder`, `uid`, `root`, `ports` (the TCP ports that the
program may connect to, separated by commas), `leashed` (the program ends with its starter, and its
shared memory with it), `link` (name, target), and for each path that the program sees `read` or
`write` (path, source), or `empty` (path). Its fields and lines end with
characters that no sensible path has.

This file is a program of its own, and imports as little as it can: each cold start waits for it.
For that reason it reads no JSON, and has the numbers of signals from the module behind `signal`.
"""

from __future__ import annotations

import _signal as signal
import ctypes
import os
import resource
import sys

_NEW_MOUNTS, _NEW_USER, _NEW_PROCESSES = 0x00020000, 0x10000000, 0x20000000
_NEW_SHARED_MEMORY = 0x08000000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_PROGRAMS = 1, 2, 4, 8
_REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 32, 4096, 16384, 1 << 18
_DETACH = 2
_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38
_SYS_MOUNT_SETATTR, _AT_HERE, _AT_RECURSIVE = 442, -100, 0x8000
_SYS_CREATE_RULESET, _SYS_ADD_RULE, _SYS_RESTRICT_SELF = 444, 445, 446
_CONNECT_TCP, _RULE_OF_PORT = 2, 2
# Sockets without a file, such as those of a desktop, and signals: only within the function.
_SCOPES = 1 | 2
_OPEN_FILES = 1024
_DEVICES = ('null', 'zero', 'full', 'random', 'urandom')
# A kernel before 5.8 would hide the processes of the whole machine.
_HIDES_PROCESSES = (5, 8)

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    lines = [line.split('\x1f') for line in sys.argv[1].split('\x1e')]
    command = sys.argv[2:]
    facts = {name: values[0] for name, *values in lines}
    uid = int(facts['uid']) if 'uid' in facts else None
    leashed = 'leashed' in facts
    starter = os.getppid()
    os.umask(0o022)
    if leashed:
        _end_with_starter(starter)
    if 'root' in facts:
        _enter_namespaces(uid)
        if leashed:
            _checked(_libc.unshare(_NEW_SHARED_MEMORY), 'unshare')
        if uid is None:
            _follow_in_process_namespace(leashed)
        _change_root(facts['root'], lines, hide_processes=uid is not None)
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        if leashed:
            _end_with_starter(starter)  # the kernel forgets it when the user changes
    _limit()
    if 'ports' in facts:
        _close_ports_except([int(port) for port in facts['ports'].split(',')])
    os.chdir(facts['folder'])
    os.execvp(command[0], command)


def _checked(outcome: int, what: str) -> None:
    if outcome != 0:
        number = ctypes.get_errno()
        raise OSError(number, f'{what}: {os.strerror(number)}')


def _mount(source: str, target: str, kind: str, flags: int, options: str = '') -> None:
    outcome = _libc.mount(
        source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()
    )
    _checked(outcome, f'mount {target}')


def _end_with_starter(starter: int | None = None) -> None:
    _checked(_libc.prctl(_DEATH_SIGNAL, signal.SIGKILL), 'prctl')
    if starter is not None and os.getppid() != starter:
        os._exit(128 + signal.SIGKILL)  # it has ended before the kernel knew of it


def _enter_namespaces(uid: int | None) -> None:
    if uid is not None:
        _checked(_libc.unshare(_NEW_MOUNTS), 'unshare')
        return
    own, group = os.getuid(), os.getgid()
    _checked(_libc.unshare(_NEW_USER | _NEW_MOUNTS | _NEW_PROCESSES), 'unshare')
    for name, text in (
        ('setgroups', 'deny'),
        ('uid_map', f'{own} {own} 1'),
        ('gid_map', f'{group} {group} 1'),
    ):
        with open(f'/proc/self/{name}', 'w') as file:
            file.write(text)


def _follow_in_process_namespace(leashed: bool) -> None:
    """Go on in a process namespace, whose first process ends with the program, and it with that.

    No signal from inside can end the first process of a namespace, so the program is the second:
    it can end itself as anywhere else. When the first one ends, the kernel kills all others. A
    leashed program hears of a signal first, and may end in order.
    """
    first = os.fork()
    if first != 0:
        _hand_on(first, leashed)
        _end_as(first)
    _end_with_starter()
    program = os.fork()
    if program != 0:
        if leashed:
            _hand_on(program, leashed)
        _end_as(program)


def _hand_on(child: int, as_it_is: bool) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda sent, _: os.kill(child, sent if as_it_is else signal.SIGKILL))


def _end_as(child: int) -> None:
    # The pipes are the program's alone, so that they close when it ends.
    os.closerange(0, 3)
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def _change_root(root: str, lines: list, hide_processes: bool) -> None:
    _mount('none', '/', '', _RECURSIVE | _PRIVATE)
    _mount('tmpfs', root, 'tmpfs', _NO_SUID | _NO_DEVICES, 'mode=755,size=4m')
    sealed = [root]
    for kind, path, *source in lines:
        target = root + path
        if kind == 'link':
            os.symlink(source[0], target)
        elif kind == 'empty':
            os.makedirs(target, exist_ok=True)
            _mount('tmpfs', target, 'tmpfs', _NO_SUID | _NO_DEVICES, 'mode=755,size=1m')
            sealed.append(target)
        elif kind in ('read', 'write'):
            _show(source[0], target, read_only=kind == 'read')
    _show_devices(root)
    _show_processes(root, hide_processes)
    for target in sealed:
        _mount('none', target, '', _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_DEVICES)
    os.chdir(root)
    _checked(_libc.pivot_root(b'.', b'.'), 'pivot_root')
    _checked(_libc.umount2(b'.', _DETACH), 'umount')
    os.chdir('/')


def _show(source: str, target: str, read_only: bool) -> None:
    """Make a file or folder of the machine visible at `target`."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    elif not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    _mount(source, target, '', _BIND | _RECURSIVE)
    if read_only:
        _make_read_only(target)


def _make_read_only(target: str) -> None:
    attributes = (ctypes.c_uint64 * 4)(_READ_ONLY | _NO_SUID, 0, 0, 0)
    outcome = _libc.syscall(
        ctypes.c_long(_SYS_MOUNT_SETATTR),
        ctypes.c_int(_AT_HERE),
        target.encode(),
        ctypes.c_uint(_AT_RECURSIVE),
        ctypes.byref(attributes),
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )
    if outcome == 0:
        return
    # A kernel before 5.12: this mount only, with the flags that it has and may not lose.
    flags = os.statvfs(target).f_flag & 0xC0E
    _mount('none', target, '', _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | flags)


def _show_devices(root: str) -> None:
    for name in _DEVICES:
        _show(f'/dev/{name}', f'{root}/dev/{name}', read_only=False)
    os.symlink('/proc/self/fd', f'{root}/dev/fd')
    for number, name in enumerate(('stdin', 'stdout', 'stderr')):
        os.symlink(f'/proc/self/fd/{number}', f'{root}/dev/{name}')


def _show_processes(root: str, hide: bool) -> None:
    os.makedirs(f'{root}/proc')
    release = tuple(int(part) for part in os.uname().release.split('.')[:2] if part.isdigit())
    options = 'hidepid=2' if hide and release >= _HIDES_PROCESSES else ''
    _mount('proc', f'{root}/proc', 'proc', _NO_SUID | _NO_DEVICES | _NO_PROGRAMS, options)


def _limit() -> None:
    """No new privileges, no core dumps, and as many open files as Lambda allows."""
    _checked(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), 'prctl')
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _OPEN_FILES if most == resource.RLIM_INFINITY else min(_OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    os.umask(0o077)


def _close_ports_except(ports: list) -> None:
    """Refuse connections over TCP to any port but these, by Landlock; programs it starts too."""
    knows_scopes = _syscall(_SYS_CREATE_RULESET, None, 0, 1) >= 6
    rules = (ctypes.c_uint64 * 3)(0, _CONNECT_TCP, _SCOPES)
    ruleset = _syscall(_SYS_CREATE_RULESET, ctypes.byref(rules), 24 if knows_scopes else 16, 0)
    _checked(min(ruleset, 0), 'landlock_create_ruleset')
    for port in ports:
        rule = (ctypes.c_uint64 * 2)(_CONNECT_TCP, port)
        added = _syscall(_SYS_ADD_RULE, ruleset, _RULE_OF_PORT, ctypes.byref(rule), 0)
        _checked(added, 'landlock_add_rule')
    _checked(_syscall(_SYS_RESTRICT_SELF, ruleset, 0), 'landlock_restrict_self')
    os.close(ruleset)


def _syscall(number: int, *arguments: object) -> int:
    longs = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _libc.syscall(ctypes.c_long(number), *longs)


if __name__ == '__main__':
    main()
