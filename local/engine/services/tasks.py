"""Containers of ECS: for each image, the command that runs in place of its entry point."""

from __future__ import annotations

import os
import posixpath
import shutil

from services.program import Program, Request

# The system loads code into a process by these variables, before the process is confined.
_LOADS_CODE = ('LD_', 'DYLD_', 'GCONV_', 'GLIBC_')


def program(images: dict, request: Request) -> Program | None:
    """`images` has for an image its `command`, the `arguments` that follow it where the container
    names none, the `variables` that the container may change, its `workdir` and `copies`, by which
    words of the command find their files, and the `folders` that its process sees. As in Docker,
    an entry point of the container replaces both `command` and `arguments`.
    """
    image = images.get(request.image)
    if image is None:
        return None
    variables = {**image.get('variables', {}), **request.variables}
    for name in variables:
        if name.upper().startswith(_LOADS_CODE):
            raise ValueError(
                f'The local engine does not pass the variable {name} to a container: by it, code '
                'would run outside what confines the container.'
            )
    own = () if request.entry else image.get('arguments', ())
    first, *words = [*(request.entry or image['command']), *(request.command or own)]
    return Program(
        # `node` is the Node.js of the run, also where the variables name other places for programs.
        command=[shutil.which(first) or first, *(_on_this_machine(word, image) for word in words)],
        variables=variables,
        folders=tuple(image.get('folders', ())),
    )


def _on_this_machine(word: str, image: dict) -> str:
    """The word as the process finds it: a path in the image becomes the one that lies there."""
    in_image = posixpath.normpath(posixpath.join(image.get('workdir', '/'), word))
    # A later COPY lies over an earlier one.
    for target, source in reversed(image.get('copies', ())):
        below = posixpath.relpath(in_image, target)
        path = os.path.normpath(os.path.join(source, below))
        if word and below.split('/')[0] != '..' and os.path.exists(path):
            return path
    return word
