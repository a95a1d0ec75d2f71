"""The documentation is true: every example runs, every output is what specc prints now, every link leads somewhere."""

from __future__ import annotations

import doctest
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import specc
from specc.diagnostics import CompileError
from specc.frontend import std
from specc.frontend.parse import parse_blocks
from specc.frontend.read import read_file, read_text
from specc.language import json_schema, layer_pages, std_pages

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
ERRORS = ROOT / "compiler" / "specc" / "errors"
"""Which the site has in docs/errors: see docs/generate.py."""


def load_generator() -> ModuleType:
    found = importlib.util.spec_from_file_location("generate_docs", DOCS / "generate.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["generate_docs"] = module
    found.loader.exec_module(module)
    return module


docs = load_generator()
PAGES = docs.pages()
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
WRITTEN = [path for path in PAGES if path.name not in docs.WHOLE]
OTHERS = [ROOT / "benchmarks" / "README.md", *sorted(ROOT.glob("[A-Z]*.md")), *sorted(ERRORS.glob("*.md"))]
ALL = list(dict.fromkeys([*PAGES, *OTHERS]))


# -- Generated parts -------------------------------------------------------------------------------


def test_pictures_are_up_to_date() -> None:
    assert [path.name for path, wanted in docs.drawings() if not docs.same(path, wanted)] == []
    drawn = {f"{path.name}.svg" for path in docs.spec_files()} | {"fashion_mnist_cnn.functional.svg"}
    assert {path.name for path in docs.PICTURES.glob("*.svg")} == drawn
    assert {path.stem for path in docs.OF_BLOCKS.glob("*.svg")} == set(std.blocks())


def test_gallery_is_up_to_date() -> None:
    assert (DOCS / "gallery.md").read_text() == docs.gallery()


def test_layers_are_up_to_date() -> None:
    assert (DOCS / "layers.md").read_text() == layer_pages.markdown()


def test_blocks_are_up_to_date() -> None:
    assert (DOCS / "blocks.md").read_text() == std_pages.markdown("pictures/blocks")


def test_architectures_are_up_to_date() -> None:
    assert (DOCS / "architectures.md").read_text() == docs.architectures()


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_outputs_are_up_to_date(page: Path) -> None:
    text = page.read_text()
    assert docs.refreshed(text) == text, "run: python docs/generate.py"


def test_a_missing_program_is_not_written_into_a_page() -> None:
    with pytest.raises(SystemExit, match=r"no-such-program: command not found\n.*pip install -e '.\[test\]'"):
        docs.refreshed("```console\n$ no-such-program\n```\n")


# -- Examples --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_examples_compile(page: Path) -> None:
    """Every YAML and JSON block is a sound spec or a file of blocks; one titled wrong_* is neither."""
    text = page.read_text()
    with docs.page_folder(text):
        for block in docs.blocks(text):
            if block.language not in ("yaml", "json"):
                continue
            title = block.title or f"example.{block.language}"
            if title.startswith("blocks/"):
                assert is_block_file(title)
                continue
            Path(title).write_text(block.text)
            found = specc.check(title)
            if title.startswith("wrong_"):
                assert found, block.text
            else:
                assert [diagnostic.message for diagnostic in found] == [], block.text


def is_block_file(path: str) -> bool:
    from specc.diagnostics import Report

    report = Report()
    parse_blocks(read_file(path), report)
    try:
        report.stop()
    except CompileError:
        return False
    return True


def test_examples_pass_the_json_schema() -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json_schema.schema())
    wrong = []
    for page in WRITTEN:
        for block in docs.blocks(page.read_text()):
            title = block.title or ""
            if block.language in ("yaml", "json") and not title.startswith(("wrong_", "blocks/")):
                data = read_text(block.text, f"example.{block.language}").data
                wrong += [(page.name, error.json_path, error.message) for error in validator.iter_errors(data)]
    assert wrong == []


@pytest.mark.parametrize("page", [page for page in PAGES if ">>>" in page.read_text()], ids=lambda page: page.name)
def test_python_examples(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = page.read_text()
    source = "\n".join(block.text for block in docs.blocks(text) if block.language == "python" and ">>>" in block.text)
    example = doctest.DocTestParser().get_doctest(source, {}, page.name, str(page), 0)
    with docs.page_folder(text):
        failed = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example).failed
    assert not failed, capsys.readouterr().out


def test_tutorial_has_the_specs() -> None:
    """The tutorial shows the specs as they are, but for comments and format."""
    text = (DOCS / "tutorial.md").read_text()
    shown = {
        block.title: read_text(block.text, block.title).data
        for block in docs.blocks(text)
        if block.language in ("yaml", "json")
    }
    assert shown.pop("priced.yaml")  # the tutorial's own
    assert set(shown) == {"fashion_mnist_cnn.json", "mlp.yaml", "branched.json", "branched.yaml"}
    for name, data in shown.items():
        assert data == read_file(str(docs.SPECS / name)).data


def test_the_proof_of_the_tutorial_fails_where_the_models_differ() -> None:
    """Its command that compares two files says that they are the same, and says no such thing of another activation."""
    text = (DOCS / "tutorial.md").read_text()
    command = next(line[2:] for line in text.splitlines() if line.startswith("$ diff "))
    with docs.page_folder(text) as folder:
        assert docs.output(command) == "the same\n"
        (folder / "other.yaml").write_text((folder / "branched.yaml").read_text().replace("relu", "tanh", 1))
        assert "the same" not in docs.output(command.replace("specs/branched.yaml", "other.yaml"))


# -- Links and lists -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ALL, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if found.parent == DOCS / "errors":
            found = ERRORS / found.name
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert broken == []


@cache
def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and MkDocs make them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return {re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


def test_navigation_is_complete() -> None:
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(), yaml.BaseLoader)  # a tag of MkDocs names a function
    listed = [next(iter(entry.values())) for entry in settings["nav"]]
    assert sorted(listed) == sorted([*(path.name for path in DOCS.glob("*.md")), "errors/index.md"])
    index = (DOCS / "index.md").read_text()
    assert [page for page in listed if page != "index.md" and f"({page})" not in index] == []


def test_paths_in_the_architecture_exist() -> None:
    text = (DOCS / "architecture.md").read_text()
    package = ROOT / "compiler" / "specc"
    named = re.findall(r"`([\w/*]+(?:\.(?:py|toml)|/))`", text)
    assert len(named) > 20
    assert [
        name for name in named if not (list(package.glob(name.rstrip("/"))) or list(ROOT.glob(name.rstrip("/"))))
    ] == []


# -- README ----------------------------------------------------------------------------------------


def test_readme_has_the_two_commands() -> None:
    shell = [block.text for block in docs.blocks((ROOT / "README.md").read_text()) if block.language == "sh"]
    assert shell == ['pip install . && specc build specs/fashion_mnist_cnn.json\npip install -e ".[test]" && pytest\n']
