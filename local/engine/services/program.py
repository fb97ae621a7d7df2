"""What a container is asked to be, and the program that runs for it."""

from __future__ import annotations

import signal
from typing import Callable, NamedTuple


class Program(NamedTuple):
    """What to run for an image. `files` are written into its temporary folder before each start;
    `keeps` is the folder in there whose contents are worth a copy.
    """

    command: list
    variables: dict = {}
    folders: tuple = ()
    files: dict = {}
    keeps: str = ''
    stop_signal: int = signal.SIGTERM
    restarts: bool = False


class Request(NamedTuple):
    """What the engine asks of a container. `entry` replaces what the image would run."""

    image: str
    command: list
    variables: dict
    port: int | None
    entry: tuple = ()


class Confinement(NamedTuple):
    """How a program is started: the command around it, and its variables."""

    command: list
    variables: dict


# Gives the program for a request, or None for an image that it does not know.
Find = Callable[[Request], 'Program | None']
# Confines a command: the command, its own folder, and the folders of its program.
Confine = Callable[[list, str, tuple], Confinement]
# Hears of a container that cannot be started, and why.
Fail = Callable[[Request, Exception], None]
