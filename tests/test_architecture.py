"""ARCHITECTURE.md is a print of what import-linter checks and of what the modules say of themselves."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
PACKAGE = HOME / "atsugi_cli"
ARCHITECTURE = HOME / ".github/ARCHITECTURE.md"
MODULES = HOME / ".github/MODULES.md"


def layers():
    """Read the layers from the edge down, each with its modules."""
    settings = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    rows = next(each["layers"] for each in contracts if each["type"] == "layers")
    return [re.findall(r"\w+", row) for row in rows]


def first_line(path):
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert doc, f"{path} says nothing of itself"
    return doc.split("\n")[0]


def source(name):
    return next(path for path in (PACKAGE / f"{name}.py", PACKAGE / name / "__init__.py") if path.is_file())


def said(name):
    slash = "" if source(name).parent == PACKAGE else "/"
    return f"| `{name}{slash}` | {first_line(source(name))} |"


def table_of_layers():
    rows = [f"| {at} {said(name)}" for at, row in enumerate(layers(), start=1) for name in row]
    return "\n".join(["| layer | module | says of itself |", "|---|---|---|", *rows, ""])


def table_of_modules():
    parts = []
    for name in (name for row in layers() for name in row if source(name).parent != PACKAGE):
        paths = [path for path in sorted((PACKAGE / name).rglob("*.py")) if path.name != "__init__.py"]
        rows = [f"| `{path.relative_to(PACKAGE / name).as_posix()}` | {first_line(path)} |" for path in paths]
        parts.append("\n".join([f"## {name}/", "", "| module | says of itself |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("path", "mark", "made"), [(ARCHITECTURE, "layers", table_of_layers), (MODULES, "modules", table_of_modules)]
)
def test_the_list_of_modules_is_what_the_modules_say(path, mark, made, request):
    text = path.read_text(encoding="utf-8")
    head, rest = text.split(f"<!-- {mark} -->\n")
    printed, tail = rest.split(f"<!-- /{mark} -->")
    if request.config.getoption("--accept"):
        printed = made()
        path.write_text(f"{head}<!-- {mark} -->\n{printed}<!-- /{mark} -->{tail}", encoding="utf-8", newline="\n")
    assert printed == made()


def test_the_layers_are_all_modules():
    here = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert sorted(name for row in layers() for name in row) == sorted(here - {"__init__"})


def test_the_picture_shows_every_package():
    picture = ARCHITECTURE.read_text(encoding="utf-8").split("```")[1]
    assert set(re.findall(r"(\w+)/", picture)) == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def test_every_word_of_the_glossary_is_a_name_of_the_code():
    words = ARCHITECTURE.read_text(encoding="utf-8").partition("## Words")[2].partition("\n## ")[0]
    named = [word for row in re.findall(r"^\| ([A-Z][\w, ]+) \|", words, re.MULTILINE) for word in row.split(", ")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    assert len(named) >= 20
    for word in named:
        assert re.search(rf"\b{word}s?\b", code, re.IGNORECASE), word


CALLED = {"app": "program", "cli": "edge", "docx": "word", "xlsx": "excel", "pptx": "powerpoint", "__main__": "entry"}
"""What a module is called in its first line where that is not its name."""


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py"))[1:], ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_first_line_of_a_module_explains_its_name(path):
    name = path.parent.name if path.name == "__init__.py" else path.stem
    said = first_line(path).lower()
    words = [CALLED[name]] if name in CALLED else [CALLED.get(word, word) for word in name.strip("_").split("_")]
    assert [word for word in words if word.removesuffix("s") not in said] == []
    assert len(said) > len(name) + 10


MOST_LINES = 51_550
"""What the package may grow to; why, and where lines are to be saved, says decision 0019."""


def test_the_package_grows_on_purpose():
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in PACKAGE.rglob("*.py"))
    assert lines <= MOST_LINES, "raise the number in the same commit, and say what the lines pay for"
