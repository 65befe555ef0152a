"""Settling: what nobody has declared of a new plan, asked one by one on a terminal, or written to a file to fill in."""

import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from atsugi_cli.cli import streams
from atsugi_cli.document import Cell, Column, Document, Line, Row, Stamp, Table
from atsugi_cli.formats import text
from atsugi_cli.formats.options import Options
from atsugi_cli.frozen import frozen
from atsugi_cli.layout.labels import runs
from atsugi_cli.layout.places import Places, Sides
from atsugi_cli.levels import Profile
from atsugi_cli.match.lineage import proposals, trace
from atsugi_cli.match.links import SURE, Proposal
from atsugi_cli.match.prose import pieces
from atsugi_cli.model import Indicator, Item, Strategy, Thing, title_of
from atsugi_cli.revision import Revision
from atsugi_cli.store import StoreError, perhaps
from atsugi_cli.width import safe

Answer = tuple[str, ...]
"""The ids of the other plan that were chosen; nothing where it is new, or has ended."""
Declarations = tuple[dict[str, Answer], dict[str, str]]
"""Origins by new id, and why each old id has ended."""
NONE: Final = "none"
ACCEPT: Final = "accept"
REASON: Final = "新しい計画に引き継がないため"
"""Why something has ended, where nobody says more."""
_KEYS: Final = "s＝あとで決める  b＝一つ戻る  q＝ここまでを書き込んで終わる"


@frozen
class Side:
    """One plan: its things by id, where each stands, and what it stands in."""

    things: Mapping[str, Thing]
    places: Mapping[str, str]
    parents: Mapping[str, str]

    def called(self, name: str) -> str:
        """Name a thing for people: 「企業の支援」（基本目標1-1）."""
        place = self.places[name]
        return f"「{title_of(self.things[name]) or name}」" + (f"（{place}）" if place else "")


@frozen
class Task:
    """Both plans, and what is to be settled between them."""

    old: Side
    new: Side
    proposals: tuple[Proposal, ...]

    def side(self, proposal: Proposal) -> tuple[Side, Side]:
        """Return the side on which a thing stands, and the other one."""
        return (self.new, self.old) if proposal.side == "new" else (self.old, self.new)

    def fits(self, proposal: Proposal, name: str) -> bool:
        """Check whether a thing of the other side, and of the same sort, has a name."""
        here, there = self.side(proposal)
        return isinstance(there.things.get(name), type(here.things[proposal.id]))


def task(revision: Revision, profile: Profile) -> Task:
    """Collect what is to be settled."""
    sides = Sides.of(revision, profile)
    old, new = _side(revision.old, sides.old), _side(revision.new, sides.new)
    return Task(old, new, proposals(trace(revision.old, revision.new)))


def _side(strategy: Strategy, places_of: Places) -> Side:
    things: dict[str, Thing] = {}
    places, parents = dict[str, str](), dict[str, str]()
    for item in strategy.items():
        things[item.id], places[item.id] = item, places_of.of(item)
        parents.update((child.id, item.id) for child in item.children)
    for item, indicator in strategy.indicators():
        things[indicator.id], places[indicator.id] = indicator, f"{places_of.owner(item)}の指標"
        parents[indicator.id] = item.id
    return Side(things, places, parents)


# ------------------------------------------------------------------------------------------------------ on a terminal


