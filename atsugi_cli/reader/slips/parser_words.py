"""Parser words: the parser's own error messages in Japanese, for what no known slip explains."""

import re

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Finding, Related
from atsugi_cli.reader import codes
from atsugi_cli.reader.data import ParserStop
from atsugi_cli.reader.lines import Lines
from atsugi_cli.reader.slips import shown

_MESSAGES: tuple[tuple[str, bool, Entry, str, str], ...] = (
    # pattern of context and problem, place at the context?, rule, message, hint; {line} is the text from the place
    (r"could not find expected ':'", True, codes.MISSING_COLON,
     "「{line}」は「キー: 値」になっていません（「:」が見つかりません）",
     "「キー: 値」と書いてください。前の行の続きの文章なら、その行より深く字下げしてください"),
    (r"unexpected end of stream", True, codes.UNCLOSED_QUOTE,
     "引用符が、ファイルの終わりまで閉じていません: {line}",
     "値の終わりに、始めと同じ引用符を書いてください"),
    (r"unexpected document", True, codes.UNCLOSED_QUOTE,
     "引用符が、文書の区切り「---」まで閉じていません: {line}",
     "値の終わりに、始めと同じ引用符を書いてください"),
    (r"mapping values are not allowed", False, codes.COLON_IN_TEXT,
     "ここの「:」は、キーの後の「:」として読めません",
     "値の中の「: 」なら値の全体を引用符で囲み、新しいキーなら行を分けて上のキーと字下げをそろえてください"),
    (r"tab character", False, codes.TAB_INDENT,
     "タブがあります",
     "タブを半角の空白に置き換えてください"),
    (r"expected ',' or '\]'", True, codes.UNCLOSED_BRACKET,
     "括弧「[」が閉じていないか、項目の間に「,」がありません: {line}",
     "「[項目1, 項目2]」のように、「, 」で区切り「]」で閉じてください"),
    (r"expected ',' or '\}'", True, codes.UNCLOSED_BRACKET,
     "括弧「{{」が閉じていないか、項目の間に「,」がありません: {line}",
     "「{キー: 値, キー: 値}」のように、「, 」で区切り「}」で閉じてください（「[」「{」のある値は引用符で囲みます）"),
    (r"escape", False, codes.BAD_ESCAPE,
     "二重引用符の中の「\\」の使い方が正しくありません: {line}",
     "「\\」を文字として書くなら、二重引用符の代わりに ' で囲んでください"),
    (r"quoted.*\n.*hexdecimal", False, codes.BAD_ESCAPE,
     "二重引用符の中の「\\」の後に16進数がありません: {line}",
     "「\\」を文字として書くなら、二重引用符の代わりに ' で囲んでください"),
    (r"cannot start any token", False, codes.RESERVED_START,
     "「{line}」は、値の始めに使えない記号で始まっています",
     "値の全体を引用符で囲んでください"),
    (r"scanning an alias.*\n", True, codes.RESERVED_START,
     "値「{line}」が記号「*」で始まっています",
     "値の全体を引用符で囲んでください"),
    (r"scanning an anchor.*\n", True, codes.RESERVED_START,
     "値「{line}」が記号「&」で始まっています",
     "値の全体を引用符で囲んでください"),
    (r"block scalar.*\n", True, codes.RESERVED_START,
     "複数行の文章の印「|」「>」の後に、読めない文字があります: {line}",
     "印だけを書き、文章は次の行から字下げして書いてください。文字としての「|」「>」なら値を引用符で囲んでください"),
    (r"tag.*\n", True, codes.TAG,
     "「!」で始まる指定（タグ）が読めません: {line}",
     "文字としての「!」なら、値の全体を引用符で囲んでください"),
    (r"directive.*\n", True, codes.DIRECTIVE,
     "「%」で始まる行は使えません: {line}",
     "この行を消してください"),
    (r"expected '-' indicator|collection.*\n.*expected <block end>", False, codes.UNEVEN_INDENT,
     "「{line}」が、箇条書き「- 」の並びの中にあります",
     "箇条書きの項目なら「- 」で始め、項目の中のキーなら、その項目のキーと字下げをそろえてください"),
    (r"expected key|mapping.*\n.*expected <block end>", False, codes.SYNTAX,
     "「{line}」がキーの並びの中にあり、キーとして読めません",
     "「キー: 値」と書き、並びのほかのキーと字下げをそろえてください"),
    (r"sequence entries are not allowed", False, codes.LIST_IN_TEXT,
     "ここには箇条書き「- 」を書けません: {line}",
     "「- 」からを次の行に書き、キーより深く字下げしてください"),
    (r"mapping keys are not allowed", False, codes.RESERVED_START,
     "ここに「? 」は書けません: {line}",
     "値なら全体を引用符で囲んでください"),
    (r"node content", False, codes.RESERVED_START,
     "値があるはずのところに「{line}」があります",
     "値の全体を引用符で囲むか、余分な記号を消してください"),
    (r"<document start>", False, codes.SYNTAX,
     "内容が終わった後に「{line}」があります",
     "余分な文字（閉じ括弧など）を消すか、前の行と字下げをそろえてください"),
    (r"", False, codes.SYNTAX,
     "YAMLとして読めません: {line}",
     "この行と前の行の、記号・引用符・字下げを確かめてください"),
)  # fmt: skip


def translated(text: str, lines: Lines, trouble: ParserStop) -> Finding:
    """Say the parser's own words in Japanese, where no candidate explains the error."""
    said = f"{trouble.context}\n{trouble.problem}"
    _, at_context, rule, message, hint = next(row for row in _MESSAGES if re.search(row[0], said))
    offset = trouble.context_offset if at_context and trouble.context_offset >= 0 else trouble.offset
    offset = min(offset, len(text))
    start, end = lines.bounds(lines.position(offset)[0])
    stripped = text[offset:end].strip()
    begin = offset if stripped else start + len(text[start:end]) - len(text[start:end].lstrip())
    typed = text[begin:end].rstrip()
    related: tuple[Related, ...] = ()
    if not at_context and trouble.context_offset >= 0 and trouble.context.startswith("while parsing"):
        place = lines.place(trouble.context_offset, trouble.context_offset + 1)
        if place.line != lines.position(offset)[0]:
            related = (Related(place, "この並びの中です"),)
    finish = max(begin + len(typed), min(begin + 1, len(text)))
    if rule is codes.SYNTAX and typed.startswith("- "):
        rule, message = codes.LIST_IN_TEXT, "箇条書き「{line}」が、キーの並びの中にあります"
        hint = (
            "上のキーの値なら、キーの行には値を書かないでください。並びの項目なら「- 」どうしの字下げをそろえてください"
        )
    if rule is codes.SYNTAX and typed.startswith(":"):
        rule, message, hint = codes.NON_TEXT_KEY, "「:」の前にキーがありません: {line}", "「キー: 値」と書いてください"
    words = message.replace("{{", "{").replace("{line}", shown(typed) or "（行の終わり）")
    return Finding(rule, words, lines.place(begin, finish), hint, related)
