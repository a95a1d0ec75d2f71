"""TypedGraph to one HTML page that works offline: the picture to fold, search and trace, and what each layer is.

The page holds the whole scene and the engine, which lays out in the browser. Its sources are in the folder ``page``:
`bundle` makes one script of them.
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from specc.backends.pictures.bundle import bundle
from specc.backends.pictures.details import details
from specc.backends.pictures.drawn import Drawn, scene_of
from specc.backends.pictures.expand import opened
from specc.backends.pictures.options import DEFAULT, Options
from specc.backends.pictures.scenes.repeats import fold_repeats


def html(drawn: Drawn, options: Options = DEFAULT) -> str:
    """The page of a graph, one file that needs nothing else."""
    data = page_data(drawn, options)
    return page(data["scene"]["title"], data)


def page_data(drawn: Drawn, options: Options = DEFAULT) -> dict[str, Any]:
    """What a page is made from, as JSON: the scene, the one whose repeats are folded, and the details of all cards.

    ValueError for a name in ``options.expand`` that nothing has.
    """
    scene, stacked = scene_of(drawn), fold_repeats(scene_of(drawn))
    expand, depth = opened(stacked, options)
    return {
        "scene": scene.as_dict(),
        "details": details(scene),
        "stacked": stacked.as_dict(),
        "options": {
            "direction": options.direction,
            "depth": depth,
            "expand": expand,
            "show": options.show,
            "theme": options.theme,
        },
    }


def page(title: str, data: dict[str, Any], connect: str = "'none'") -> str:
    """A page of some data; ``connect`` is what it may load from, as its content security policy says it."""
    folder = files(__package__).joinpath("page")
    script = "\n" + bundle("main", folder="page")
    return Template(folder.joinpath("page.html").read_text("utf-8")).substitute(
        title=escape(title),
        style=folder.joinpath("page.css").read_text("utf-8"),
        data=_json(data),
        script=script,
        digest=b64encode(sha256(script.encode()).digest()).decode(),
        connect=connect,
    )


def _json(value: Any) -> str:
    """JSON that cannot end its script element: ``</script>`` and ``<!--`` need a ``<``."""
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