class Dialogue:
    """Asks for one answer after the other; `ask` prints a question and returns what was typed, None at the end."""

    def __init__(
        self, work: Task, options: Options, ask: Callable[[str], str | None], say: Callable[[str], None]
    ) -> None:
        """Begin without answers."""
        self.work = work
        self.options = options
        self.ask = ask
        self.say = say
        self.answers: dict[Proposal, Answer] = {}
        self.reasons: dict[str, str] = {}

    def run(self) -> Declarations:
        """Ask until everything is answered or put off, or the user has had enough; return what is to be declared."""
        self._ask_all()
        return declarations(self.answers, self.reasons)

    def _ask_all(self) -> None:
        open_ones = [each for each in self.work.proposals if each.side == "new"]
        sure = [each for each in open_ones if each.confidence >= SURE]
        if sure and not self._bulk(sure):
            return
        if self._each([each for each in open_ones if each not in self.answers]):
            self._each([each for each in self.work.proposals if each.side == "old"])

    def _bulk(self, sure: Sequence[Proposal]) -> bool:
        """Ask once for all that is nearly certain; say whether to go on."""
        for each in sure:
            here, there = self.work.side(each)
            self.say(f"  {there.called(each.candidates[0])} → {here.called(each.id)}")
        words = self.ask(
            f"ほぼ確実な対応が{len(sure)}件あります。まとめて採用しますか。 y＝採用  n＝一つずつ決める  q＝やめる [y] "
        )
        if words is None or words.lower() == "q":
            return False
        if words.lower() in ("", "y"):
            self.answers.update((each, each.candidates[:1]) for each in sure)
        return True

    def _taken(self, proposal: Proposal) -> bool:
        """Check whether an old thing is answered already: as an origin, or because what it stood in has ended."""
        if proposal.side == "new":
            return False
        if any(proposal.id in answer for each, answer in self.answers.items() if each.side == "new"):
            return True
        above = self.work.old.parents.get(proposal.id, "")
        return any(each.side == "old" and each.id == above and not answer for each, answer in self.answers.items())

    def _each(self, several: Sequence[Proposal]) -> bool:
        at = 0
        while at < len(several):
            proposal = several[at]
            if self._taken(proposal):
                at += 1
                continue
            self.say(self._shown(proposal, at + 1, len(several)))
            words = self.ask(self._prompt(proposal))
            if words is None or words.lower() == "q":
                return False
            if words.lower() == "b":
                at = next((each for each in range(at - 1, -1, -1) if not self._taken(several[each])), at)
                continue
            if words.lower() != "s":
                answer = self._understood(proposal, words)
                if answer is None:
                    continue
                self.answers[proposal] = answer
                if proposal.side == "old" and not answer and not self._reason(proposal):
                    return False
            at += 1
        return True

    def _reason(self, proposal: Proposal) -> bool:
        """Ask why something has ended; the last reason serves again. Say whether to go on."""
        last = next(reversed(self.reasons.values()), REASON)
        words = self.ask(f"終了の理由 [{last}] ")
        self.reasons[proposal.id] = safe(words or last)
        return words is not None

    def _prompt(self, proposal: Proposal) -> str:
        nothing = "新設" if proposal.side == "new" else "終了"
        first = "1" if proposal.confidence else ""
        return f"番号、またはid（統合なら 1,2）  0＝{nothing}  {_KEYS}{f' [{first}]' if first else ''} "

    def _understood(self, proposal: Proposal, line: str) -> Answer | None:
        """Read an answer: numbers of candidates, or ids; None, and a word about it, where it is neither."""
        line = unicodedata.normalize("NFKC", line).lower() or ("1" if proposal.confidence else "")
        words = line.replace("、", ",").replace(" ", ",").split(",")
        if words == ["0"]:
            return ()
        found = []
        for word in filter(None, words):
            if word.isdecimal() and 1 <= int(word) <= len(proposal.candidates):
                found.append(proposal.candidates[int(word) - 1])
            elif self.work.fits(proposal, word):
                found.append(word)
            else:
                self.say(f"「{word}」は、候補の番号でも項目のidでもありません。")
                return None
        if not found:
            self.say("番号かidを入力してください。")
        return tuple(dict.fromkeys(found)) or None

    def _shown(self, proposal: Proposal, at: int, count: int) -> str:
        """Set the texts of the likeliest pair side by side, and list the candidates."""
        here, there = self.work.side(proposal)
        question = "はどこから来ましたか" if proposal.side == "new" else "はどうなりましたか"
        document = Document(
            "", f"{at}/{count}　{here.called(proposal.id)}{question}", (), Stamp("", "", "", "", "", "", "")
        )
        if proposal.candidates:
            pair = (there.things[proposal.candidates[0]], here.things[proposal.id])
            old, new = pair if proposal.side == "new" else pair[::-1]
            columns = (Column("前の計画"), Column("新しい計画"))
            document = replace(document, blocks=(Table("comparison", columns, tuple(_rows(old, new))),))
        listed = [
            f"  {number}  {there.called(each)}"
            + (f"　推定 {proposal.confidence:.2f}" if number == 1 and proposal.confidence else "")
            for number, each in enumerate(proposal.candidates, 1)
        ]
        return "\n".join([text.write(document, self.options).rstrip("\n"), *listed])


def _rows(old: Thing, new: Thing) -> Iterator[Row]:
    for before, after in zip(_texts(old), _texts(new), strict=True):
        if before or after:
            marks = pieces(before, after)
            cells = (Cell((Line(runs(marks.old, "old")),)), Cell((Line(runs(marks.new, "new")),)))
            yield Row("plain", cells, changed=True)


