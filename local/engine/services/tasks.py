"""Containers of ECS: for each image, the command that runs in place of its entry point."""

from __future__ import annotations

from services.processes import Program, Request

# The system loads code into a process by these variables, before the process is confined.
_LOADS_CODE = ('LD_', 'DYLD_', 'GCONV_', 'GLIBC_')


def program(images: dict, request: Request) -> Program | None:
    """`images` has for an image its `command`, the `arguments` that follow it where the container
    names none, and the `folders` that its process sees.
    """
    image = images.get(request.image)
    if image is None:
        return None
    for name in request.variables:
        if name.upper().startswith(_LOADS_CODE):
            raise ValueError(
                f'The local engine does not pass the variable {name} to a container: by it, code '
                'would run outside what confines the container.'
            )
    return Program(
        command=[*image['command'], *(request.command or image.get('arguments', ()))],
        variables=request.variables,
        folders=tuple(image.get('folders', ())),
    )
