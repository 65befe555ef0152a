"""Values: findings about one value: of another type, out of bounds, not one of the words, empty."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Edit, Finding, Related
from atsugi_cli.reader import schema_codes
from atsugi_cli.reader.explain import advice, figures, remedies
from atsugi_cli.reader.explain.context import (
    NAMES,
    OMITTED,
    File,
    Path,
    data_at,
    example_of,
    joined,
    node_at,
    slip_at,
    spot_of,
    value_place,
)
from atsugi_cli.reader.schema import TYPE_WORDS, Schema
from atsugi_cli.reader.slips.table import dash
from atsugi_cli.values import read_number

if TYPE_CHECKING:
    from jsonschema import ValidationError

_ACTUAL = {bool: "真偽値", int: "数", float: "数", list: "一覧", str: "文字"}
_DASHED = r"(?m)^[ \t]*-(?=[^\s-])"


def of_value(file: File, error: "ValidationError") -> Finding:
    """Say what is wrong with a value, and what to write instead."""
    path = tuple(error.absolute_path)
    value = error.instance
    node = node_at(file.schema, path)
    spot = spot_of(file, path)
    if error.validator == "not":
        words = error.schema.get("errorMessage", "") if isinstance(error.schema, Mapping) else ""
        return Finding(
            schema_codes.OMITTED_WITH_TITLE,
            joined(spot_of(file, path[:-1]), f": {words}"),
            file.places.key_of(0, *path),
            f"{path[-1]} の行か「{OMITTED}: true」のどちらかを消します",
        )
    is_scalar = not isinstance(value, list | dict)
    raw = file.places.raw(0, *path)
    if value is None or value == "":
        return _empty(file, path, raw, node)
    slip = slip_at(file, path, value, raw if is_scalar or raw[:1] in {"[", "{"} else "")
    if path[-1:] == ("year",):
        basis = data_at(file, figures.home_of(path[:-1])[0]).get("basis")
        slip = replace(slip, basis=basis if isinstance(basis, str) else "")
    if "array" in slip.types and isinstance(value, str) and re.match(_DASHED, raw):
        start = file.places.span(0, *path)[0]
        if file.places.key_of(0, *path).line < file.places.lines.position(start)[0]:
            hit = dash(start, start + 1, raw.partition("\n")[0])
            edits = tuple(Edit(start + each.end(), start + each.end(), " ") for each in re.finditer(_DASHED, raw))
            return replace(hit, edits=edits).finding(file.places.lines)
    rule, what, remedy = _judged(slip, str(error.validator), quoted=file.places.style(0, *path) in {"'", '"'})
    typed = f"「{advice.clipped(raw)}」" if is_scalar or (slip.raw and "\n" not in raw) else ""
    if rule is schema_codes.REPEATED_VALUE and isinstance(value, list):
        return _repeated(file, path, value)
    message = f"{spot}{typed}{what}" if typed else joined(spot, what)
    told = _told(file, path, slip, remedy)
    return Finding(rule, message, value_place(file, path), told.hint, edits=told.edits, safe=told.safe)


def _told(file: File, path: Path, slip: advice.WrongValue, remedy: advice.Remedy) -> figures.Advice:
    """Say what to write, and the edits that write it."""
    value, raw = slip.value, file.places.raw(0, *path)
    if isinstance(value, str) and path[-1] == "value" and "null" in slip.types and not remedy.safe:
        return figures.for_number(file, path, value)
    if type(value) in {str, int, float} and "status" in slip.node.get("properties", {}):
        told = figures.for_mapping(file, path, str(value) if isinstance(value, str) else raw)
        if told is not None:
            return told
    if isinstance(value, list) and "string" in slip.types and raw[:1] == "-":
        return _lines(file, path, value, remedy.hint)
    if isinstance(value, list) and path[-1] == "body" and len(value) > 1 and all(_is_line(each) for each in value):
        between = figures.new_line(file.places.lines.text, file.places.key_of(0, *path).column + 2)
        edit = Edit(*file.places.span(0, *path), "|-" + "".join(f"{between}{each}" for each in value))
        return figures.Advice(f"「{path[-1]}: |-」と書き、次の行から、文を1行ずつ字下げして並べます", (edit,))
    if path[-1] == "about" and type(value) in {int, float} and "value" not in data_at(file, path[:-1]):
        meant: dict[str, object] = {"value": value, "about": True}
        words = figures.told_to_write(meant, inline=file.places.raw(0, *path[:-1])[:1] == "{")
        return figures.Advice(words, figures.replaced(file, path, meant))
    if edits := _as_due(file, path, slip):
        return figures.Advice(remedy.hint, edits)
    if not remedy.replacement or (isinstance(value, list | dict) and raw[:1] not in {"[", "{"}):
        return figures.Advice(remedy.hint)
    start, end = file.places.span(0, *path)
    end = start + len(raw.rstrip())
    return figures.Advice(remedy.hint, (Edit(start, end, remedy.replacement),), remedy.safe)


def _as_due(file: File, path: Path, slip: advice.WrongValue) -> tuple[Edit, ...]:
    """Return the edits that make a list of one of a mapping, or the only mapping of a list out of it."""
    places, value = file.places, slip.value
    text, (start, end) = places.lines.text, places.span(0, *path)
    if isinstance(value, dict) and "array" in slip.types and value.keys() <= slip.item.get("properties", {}).keys():
        own = text[start:end]
        return (Edit(start, end, f"[{own}]" if own[:1] == "{" else f"- {figures.indented(own)}"),)
    if not isinstance(value, list) or "object" not in slip.types or not value:
        return ()
    keys = [key for each in value if isinstance(each, dict) for key in each]
    starts = [places.span(0, *path, at)[0] for at in range(len(value))]
    if not all(isinstance(each, dict) for each in value) or len({*keys}) < len(keys):
        return ()
    if places.raw(0, *path)[:1] == "[":
        pairs = text[start + 1 : end - 1].strip()
        if not pairs.startswith("{"):
            return (Edit(start, end, f"{{{pairs}}}"),)  # [year: 2020, value: 1200]
        return (Edit(start, end, pairs),) if len(value) == 1 else ()
    if not {*keys} <= slip.node.get("properties", {}).keys():
        return ()
    new = text[start:end]
    for each in starts:
        dash = text.rfind("-", start, each) - start
        new = new[:dash] + " " + new[dash + 1 :]
    return (Edit(start, end, new),)


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value.endswith("。") and "\n" not in value


def _lines(file: File, path: Path, values: list[object], hint: str) -> figures.Advice:
    """Advise on a list of lines where one text is due: the same lines without their dashes."""
    places = file.places
    colon = places.lines.text.find(":", places.key_span(0, *path)[1]) + 1
    end = colon
    text = " |-"
    for at, each in enumerate(values):
        start, stop = places.span(0, *path, at)
        before = places.lines.text[end:start]
        if not isinstance(each, str) or "\n" in each or not each or before.strip() != "-":
            return figures.Advice(hint)
        text += before.replace("-", " ") + each
        end = stop
    return figures.Advice(
        f"「{path[-1]}: |-」と書き、次の行からの「- 」を消して、文だけを字下げして並べます", (Edit(colon, end, text),)
    )


def _judged(slip: advice.WrongValue, keyword: str, *, quoted: bool) -> tuple[Entry, str, advice.Remedy]:
    """Say which rule an error breaks, in what words, and what to do."""
    digits = isinstance(slip.value, str) and read_number(slip.value) is not None
    if keyword == "type" and isinstance(slip.value, str | bool | int | float):
        if "enum" in slip.node:
            keyword = "enum"
        elif "pattern" in slip.node and not isinstance(slip.value, bool) and not slip.is_year:
            keyword = "form"
    match keyword:
        case "form":
            words = str(slip.node.get("patternErrorMessage", slip.words))
            return schema_codes.BAD_FORMAT, f"は使えません。{words}", advice.for_type(slip)
        case "type":
            return schema_codes.WRONG_TYPE, f"は{_actual(slip, quoted=quoted)}です。{_due(slip)}", advice.for_type(slip)
        case "const":
            constant = slip.node["const"]
            if digits and remedies.folded(str(slip.value)) == str(constant):
                remedy = advice.write(slip, str(constant), same=True)
                return schema_codes.WRONG_TYPE, f"は{_actual(slip, quoted=quoted)}です。数で書きます", remedy
            return schema_codes.BAD_VALUE, "は使えません", advice.Remedy(slip.words)
        case "enum":
            return schema_codes.BAD_VALUE, "は選択肢にありません", advice.for_choice(slip)
        case "pattern":
            if slip.is_year and digits:
                return (
                    schema_codes.WRONG_TYPE,
                    f"は{_actual(slip, quoted=quoted)}です。数で書きます",
                    advice.for_format(slip),
                )
            words = str(slip.node.get("patternErrorMessage", slip.words))
            return schema_codes.BAD_FORMAT, f"は使えません。{words}", advice.for_format(slip)
        case "minimum" | "maximum":
            return schema_codes.OUT_OF_RANGE, "は範囲の外の数です", advice.for_range(slip)
        case "minItems":
            return (
                schema_codes.TOO_FEW,
                "は項目が足りません" if slip.value else "は空の一覧です",
                advice.for_count(slip),
            )
        case "maxItems":
            return schema_codes.TOO_MANY, "は項目が多すぎます", advice.for_count(slip)
        case "uniqueItems":
            return schema_codes.REPEATED_VALUE, "に同じ値が二つあります", advice.Remedy("一つを消します")
        case _:
            return schema_codes.BAD_VALUE, "は使えません", advice.Remedy(slip.words)


def _actual(slip: advice.WrongValue, *, quoted: bool) -> str:
    if quoted and re.match(r"[-+]?[0-9]", remedies.folded(str(slip.value))):
        return "引用符が付いた文字"
    return _ACTUAL.get(type(slip.value), "「キー: 値」の組")


def _due(slip: advice.WrongValue) -> str:
    """Say what is due: the shortest words for a type, in the order in which our schemas name them."""
    return joined("か".join(TYPE_WORDS[name] for name in slip.types if name in TYPE_WORDS), "で書きます")


def _empty(file: File, path: Path, raw: str, node: Schema) -> Finding:
    """Say that a value is missing: at its key when nothing is written there."""
    in_list = bool(path) and isinstance(path[-1], int)
    place = value_place(file, path) if raw or in_list else file.places.key_of(0, *path)
    key = path[-1] if path else ""
    if in_list:
        hint = "値を書くか、その行（値）を消します"
    elif "array" in node.get("type", ()):
        hint = "次の行から「- 」で始まる行を並べるか、この行を消します"
    else:
        hint = f"「{key}: {example_of(file, path)}」のように値を書きます"
        if key not in node_at(file.schema, path[:-1]).get("required", ()) and key not in NAMES:
            hint = f"{hint}。書くことがなければ行を消します"
    return Finding(schema_codes.EMPTY_VALUE, joined(spot_of(file, path), "に値がありません"), place, hint)


def _repeated(file: File, path: Path, values: list[object]) -> Finding:
    second = next(index for index, each in enumerate(values) if each in values[:index])
    first = values.index(values[second])
    place, before = value_place(file, (*path, second)), value_place(file, (*path, first))
    message = joined(spot_of(file, path), f"に「{advice.clipped(str(values[second]))}」が二度あります")
    related = (Related(before, "最初はここ"),)
    return Finding(schema_codes.REPEATED_VALUE, message, place, "一つを消します", related)
