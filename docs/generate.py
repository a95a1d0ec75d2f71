"""Makes the generated parts of the documentation, or checks that they are up to date.

    python docs/generate.py            write them
    python docs/generate.py --check    list what is out of date; exit code 1 if anything is

Generated are the pictures, gallery.md, layers.md, blocks.md, architectures.md, the table of formats in cli.md,
and in README.md and every other page what follows the commands of the ``console`` blocks. A page is a folder for its
commands: a block with a title (```` ```yaml title="model.yaml" ````) is a file in it, and ``specs/`` lies there too.

The pages of the error codes are in the package, where ``specc explain`` reads them. Site generators follow no links, so
they are copied to docs/errors, which is not under version control.
"""

from __future__ import annotations

import ast
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from specc import cli, files, pipeline
from specc.backends import emit, formats
from specc.backends.pictures import render
from specc.language import layer_pages, std_pages

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
SPECS = ROOT / "specs"
PICTURES = DOCS / "pictures"
OF_BLOCKS = PICTURES / "blocks"
ARCHITECTURES = ROOT / "tests" / "architectures"
WHOLE = ("gallery.md", "layers.md", "blocks.md", "architectures.md")
"""Pages that are generated as a whole."""
ERRORS = ROOT / "compiler" / "specc" / "errors"

COMMAND_NOT_FOUND = 127
"""The exit code of a shell."""

_FENCE = re.compile(
    r'^(?P<fence>`{3,})(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^(?P=fence)$', re.M | re.S
)
_FORMATS = re.compile(r"(?P<start><!-- formats -->\n).*?(?=<!-- end -->)", re.S)
_ENVIRONMENT = {"COLUMNS": "110", "NO_COLOR": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    title: str | None
    text: str
    start: int
    """Where the text begins in the page."""


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(m["language"], m["title"], m["text"], m.start("text")) for m in _FENCE.finditer(page)]


def pages() -> list[Path]:
    """Every page with examples: README.md and docs/*.md."""
    return [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


def spec_files() -> list[Path]:
    """The example specs; not the block files in folders beside them."""
    return sorted(path for path in SPECS.iterdir() if path.suffix in (".json", ".yaml"))


# -- Commands and what they print ----------------------------------------------------------------


@contextmanager
def page_folder(page: str) -> Iterator[Path]:
    """Work in a new folder that has the files of a page, and the specs."""
    before, environment = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "specs").symlink_to(SPECS)
        for block in blocks(page):
            if block.title is not None:
                (folder / block.title).parent.mkdir(parents=True, exist_ok=True)
                (folder / block.title).write_text(block.text, encoding="utf-8")
        os.environ |= _ENVIRONMENT
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ |= environment


def output(command: str) -> str:
    """What a command prints, errors included. ``specc`` runs in this process, which spares its start.

    SystemExit if there is no such command, so that a page never shows the shell's word for that.
    """
    words = shlex.split(command)
    if words[0] != "specc" or "--plugin" in words or re.search(r"[|<>;&]", command):
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        if done.returncode == COMMAND_NOT_FOUND:
            raise SystemExit(f"{done.stderr.strip()}\nthe pages need the test extra: pip install -e '.[test]'")
        return done.stdout + done.stderr
    content = io.BytesIO()
    printed = io.TextIOWrapper(content, "utf-8", write_through=True)  # pictures are written as bytes
    with redirect_stdout(printed), redirect_stderr(printed):
        cli.run(words[1:])
    return content.getvalue().decode()


def refreshed(page: str) -> str:
    """A page with the outputs of its commands as they are now."""
    page = _FORMATS.sub(lambda found: found["start"] + formats.table(), page)
    consoles = [block for block in blocks(page) if block.language == "console"]
    if not consoles:
        return page
    with page_folder(page):
        for block in reversed([(block, _session(block.text)) for block in consoles]):
            old, new = block
            page = page[: old.start] + new + page[old.start + len(old.text) :]
    return page


def _session(text: str) -> str:
    """A console block's commands, each with what it prints."""
    shown = []
    for line in text.splitlines():
        if line.startswith("$ "):
            printed = [line.rstrip() for line in output(line[2:]).strip("\n").splitlines()]
            shown.append("\n".join([line, *printed]) + "\n")
    return "".join(shown)


# -- Generated files -----------------------------------------------------------------------------


def drawings() -> Iterator[tuple[Path, str]]:
    """The pictures: of every spec, of the functional CNN, and of the example of each of specc's own blocks."""
    for path in spec_files():
        graph = pipeline.compile(path).graph
        yield PICTURES / f"{path.name}.svg", emit.picture(graph).decode()
    chain = pipeline.compile(SPECS / "fashion_mnist_cnn.json").graph.in_form("functional")
    yield PICTURES / "fashion_mnist_cnn.functional.svg", render.svg(chain)
    for block in std_pages.blocks():
        yield OF_BLOCKS / f"{block.name}.svg", emit.picture(pipeline.compile(block.example).graph).decode()


