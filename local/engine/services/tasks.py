"""Containers of ECS: for each image, the command that runs in place of its entry point."""

from __future__ import annotations

from services.processes import Program, Request


def program(images: dict, request: Request) -> Program | None:
    """`images` has for an image its `command`, and the `folders` that its process sees."""
    image = images.get(request.image)
    if image is None:
        return None
    return Program(
        command=[*image['command'], *request.command],
        variables=request.variables,
        folders=tuple(image.get('folders', ())),
    )
