"""Serves the pages of watched specs on the loopback address, and tells them when a spec is saved.

It answers GET requests for the pages it lists, from this machine, and nothing else: a page elsewhere that reaches it
under a name of its own (DNS rebinding) has a foreign Host header, and is refused.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from html import escape
from importlib.resources import files
from string import Template
from types import FrameType

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from watchfiles import Change, awatch

from specc.backends.pictures.html import page
from specc.viewer.watched import Watched

ADDRESS = "127.0.0.1"
HOSTS = [ADDRESS, "localhost"]
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STEP, DEBOUNCE = 20, 100
"""Milliseconds: how often changes are looked for, and how long an editor may take to save."""
LONGEST_END = 1
"""Seconds that connections have to end after Ctrl-C."""


def listen(port: int) -> socket.socket:
    """A socket of this machine; port 0 for a free one. OSError if the port is taken."""
    return socket.create_server((ADDRESS, port))


def address_of(listening: socket.socket) -> str:
    """What a browser opens."""
    return f"http://{ADDRESS}:{listening.getsockname()[1]}/"


def serve(specs: list[Watched], listening: socket.socket) -> None:
    """Serve until Ctrl-C, then raise KeyboardInterrupt."""
    viewer = Viewer(specs)
    config = uvicorn.Config(
        viewer.app(), log_level="warning", access_log=False, timeout_graceful_shutdown=LONGEST_END, ws="none"
    )
    _Server(config, viewer).run(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, viewer: Viewer) -> None:
        super().__init__(config)
        self.viewer = viewer

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """At Ctrl-C: pages that listen are let go, as the server waits for them."""
        self.viewer.end()
        super().handle_exit(sig, frame)


class Viewer:
    """The application: specs by name, and those who wait for a change."""

    def __init__(self, specs: list[Watched]) -> None:
        self.specs = {spec.name: spec for spec in specs}
        self._changed = anyio.Event()
        self._ended = anyio.Event()

    def app(self) -> Starlette:
        """The pages and what they load."""
        routes = [
            Route("/", self.index, methods=["GET"]),
            Route("/{name}", self.page, methods=["GET"]),
            Route("/{name}/data", self.data, methods=["GET"]),
            Route("/{name}/events", self.events, methods=["GET"]),
        ]
        trusted = Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)
        return Starlette(routes=routes, middleware=[trusted], lifespan=self._watching)

    def end(self) -> None:
        """Let all that wait for changes go."""
        self._ended.set()
        self._tell()

    async def index(self, _request: Request) -> Response:
        """The page of the only spec, or a list of all."""
        if len(self.specs) == 1:
            return self._page_of(next(iter(self.specs.values())))
        template = Template(files("specc.viewer").joinpath("index.html").read_text("utf-8"))
        return HTMLResponse(template.substitute(rows="\n".join(map(_row, self.specs.values()))), headers=HEADERS)

    async def page(self, request: Request) -> Response:
        """The page of a spec."""
        return self._page_of(self._spec(request))

    async def data(self, request: Request) -> Response:
        """What a page shows, of the last good version."""
        return JSONResponse(self._spec(request).data, headers=HEADERS)

    async def events(self, request: Request) -> Response:
        """The state of a spec, now and after each change, as server-sent events."""
        return StreamingResponse(self._states(self._spec(request)), media_type="text/event-stream", headers=HEADERS)

    def _spec(self, request: Request) -> Watched:
        try:
            return self.specs[request.path_params["name"]]
        except KeyError:
            raise HTTPException(404) from None

    @staticmethod
    def _page_of(spec: Watched) -> Response:
        text = page(spec.data["scene"]["title"], {**spec.data, "live": f"/{spec.name}"}, connect="'self'")
        return HTMLResponse(text, headers=HEADERS)

    async def _states(self, spec: Watched) -> AsyncIterator[str]:
        while not self._ended.is_set():
            changed = self._changed
            yield f"data: {json.dumps(spec.state())}\n\n"
            await changed.wait()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    @asynccontextmanager
    async def _watching(self, _app: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as group:
            group.start_soon(self._watch)
            yield
            group.cancel_scope.cancel()

    async def _watch(self) -> None:
        """Compile what is saved. New folders, of files that a spec newly includes, are watched from then on."""
        while not self._ended.is_set():
            folders = self._folders()
            watching = awatch(
                *folders,
                recursive=False,
                step=STEP,
                debounce=DEBOUNCE,
                watch_filter=self._concerns,
                stop_event=self._ended,
            )
            async with aclosing(watching):
                async for changes in watching:
                    self._take({path for _, path in changes})
                    if self._folders() != folders:
                        break

    def _take(self, paths: set[str]) -> None:
        for spec in self.specs.values():
            if any(map(spec.concerns, paths)):
                spec.update()
        self._tell()

    def _folders(self) -> set[str]:
        named = set().union(*(spec.folders for spec in self.specs.values()))
        return set(filter(os.path.isdir, named))

    def _concerns(self, _change: Change, path: str) -> bool:
        return any(spec.concerns(path) for spec in self.specs.values())


def _row(spec: Watched) -> str:
    errors = spec.problems["errors"]
    said = f"{errors} error{'s' if errors > 1 else ''}" if errors else spec.data["scene"]["caption"]
    kind = ' class="wrong"' if errors else ""
    title = escape(spec.data["scene"]["title"])
    return f'<li><a href="/{escape(spec.name)}">{title}</a> <span>{escape(spec.file)}</span> <span{kind}>{escape(said)}</span></li>'