def _texts(thing: Thing) -> tuple[str, str]:
    return (thing.title, thing.body) if isinstance(thing, Item) else (f"{thing.name}（{thing.unit}）", thing.definition)


def typed(question: str) -> str | None:
    """Ask on the terminal; None where the input ends, or Ctrl-C says that it is enough."""
    try:
        sys.stderr.write(question)
        sys.stderr.flush()
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        return None
    return line.strip() if line else None


def spoken(words: str) -> None:
    """Say something on the terminal."""
    sys.stdout.write(streams.printable(words + "\n"))
    sys.stdout.flush()


# ---------------------------------------------------------------------------------------------------------- in a file


def written(work: Task, command: str) -> str:
    """Write the proposals as a file to fill in, a decision each."""
    lines = [
        "# 対応の提案です。それぞれの decision に、次のどれかを書いてください。空のままなら、何も書き込みません。",
        f"#   {ACCEPT}: from の対応でよい",
        f"#   {NONE}: 対応するものはない（新設、または終了）",
        "#   id: そのidのもの（統合なら [a, b]）",
        f"# 書いたら {command} で版に書き込みます。",
        "proposals:",
    ]
    for each in work.proposals:
        if each.side == "old" and each.confidence:  # asked where it is said to go
            continue
        here, there = work.side(each)
        lines += [f"  - {'id' if each.side == 'new' else 'ended'}: {each.id}  # {_aside(here.called(each.id))}"]
        for number, name in enumerate(each.candidates, 1):
            guessed = number == 1 and each.confidence
            sure = f" 推定 {each.confidence:.2f}" if guessed else ""
            lines += [
                f"    {'from' if guessed else f'candidate-{number}'}: {name}  # {_aside(there.called(name))}{sure}"
            ]
        lines += ["    decision:", *(["    reason:"] if each.side == "old" else [])]
    return "\n".join([*lines, ""])


def _aside(words: str) -> str:
    return safe(" ".join(words.split()))


def decided(work: Task, data: object, source: str) -> Declarations:
    """Read the decisions of a file that was filled in."""
    entries = data.get("proposals") if isinstance(data, dict) else None
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise StoreError(
            f"{source} は対応の提案のファイルではありません（strategy crosswalk --suggest -o で作れます）。"
        )
    known = {(each.side, each.id): each for each in work.proposals}
    answers: dict[Proposal, Answer] = {}
    reasons: dict[str, str] = {}
    for entry in entries:
        decision = entry.get("decision")
        proposal = known.get(("new", str(entry.get("id")))) or known.get(("old", str(entry.get("ended"))))
        if not decision:
            continue
        if proposal is None:
            gone = entry.get("id") or entry.get("ended") or ""
            raise StoreError(f"{source}: 「{gone}」は、決める対応の中にありません。提案を書き出し直してください。")
        if isinstance(decision, str) and decision.lower() in {ACCEPT, NONE}:
            decision = decision.lower()
        reasons[proposal.id] = safe(str(entry.get("reason") or ""))
        if decision == ACCEPT and proposal.confidence:
            answers[proposal] = proposal.candidates[:1]
            continue
        names = (
            [] if decision == NONE else [str(each) for each in (decision if isinstance(decision, list) else [decision])]
        )
        for name in names:
            if not work.fits(proposal, name):
                word = "指標" if isinstance(work.side(proposal)[0].things[proposal.id], Indicator) else "項目"
                hint = perhaps([each for each in proposal.candidates if each != name])
                raise StoreError(
                    f"{source}: {proposal.id} の decision「{name}」という{word}はありません。{hint}"
                    f"（{ACCEPT}、{NONE}、または{word}の id を書きます）"
                )
        answers[proposal] = tuple(names)
    return declarations(answers, reasons)


# ------------------------------------------------------------------------------------------------------------ declared


def declarations(answers: Mapping[Proposal, Answer], reasons: Mapping[str, str]) -> Declarations:
    """Turn answers into what the new edition declares."""
    origins: dict[str, Answer] = {each.id: answer for each, answer in answers.items() if each.side == "new"}
    ended: dict[str, str] = {}
    for each, answer in answers.items():
        if each.side == "old" and not answer:
            ended[each.id] = reasons.get(each.id) or REASON
        for name in answer if each.side == "old" else ():
            origins[name] = tuple(dict.fromkeys((*origins.get(name, ()), each.id)))
    return origins, ended
