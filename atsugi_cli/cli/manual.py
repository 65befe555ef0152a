"""The manual's catalogues: change kinds and rules as their tables have them, formats and keys read off theirs."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from atsugi_cli import store
from atsugi_cli.catalogue import Catalogue, Entry
from atsugi_cli.formats import FORMATS, Format
from atsugi_cli.reader.schema import TYPE_WORDS

_EXAMPLE: Final = re.compile(r"例: (.+?)）(?:[。も]|$)")
_REFERENCE: Final = "#/$defs/"
_OUTPUTS: Final = {"validate": "検証結果", "tree": "体系図", "points": "ポイント", "kpis": "KPI一覧", "log": "経過"}
"""What an example calls the file that a command writes."""

Schema = Mapping[str, Any]


def catalogues() -> Sequence[Catalogue]:
    """Give every table that can be explained: change kinds, rules, formats, the keys of editions and of profiles."""
    from atsugi_cli.kinds import CATALOGUE as KINDS
    from atsugi_cli.rules import CATALOGUE as RULES

    return (
        KINDS,
        RULES,
        formats(),
        keys("strategy", "版に書くキー"),
        keys("profile", "profile.yamlに書くキー", "profile."),
    )


def found(code: str) -> list[Entry]:
    """Find what a code, a Japanese name or a key means: `title` is a key of several things."""
    entries = [entry for each in catalogues() for entry in each]
    named = [entry for entry in entries if code in (entry.code, entry.label)]
    keyed = [entry for entry in entries if entry.code.endswith(f".{code}")]
    return named + [entry for entry in keyed if entry not in named]


def formats() -> Catalogue:
    """Tell of every format which commands write it, and under which names of files."""
    rows: dict[str, list[Format]] = {}
    for form in FORMATS:
        rows.setdefault(form.code, []).append(form)
    return Catalogue("出力の形式", tuple(map(_format, rows.values())))


def _format(rows: list[Format]) -> Entry:
    head = rows[0]
    commands = list(dict.fromkeys(command for row in rows for command in row.commands))
    suffixes = list(dict.fromkeys(suffix for row in rows for suffix in row.suffixes))
    doc = f"{'、'.join(commands)} で使えます。"
    if suffixes:
        doc += f"ファイル名が {'、'.join(suffixes)} で終わると、この形式になります。"
    if head.binary:
        doc += "\n\n端末には表示できません。`-o` でファイルに書き出します。"
    command = commands[0]
    output = f" -o {_OUTPUTS.get(command, '新旧対照表')}{suffixes[0]}" if suffixes else ""
    example = f"strategy {command}{output or f' -f {head.code}'}"
    return Entry(head.code, head.label, "format", doc, example=example)


def keys(kind: str, title: str, prefix: str = "") -> Catalogue:
    """Tell of every key what its JSON Schema says: name, meaning, what may be written, where it stands.

    A key that means the same in several places (the title of an item, a section, a viewpoint) is told once.
    """
    schema = json.loads((Path(store.packaged("schemas")) / f"{kind}.schema.json").read_text(encoding="utf-8"))
    parts = schema.get("$defs", {})
    told: dict[tuple[str, str, str], tuple[str, Schema, list[str]]] = {}
    walks = [_walked(schema, "", title, parts)]
    walks += [_walked(part, f"{name}.", part["title"], parts) for name, part in parts.items() if "properties" in part]
    for path, own, where in (each for walk in walks for each in walk):
        referred = own.get("$ref", "").removeprefix(_REFERENCE)
        said = {**parts[referred], **own} if referred else own
        key = path.rpartition(".")[2]
        code = path if "title" in own else key
        same = key, said.get("title", ""), said.get("description", "")
        told.setdefault(same, (code, said, []))[2].append(where)
    return Catalogue(
        title,
        tuple(_key(prefix + code, said, list(dict.fromkeys(places))) for code, said, places in told.values()),
    )


def _walked(schema: Schema, path: str, where: str, parts: Schema) -> Iterator[tuple[str, Schema, str]]:
    """Give path, schema and place of every key below; what stands in `parts` is walked by itself."""
    for key, own in schema.get("properties", {}).items():
        here = f"{path}{key}"
        yield here, own, where
        inner = own.get("items", own)
        if isinstance(inner, Mapping) and not _is_list_of_words(inner):
            yield from _walked(inner, f"{here}.", own.get("title", key), parts)


def _is_list_of_words(schema: Schema) -> bool:
    """Tell whether all keys say the same, so that they need not be told one by one: the labels of the kinds."""
    said = {(each.get("title"), each.get("description")) for each in schema.get("properties", {}).values()}
    return len(said) == 1


def _key(code: str, said: Schema, places: list[str]) -> Entry:
    key = code.rpartition(".")[2]
    words = said.get("description") or f"{said['title']}です。"
    lines = [words, f"- 書くところ: {'、'.join(places)}", f"- 書くもの: {_allowed(said)}"]
    example = _EXAMPLE.search(words)
    return Entry(code, said["title"], "key", "\n".join([lines[0], "", *lines[1:]]), example=_shown(key, said, example))


def _allowed(said: Schema) -> str:
    if "const" in said:
        return str(said["const"])
    if "enum" in said:
        return "、".join(map(str, said["enum"]))
    choices = said.get("oneOf") or said.get("anyOf")
    if choices:
        return "、または".join(dict.fromkeys(_allowed(choice) for choice in choices))
    kinds = said.get("type", "object")
    return "、または".join(
        TYPE_WORDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind != "null"
    )


def _shown(key: str, said: Schema, example: re.Match[str] | None) -> str:
    if example:
        words = example[1]
        return f"{key}: {words if words[0] in '[{' else words.partition('、')[0]}"
    return f"{key}: {said['enum'][0]}" if "enum" in said else ""