def gallery() -> str:
    """gallery.md: every spec with its text, its size and its picture."""
    parts = [
        "# Gallery\n",
        "All example specs in `specs/`, with their pictures. The tests compile and build each of them. Blocks are open",
        "as far as everything can be read in a column of a paper; `specc graph --depth all` opens all.\n",
    ]
    for path in spec_files():
        text = path.read_text(encoding="utf-8")
        with page_folder(""):
            said = output(f"specc check specs/{path.name}").strip().partition(": ")[2]
        language = path.suffix.removeprefix(".")
        parts.append(f"## {path.name}\n\n{said}.\n\n```{language}\n{text.rstrip()}\n```\n")
        parts.append(f"![The picture of {path.name}](pictures/{path.name}.svg)\n")
    return "\n".join(parts)


def architectures() -> str:
    """architectures.md: the public architectures of the tests, in a table."""
    rows = [
        "# Public architectures\n",
        "Known networks that are not in `keras.applications`, each written twice: as a spec, and in Keras by hand, in",
        "`tests/architectures/`. The tests build both, and compare every layer, argument, connection and weight, and with equal",
        "weights the results. Where the last column says how the graphs differ, the results are compared. The model of the",
        "Python source that `specc build` writes is compared with the spec's.\n",
        "Lines are those that are not blank, and neither comments nor descriptions. Parameters are those that are trained, at",
        "full size, beside the rounded number by which the network is known, where there is one. Tables elsewhere confirm\n"
        "those of EfficientDet-D0, MobileViT-XXS, RepVGG-A0 and Swin-T; the rest are quoted from memory.\n",
        "| architecture | source | lines of YAML | of Python | parameters | published | equal |",
        "|---|---|---:|---:|---:|---|---|",
    ]
    notes = []
    for path in sorted(ARCHITECTURES.glob("*.yaml")):
        tree = ast.parse(path.with_suffix(".py").read_text(encoding="utf-8"))
        said = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper()
        }
        title = (ast.get_docstring(tree) or "").rstrip(".")
        params = pipeline.compile(path).graph.trainable_params
        published = said.get("PUBLISHED", "")
        if "NOTE" in said:
            notes.append(f"- {title}: {said['NOTE']}")
        rows.append(
            f"| {title} | [{said['SOURCE']}]({said['LINK']}) | {yaml_lines(path)} | {python_lines(path.with_suffix('.py'))}"
            f" | {params:,} | {published} | {said.get('EQUAL', 'yes')} |"
        )
    return "\n".join([*rows, "", *notes]).rstrip() + "\n"


def yaml_lines(path: Path) -> int:
    """The lines of a spec and of its files without blanks, comments and descriptions."""
    counted, described = 0, -1
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        depth = len(line) - len(line.lstrip())
        if not text or text.startswith("#") or depth > described >= 0:
            continue
        described = depth if text.startswith("description:") else -1
        counted += described < 0
    return counted + sum(yaml_lines(file) for file in sorted(path.with_suffix("").glob("*.yaml")))


def python_lines(path: Path) -> int:
    """The lines of a module's imports and functions without blanks, comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    counted: set[int] = set()
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.Expr):
            counted |= set(range(node.lineno, (node.end_lineno or 0) + 1))
    for inner in ast.walk(tree):
        if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant) and isinstance(inner.value.value, str):
            counted -= set(range(inner.lineno, (inner.end_lineno or 0) + 1))
    lines = text.splitlines()
    return sum(bool(lines[number - 1].strip()) and not lines[number - 1].strip().startswith("#") for number in counted)


def generated() -> Iterator[tuple[Path, str]]:
    """Every generated file with what it should hold."""
    yield from drawings()
    yield DOCS / "gallery.md", gallery()
    yield DOCS / "layers.md", layer_pages.markdown()
    yield DOCS / "architectures.md", architectures()
    yield DOCS / "blocks.md", std_pages.markdown(OF_BLOCKS.relative_to(DOCS).as_posix())
    for path in pages():
        if path.name not in WHOLE:
            yield path, refreshed(path.read_text(encoding="utf-8"))


def same(path: Path, wanted: str) -> bool:
    """Whether a file holds that."""
    return path.exists() and path.read_text(encoding="utf-8") == wanted


def main() -> int:
    """Write what is out of date, or with ``--check`` only list it."""
    check = "--check" in sys.argv[1:]
    if not check:
        shutil.rmtree(DOCS / "errors", ignore_errors=True)
        shutil.copytree(ERRORS, DOCS / "errors")
    stale = 0
    for path, wanted in generated():
        if same(path, wanted):
            continue
        stale += 1
        print(f"{'out of date' if check else 'wrote'}: {path.relative_to(ROOT)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_text(str(path), wanted)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
