"""The engine's modules as one script, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from specc.backends.pictures import bundle as module
from specc.backends.pictures.bundle import bundle


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of modules in place of the engine's."""
    bundle.cache_clear()
    monkeypatch.setattr(module, "files", lambda _: tmp_path)
    (tmp_path / "engine").mkdir()
    return tmp_path / "engine"


def write(folder: Path, **modules: str) -> None:
    for name, text in modules.items():
        (folder / f"{name.replace('_', '-')}.js").write_text(text)


def test_a_module_becomes_a_function_that_runs_once(folder: Path) -> None:
    write(
        folder,
        main='import { two as deux, three } from "./a-b.js";\nimport { one } from "./c.js";\n\nexport const all = [one, deux, three];\n',
        a_b='import { one } from "./c.js";\n\nexport const two = one + 1;\nexport function three() {}\n',
        c="export const one = 1;\n",
    )
    assert (
        bundle("main")
        == """\
"use strict";
const $engine_c = (() => {
const one = 1;
return { one };
})();
const $engine_a_b = (() => {
const {one} = $engine_c;

const two = one + 1;
function three() {}
return { two, three };
})();
const $engine_main = (() => {
const {two: deux, three} = $engine_a_b;
const {one} = $engine_c;

const all = [one, deux, three];
return { all };
})();
const specc = { ...$engine_main };
""".replace("{one}", "{ one }").replace("{two: deux, three}", "{ two: deux, three }")
    )


def test_a_module_may_import_from_a_folder_beside_its_own(folder: Path) -> None:
    write(folder, a="export const one = 1;\n")
    (folder.parent / "page").mkdir()
    write(folder.parent / "page", a='import { one } from "../engine/a.js";\n\nexport const two = one + 1;\n')
    assert "const {one} = $engine_a;".replace("{one}", "{ one }") in bundle("a", folder="page")
    assert bundle("a", folder="page").endswith("const specc = { ...$page_a };\n")


def test_a_circle_is_refused(folder: Path) -> None:
    write(
        folder,
        main='import { b } from "./b.js";\nexport const a = b;\n',
        b='import { a } from "./main.js";\nexport const b = a;\n',
    )
    with pytest.raises(ValueError, match=r"^modules import each other: engine/main -> engine/b -> engine/main$"):
        bundle("main")


@pytest.mark.parametrize("text", [
    "export default function () {}\n",
    "export { a };\n",
    'export * from "./b.js";\n',
    "export let a = 1;\n",
    'import b from "./b.js";\n',
    'import * as b from "./b.js";\n',
    'import "./b.js";\n',
    'import { b } from "elsewhere";\n',
])  # fmt: skip
def test_what_is_not_read_is_refused(folder: Path, text: str) -> None:
    write(folder, main=text, b="export const b = 1;\n")
    with pytest.raises(ValueError, match=r"^engine/main\.js imports or exports in a way that is not read here$"):
        bundle("main")


def test_the_engine_is_the_same_script_each_time() -> None:
    program = "from specc.backends.pictures.bundle import bundle; print(hash(bundle('main')) * 0, len(bundle('main')), bundle('main'))"
    scripts = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(scripts) == 1
    assert b"const specc = { ...$engine_main };" in scripts.pop()
