"""Answers: what came back from the sections, told apart: proposals, conflicts, cells that nobody can read, silence.

A row, column or sheet that is missing is no answer, never a deletion. What was sorted, copied or added is found by the
marks of its rows and the headings of its columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from atsugi_cli import values
from atsugi_cli.frozen import frozen
from atsugi_cli.model import Span, Strategy
from atsugi_cli.tables.asking import CONTINUED, META, NEW, Question, check, marked
from atsugi_cli.tables.grids import ERROR, Cell, Grid, Place

FIGURES: Final = re.compile(r"baseline|current|target|targets-[0-9]+|actual")
_HEADINGS: Final = (
    "ID", "現行", "修正案", "理由", "該当なし", "実績値", "評価", "課題", "入れるところ", "種類", "名称", "単位",
    "目標年度", "目標値", "位置", "項目", "内容", "指標名", "目標", "年度", "報告済みの値",
)  # fmt: skip
NOTHING: Final = re.compile(
    r"(?:修正|変更|意見|改定|訂正|特)?(?:は|に)?(?:なし|無し|ありません|不要)|(?:現行|左記|原案|現状)(?:の?(?:とおり|通り|まま)(?:で.*)?)?"
    r"|同左|同上|そのまま|異議なし|変更無|該当なし|ok|〃|[－―ー‐—-]+"
)
"""What a section writes that has nothing to change."""
_GONE: Final = re.compile(
    r"[（(【]?(?:全文|この項目を?|この行を?)?(?:削除|廃止|削る|取り?やめ|とりやめ|終了)(?:する|します|したい|希望|予定|案|を希望|してください)*[。）)】]?"
)
_LONG: Final = 1_000
"""Characters of a wording that a form may have parted."""
_ASKED: Final = frozenset({"位置", "項目", "内容", "現行", "指標名", "単位", "目標", "年度", "報告済みの値", "ID"})


@frozen
class Answer:
    """What a section wrote for a question: `data` is what goes into the edition, `text` what it wrote."""

    section: str
    question: Question
    text: str
    data: object
    where: str
    asked: str = ""
    """The wording that the section was asked about, where its workbook still says it."""
    reason: str = ""
    note: str = ""
    moved: bool = False
    """Whether the edition says something else by now than when the section was asked."""


@frozen
class Proposal:
    """A new item or indicator: below which item, after which, of which kind."""

    section: str
    parent: str
    place: str
    kind: str
    name: str
    where: str
    unit: str = ""
    target: Mapping[str, object] | None = None
    reason: str = ""
    after: str = ""


@frozen
class Problem:
    """A cell or file that could not be taken as an answer."""

    section: str
    where: str
    text: str
    why: str


@frozen
class Sheaf:
    """All that came back."""

    answers: tuple[Answer, ...]
    conflicts: tuple[tuple[Answer, ...], ...]
    new: tuple[Proposal, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    nothing: tuple[str, ...]
    """Sections that say that there is nothing to report."""
    silent: tuple[str, ...]
    people: Mapping[str, str]
    """Who answered, by section, with the day."""


def gathered(
    files: Mapping[str, Sequence[Grid]],
    questions: Mapping[str, Question],
    strategy: Strategy,
    parents: Mapping[str, str],
) -> Sheaf:
    """Tell apart what came back; `parents` are the places where a new item may go, by their words."""
    work = _Gathering(questions, strategy, parents)
    for name, grids in files.items():
        work.take(name, grids)
    return work.done()


class _Gathering:
    def __init__(self, questions: Mapping[str, Question], strategy: Strategy, parents: Mapping[str, str]) -> None:
        self.questions, self.strategy, self.parents = questions, strategy, parents
        self.period: Span | None = (
            (strategy.plan.start, strategy.plan.end) if strategy.plan.start and strategy.plan.end else None
        )
        self.named = {each.name for each in questions.values()}, {each.label for each in questions.values()}
        self.checks = {check(each.text) for each in questions.values() if each.text}
        self.answers: list[Answer] = []
        self.new: list[Proposal] = []
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        self.nothing: list[str] = []
        self.people: dict[str, str] = {}
        self.heard: set[str] = set()
        self.section = ""

    # ------------------------------------------------------------------------------------------------------- files

    def take(self, name: str, grids: Sequence[Grid]) -> None:
        """Take in one workbook."""
        meta = next((_pairs(grid) for grid in grids if grid.sheet == META), {})
        self.section = meta.get("section", "") or re.sub(r"\A照会_|\.[A-Za-z]+\Z", "", name)
        if meta and meta.get("plan") not in {"", None, self.strategy.plan.id}:
            self._problem(name, meta.get("plan", ""), "別の計画の照会です。読みませんでした")
            return
        said = False
        for grid in grids:
            if grid.sheet == META:
                continue
            for remark in grid.remarks:
                self._remark(grid.file, "", remark)
            heads = self._heads(grid)
            for at, (row, columns) in enumerate(heads):
                last = heads[at + 1][0] if at + 1 < len(heads) else 1 + max(row for row, _ in grid.cells)
                said = self._rows(grid, row, columns, last) or said
            if not heads and not self._person(grid) and grid.cells and grid.sheet != "照会一覧":
                first = min(grid.cells)
                self._remark(grid.where(first), grid.cells[first].text, "照会にない表です。読みませんでした")
        if said:
            self.heard.add(self.section)

    def _remark(self, where: str, text: str, why: str) -> None:
        self.remarks.append(Problem(self.section, where, text, why))

    def _problem(self, where: str, text: str, why: str) -> None:
        self.problems.append(Problem(self.section, where, text, why))

    def _heads(self, grid: Grid) -> list[tuple[int, dict[str, int]]]:
        """Find the rows of headings, each with its columns by what they are called; a CSV may hold several tables."""
        rows: dict[int, dict[str, int]] = {}
        for (row, column), cell in grid.cells.items():
            word = re.split(r"[（(\n]", cell.text)[0].strip()
            if word in _HEADINGS or word == "評価・課題":
                rows.setdefault(row, {}).setdefault("課題" if word == "評価・課題" else word, column)
        return sorted(
            (row, told) for row, told in rows.items() if len(told) > 2 and {"修正案", "実績値", "名称"} & told.keys()
        )

    def _person(self, grid: Grid) -> bool:
        """Read who answered, and whether there is nothing at all to report."""
        told = _pairs(grid)
        if not {"回答者", "全体の回答", "回答日"} & set(told) and "書き方" not in told:
            return False
        who = "、".join(filter(None, (told.get("回答者", ""), told.get("回答日", ""))))
        if who:
            self.people[self.section] = who
        if told.get("全体の回答", "").startswith("該当なし"):
            self.nothing.append(self.section)
            self.heard.add(self.section)
        return True

    # -------------------------------------------------------------------------------------------------------- rows

    def _rows(self, grid: Grid, head: int, columns: Mapping[str, int], end: int) -> bool:
        """Take in the rows of a table; say whether any of them was answered."""
        if "ID" not in columns:
            self._problem(grid.where((head, 0)), "", "ID の列がないので、この表の回答は読めませんでした")
            return False
        said = False
        last = ""
        inside = {place: cell for place, cell in grid.cells.items() if head < place[0] < end}
        for column in sorted({column for _, column in inside} - set(columns.values())):
            words = "、".join(cell.text for (_, at), cell in inside.items() if at == column and cell.text)
            if words:
                title = f"「{grid.text(head, column)}」" if grid.text(head, column) else ""
                self._remark(grid.where((head, column)), words, f"足された列{title}です")
        for row in sorted({row for row, _ in inside}):
            told = {word: (row, column) for word, column in columns.items() if (row, column) in grid.cells}
            mark = grid.cells[told["ID"]].text if "ID" in told else ""
            if row in grid.hidden_rows and any(word not in _ASKED for word in told):
                self._remark(grid.where((row, 0)), "", "非表示の行の回答も読みました")
            if grid.sheet == NEW or "入れるところ" in columns:
                said = self._proposed(grid, told) or said
            elif parts := marked(mark):
                last = parts[0]
                said = self._answered(grid, row, told, parts) or said
            elif text := _text(grid, told, "修正案"):
                self._added(grid, told, last, text)
                said = True
            elif text := _text(grid, told, "実績値"):
                self._problem(grid.where(told["実績値"]), text, "どの指標の実績値か分かりません（ID のない行です）")
        return said

    def _answered(self, grid: Grid, row: int, told: Mapping[str, Place], mark: tuple[str, str, str]) -> bool:
        question = self.questions.get(f"{mark[0]}#{mark[1]}")
        ticked = bool(_text(grid, told, "該当なし"))
        place = told.get("修正案") or told.get("実績値")
        cell = grid.cells.get(place) if place else None
        comments = [f"{word}：{_text(grid, told, word)}" for word in ("評価", "課題") if _text(grid, told, word)]
        reason = _text(grid, told, "理由")
        asked = _text(grid, told, "現行") or _text(grid, told, "報告済みの値")
        altered = bool(asked) and check(asked) != mark[2]
        named = _text(grid, told, "項目") or _text(grid, told, "指標名"), _text(grid, told, "内容")
        other = question is not None and any(
            word not in {"", own} and word in known
            for word, own, known in zip(named, (question.name, question.label), self.named, strict=True)
        )
        shifted = other or (altered and check(asked) in self.checks)
        if place is None or cell is None or not cell.text:
            self._without(grid, told, cell, place, comments)
            if altered and question is not None and len(asked) < _LONG and not shifted:
                column = told.get("現行") or told["報告済みの値"]
                self._problem(grid.where(column), asked, "現行の欄が書き換えられています。修正案の欄に書いてください")
            return ticked or bool(comments or reason or (cell and cell.struck))
        where, words = grid.where(place), " ".join(cell.text.split())
        if cell.struck:
            self._remark(where, cell.struck, "取り消し線の引かれた言葉は除いて読みました")
        same = NOTHING.fullmatch(values.folded(words).lower().strip("。 ")) and (question and question.asks != "actual")
        if same and question is not None and words != question.text:
            return True
        if why := self._refused(grid, told, question, words, shifted=shifted):
            self._problem(where, cell.text, why)
            return True
        if question is None:
            return True
        if any(first == place and at[0] != row for at, first in grid.merged.items()):
            self._remark(where, cell.text, "何行かが結合されています。最初の行の回答としました")
        if cell.formula:
            self._remark(where, cell.text, "式の計算された値を読みました")
        if ticked:
            self._remark(where, cell.text, "「該当なし」と修正案の両方があります。修正案を読みました")
        moved = check(question.text) != mark[2]
        if altered and len(asked) < _LONG:
            self._remark(grid.where(place), asked, "現行の欄が照会したときと違います。行のIDで読みました")
        if check(cell.text) == check(question.text) or (not moved and check(cell.text) == mark[2]):
            return True
        if cell.day and FIGURES.fullmatch(question.asks):
            self._problem(where, cell.text, "日付になっています。Excelが数字を日付に変えたようです")
            return True
        data = self._data(question, cell)
        if data is None:
            self._problem(where, cell.text, "値として読めません")
            return True
        if isinstance(data, dict) and self._data(question, Cell(question.text)) == data:
            if "。".join(comments) in {"", self._comment(question)}:
                return True  # it is there already
            moved = False
        if comments and isinstance(data, dict):
            data["comment"] = "。".join(comments)
        reason = "。".join(filter(None, (reason, cell.note)))
        self.answers.append(Answer(self.section, question, cell.text, data, where, asked, reason, cell.note, moved))
        return True

    def _comment(self, question: Question) -> str:
        """Return what the edition says of a result."""
        every = (one.actuals for _, one in self.strategy.indicators() if one.id == question.id)
        return next((each.comment for actuals in every for each in actuals if each.year == question.year), "")

    def _without(
        self, grid: Grid, told: Mapping[str, Place], cell: Cell | None, place: Place | None, comments: Sequence[str]
    ) -> None:
        """Say what stands in a row whose answer is blank."""
        if cell is not None and place is not None and cell.note:
            self._problem(grid.where(place), cell.note, "コメントだけで、修正案がありません")
        if cell is not None and place is not None and cell.struck:
            self._problem(grid.where(place), cell.struck, "全部に取り消し線が引かれているので、回答なしとしました")
        if comments:
            at = told.get("課題") or told["評価"]
            self._problem(grid.where(at), "。".join(comments), "実績値がないので、評価や課題だけでは反映できません")
        if "理由" in told and "修正案" not in told and _text(grid, told, "理由"):
            self._problem(grid.where(told["理由"]), _text(grid, told, "理由"), "理由だけで、修正案がありません")

    def _refused(
        self, grid: Grid, told: Mapping[str, Place], question: Question | None, words: str, *, shifted: bool
    ) -> str:
        """Say why an answer cannot be one to its row; empty where it can."""
        if question is None:
            return "いまの版にない項目への回答です（照会の後に消えたか、移りました）"
        if _GONE.fullmatch(words):
            return "やめる案です。反映していません（やめるときは、項目を消し、edition.removed に理由を書きます）"
        if ERROR.fullmatch(words):
            return "式のエラーです"
        if shifted:
            return "項目や現行の欄が別の行のものです（行がずれているようです）。反映していません"
        unit, year = _text(grid, told, "単位"), _text(grid, told, "年度")
        if question.asks == "actual" and unit and values.folded(unit) != values.folded(question.unit):
            return f"単位が「{question.unit}」から「{unit}」に書き換えられています"
        if question.asks == "actual" and year and values.read_when(year) not in {None, question.year}:
            return f"年度が {question.year} から {year} に書き換えられています"
        return ""

    def _data(self, question: Question, cell: Cell) -> object:
        """Read what goes into the edition; None where a value cannot be read."""
        if not FIGURES.fullmatch(question.asks):
            return cell.text if question.asks == "body" else " ".join(cell.text.split())
        reading = values.read(" ".join(cell.text.split()), question.unit, self.period, year=question.year)
        if reading is None or (
            question.unit not in {"", "none"} and reading.unit not in {"", question.unit, values.folded(question.unit)}
        ):
            return None
        if question.unit == "none" and reading.unit not in {"", "none"}:
            return None
        data = dict(values.fields(reading.value))
        note = str(data.get("note", ""))
        if "value" not in data and note and (when := values.read_when(note)) is not None:
            del data["note"]
            data["year"] = when
        if question.asks == "actual":
            if data.get("year", question.year) != question.year:
                return None
            data = {"year": question.year, **data}
        elif "year" not in data and "span" not in data and cell.text != question.text:
            old = self._data(question, Cell(question.text))
            data |= {"year": old["year"]} if isinstance(old, dict) and "year" in old else {}
        return {"year": data.pop("year"), **data} if "year" in data else data

    def _added(self, grid: Grid, told: Mapping[str, Place], last: str, text: str) -> None:
        """Take a row that a section put below one that it was asked as the proposal of an item behind that."""
        where, label = grid.where(told["修正案"]), _text(grid, told, "内容")
        owners = {one.id: (item, True) for item, one in self.strategy.indicators()}
        item, measured = ({each.id: (each, False) for each in self.strategy.items()} | owners).get(last, (None, False))
        if label == CONTINUED:
            self._problem(where, text, "続きの行には書けません。全文を、最初の行の修正案に書いてもらってください")
        elif item is None:
            why = "どこに入れるか分かりません（「新しい項目」のシートに書いてもらってください）"
            self._problem(where, text, f"足された行です。{why}")
        else:
            kind = "指標" if measured or label.startswith(("指標", "KPI")) else item.level
            place = next((words for words, identity in self.parents.items() if identity == item.id), item.title)
            name, reason, after = " ".join(text.split()), _text(grid, told, "理由"), "" if measured else last
            proposal = Proposal(self.section, item.id, place, kind, name, where, reason=reason, after=after)
            self.new.append(proposal)

    def _proposed(self, grid: Grid, told: Mapping[str, Place]) -> bool:
        name = " ".join(_text(grid, told, "名称").split())
        place = _text(grid, told, "入れるところ")
        words = {word: _text(grid, told, word) for word in told if word != "ID"}
        if not any(words.values()):
            return False
        where = grid.where(told.get("名称") or next(iter(told.values())))
        parent = self.parents.get(place)
        if not name or parent is None:
            why = "名称がありません" if not name else "入れるところが、一覧から選ばれていません"
            self._problem(where, "、".join(filter(None, words.values())), f"新しい項目ですが、{why}")
            return True
        item = next(each for each in self.strategy.items() if each.id == parent)
        if name in {*(each.title for each in item.children), *(each.name for each in item.indicators)}:
            return True  # it is there already
        unit, target = words.get("単位", ""), None
        kind = words.get("種類", "") or ("指標" if unit or words.get("目標値") else "")
        if aim := words.get("目標値", ""):
            year = values.read_when(words.get("目標年度", ""))
            reading = values.read(" ".join(aim.split()), unit, self.period, year=year)
            if reading is None or (unit and reading.unit not in {"", unit}):
                self._problem(grid.where(told["目標値"]), aim, "目標値として読めません")
                return True
            unit = unit or reading.unit
            target = {**({"year": year} if year is not None else {}), **dict(values.fields(reading.value))}
        self.new.append(Proposal(self.section, parent, place, kind, name, where, unit, target, words.get("理由", "")))
        return True

    # ------------------------------------------------------------------------------------------------------ result

    def done(self) -> Sheaf:
        """Tell conflicts from the rest, and name the sections that said nothing."""
        groups: dict[str, list[Answer]] = {}
        for each in self.answers:
            groups.setdefault(each.question.key, []).append(each)
        settled: list[Answer] = []
        conflicts: list[tuple[Answer, ...]] = []
        for group in groups.values():
            if any(each.moved for each in group) or len({repr(each.data) for each in group}) > 1:
                conflicts.append(tuple(group))
            else:
                settled.append(group[0])
        sections = dict.fromkeys(owner for each in self.questions.values() for owner in each.owners)
        silent = tuple(section for section in sections if section not in self.heard)
        return Sheaf(
            tuple(settled),
            tuple(conflicts),
            tuple(dict.fromkeys(self.new)) if all(each.target is None for each in self.new) else tuple(self.new),
            tuple(self.problems),
            tuple(self.remarks),
            tuple(dict.fromkeys(self.nothing)),
            silent,
            self.people,
        )


def _text(grid: Grid, told: Mapping[str, Place], word: str) -> str:
    return grid.cells[told[word]].text if word in told else ""


def _pairs(grid: Grid) -> dict[str, str]:
    """Read a sheet of names and what stands beside them."""
    return {cell.text: grid.text(row, 1) for (row, column), cell in grid.cells.items() if column == 0}


def by_section(sheaf: Sheaf) -> Iterator[tuple[str, list[Answer], list[Proposal]]]:
    """Iterate over the sections whose answers go into the edition, with those."""
    sections = dict.fromkeys([*(each.section for each in sheaf.answers), *(each.section for each in sheaf.new)])
    for section in sections:
        yield (
            section,
            [each for each in sheaf.answers if each.section == section],
            [each for each in sheaf.new if each.section == section],
        )
