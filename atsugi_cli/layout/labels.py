"""Labels: printed numbers, headings, ranges and places of items, in a city's own words."""

from collections.abc import Iterable, Sequence
from functools import partial
from importlib import import_module
from typing import Any

from atsugi_cli.document import Cell, Count, Flag, Line, Mark, Run, Stamp
from atsugi_cli.kinds import GROUPS, Change, Kind, placed
from atsugi_cli.kinds.items import tag_words
from atsugi_cli.levels import Level, Profile
from atsugi_cli.match.links import SURE
from atsugi_cli.match.prose import Segment
from atsugi_cli.model import STAGE_LABELS, Indicator, Item, Number, Strategy
from atsugi_cli.revision import Revision
from atsugi_cli.words import TODAY, Era, date_words, restyled

PAIR = 2
"""Two neighbours are joined by 及び; more are written as a range."""

OPENING = "（(「『：: 　"
"""What a heading has before the title, and is left out with it."""

FINGERPRINT_LENGTH = 12
"""Twelve hex digits tell a city's few hundred editions apart and can be read aloud."""


def level_of(item: Item, profile: Profile) -> Level:
    """Find the level of an item; one that the profile does not know is printed plainly."""
    try:
        return profile.level(item.level)
    except KeyError:
        return Level(item.level, item.level, item.level)


def printed_number(item: Item, profile: Profile) -> str:
    """Print an item's number as its level does: ①, 1, (1), ア."""
    return level_of(item, profile).printed(item.number)


def heading(item: Item, profile: Profile) -> str:
    """Print how an item is introduced: 基本目標1（転入促進）, 重要な視点2, else its number and title."""
    before, titled, after = introduced(item, profile)
    if not level_of(item, profile).heading:
        return f"{printed_number(item, profile)} {item.title}".strip()
    if titled and not item.title:
        return before.rstrip(OPENING)
    return before + item.title + after if titled else before


def introduced(item: Item, profile: Profile) -> tuple[str, bool, str]:
    """Return what a level prints around the title of an item, and whether the title has a place in it."""
    return level_of(item, profile).around(item.number)


def lead(item: Item, profile: Profile) -> str:
    """Print what introduces an item before its title, nothing where its number and title stand side by side."""
    return introduced(item, profile)[0].rstrip(OPENING)


def called(item: Item, profile: Profile) -> str:
    """Name an item in a sentence: 重要な視点2「…」, 「都市間連携の強化」."""
    level = level_of(item, profile)
    number = level.printed(item.number)
    if not item.title:
        return f"{level.label}{number}"
    return f"{lead(item, profile)}「{item.title}」"


def place(path: Sequence[Item], profile: Profile) -> str:
    """Say where an item stands, from the top down: 基本目標1-1-①."""
    words = ""
    for item in path:
        if item.level == "plan":
            continue
        number = printed_number(item, profile)
        if (number or not item.title) and (leading := lead(item, profile)):
            words += leading
        else:
            named = f"「{item.title}」" if words else item.title
            words += f"-{number}" if words and number else number or named
    return words


def role_label(indicator: Indicator, profile: Profile) -> str:
    """Name what an indicator is: 数値目標 or KPI."""
    return profile.label("target", "数値目標") if indicator.role == "target" else profile.label("kpi", "KPI")


def cell(text: str) -> Cell:
    """Set a plain text as a cell."""
    return Cell((Line((Run(text),), kind="value"),))


def ranged(level: Level, numbers: Sequence[Number], *, final: str = "、") -> str:
    """Print the numbers of what is collapsed: ② / ①及び② / ①～③ / ①～③、⑤; empty without numbers.

    `final` joins the last of three and more.
    """
    groups: list[list[Number]] = []
    for number in numbers:
        last = groups[-1][-1] if groups else None
        if isinstance(number, int) and isinstance(last, int) and number == last + 1:
            groups[-1].append(number)
        elif number is not None:
            groups.append([number])
    before, _, after = (
        level.heading.replace("{label}", level.label).partition("{number}") if level.heading else ("", "", "")
    )
    after = after.partition("{title}")[0].rstrip(OPENING) if "{title}" in after else after
    outer, inner = ("", before) if after else (before, "")  # 基本目標1～3, but 第1分野～第3分野
    words: list[str] = []
    for group in groups:
        ends = group if len(group) <= PAIR else (group[0], group[-1])
        names = [f"{inner}{printed}{after}" for number in ends if (printed := level.printed(number))]
        words += ["～".join(names)] if names and len(group) > PAIR else names
    if len(words) == PAIR and not any("～" in word for word in words):
        return outer + "及び".join(words)
    if not words:
        return ""
    return outer + final.join(filter(None, ("、".join(words[:-1]), words[-1])))


def flag(change: Change, profile: Profile, *, handout: bool = False) -> Flag:
    """Print a change kind in the city's word."""
    inferred = change.decided == "inferred"
    doubtful = inferred and change.confidence < SURE
    shown = Flag(change.kind.code, flag_label(change, profile), change.proposed or inferred, doubtful)
    return shown.handed_out if handout else shown


def flag_label(change: Change, profile: Profile) -> str:
    """Give the city's word for a change kind."""
    return profile.flags.get(change.kind.code, _own(change.label, profile))


def _own(words: str, profile: Profile) -> str:
    """Put the city's words for what an indicator has into a label: 実績値更新 → 現況値更新."""
    actual = profile.label("actual", "実績値")
    words = words.replace("実績値", actual if actual.endswith("値") else f"{actual}値")
    for code, word in (("baseline", "基準値"), ("current", "現況値"), ("target", "数値目標"), ("kpi", "KPI")):
        words = words.replace(word, profile.label(code, word))
    return words


def kind_label(kind: Kind, profile: Profile) -> str:
    """Give the city's word for a kind as such."""
    return profile.flags.get(kind.code, _own(kind.label, profile))


def flags(changes: Iterable[Change], profile: Profile, *, handout: bool = False) -> tuple[Flag, ...]:
    """Print the change kinds of a row, each once, in the order of the table."""
    found: dict[tuple[str, str], Flag] = {}
    for change in sorted(changes, key=lambda each: placed(each.kind)):
        shown = flag(change, profile, handout=handout)
        key = (shown.code, shown.label)
        if key not in found or (found[key].proposed and not shown.proposed):
            found[key] = shown
    return tuple(found.values())


def counts(revision: Revision, profile: Profile) -> tuple[Count, ...]:
    """Count the changes by kind, in the order of the table; only kinds that occur, and no numbers that moved."""
    groups = [*GROUPS]
    said: dict[Kind, dict[str, None]] = {}
    for change in revision.changes():
        if change.kind.target_label:  # which is called in two ways
            said.setdefault(change.kind, {})[flag_label(change, profile)] = None
    numbers = sorted(
        revision.counts().items(),
        key=lambda each: (groups.index(each[0][0]), placed(each[0][1])),
    )
    return tuple(
        Count(kind.code, "・".join(said[kind]) if kind in said else kind_label(kind, profile), number, GROUPS[group])
        for (group, kind), number in numbers
        if not kind.renumbers
    )


def column_headings(revision: Revision, profile: Profile) -> tuple[str, str]:
    """Head the two columns: by the profile (for this stage), else by the editions' labels."""
    style = profile.table
    given = style.headings.get(revision.new.edition.stage)
    old = style.old_heading or revision.old.edition.label or "現行"
    new = style.new_heading or revision.new.edition.label or "改定後"
    if given:
        old, new = given
    if old == new and revision.old.edition.id == revision.new.edition.id:
        return f"{old}（変更前）", f"{new}（変更後）"
    if old == new:
        old, new = f"{old}（{revision.old.edition.id}）", f"{new}（{revision.new.edition.id}）"
    return old, new


def tree_part(strategies: Sequence[Strategy], profile: Profile) -> str:
    """Head the part of the tree: as the profile says, else by the levels in use below the first one."""
    if profile.table.tree_part:
        return profile.table.tree_part
    used = {item.level for strategy in strategies for item in strategy.items()}
    labels = [level.label for level in profile.tree if level.code in used]
    return "・".join(labels[1:] or labels) or "施策"


def edition_words(strategy: Strategy, era: Era = TODAY) -> str:
    """Name an edition for people: 改定後（素案、令和5(2023)年10月17日）."""
    edition = strategy.edition
    facts = [STAGE_LABELS[edition.stage]]
    if edition.date:
        facts.append(date_words(edition.date, era))
    return f"{edition.label or edition.id}（{'、'.join(facts)}）"


def step_words(revision: Revision, profile: Profile) -> str:
    """Name both editions of a revision: 現行（決定） → 改定後（素案）; two states of one have one name."""
    old, new = edition_words(revision.old, profile.era), edition_words(revision.new, profile.era)
    return f"{new}: 変更前 → 変更後" if old == new else f"{old} → {new}"


def said(change: Change, profile: Profile) -> tuple[str, str]:
    """Give what a change compares, in words, with years as the city writes them; － where a side has nothing."""
    before, after = change.before, change.after
    if "tags" in change.kind.fields and isinstance(change.old[0], Item) and isinstance(change.new[0], Item):
        before, after = tag_words(change.old[0], change.new[0], profile.tag_schemes)
        scheme, _, rest = after.partition(" ")
        after = rest if before.startswith(f"{scheme} ") and "・" not in before + after else after
    field = before.partition(": ")[0]
    if change.kind.group == "net" and before.count(": ") == 1 and after.startswith(f"{field}: "):
        after = after.removeprefix(f"{field}: ")  # 上位計画: 第9次総合計画 → 第10次総合計画
    if change.kind.shows == "role":
        before, after = (
            _role(words, owner, profile) for words, owner in zip((before, after), change.owners, strict=True)
        )
    return restyled(before, profile.era) or "－", restyled(after, profile.era) or "－"


def _role(words: str, owner: Item | None, profile: Profile) -> str:
    """Say 基本目標1「…」の成果指標: the owner as a sentence names it, and the role in the city's word."""
    code, role = ("target", "数値目標") if words.endswith("数値目標") else ("kpi", "KPI")
    named = f"{called(owner, profile)}の" if owner and owner.title else words.removesuffix(role)
    return named + profile.label(code, role)


def stamp(*strategies: Strategy, era: Era = TODAY) -> Stamp:
    """Stamp a paper with what it was made from; the fingerprint is of the files' text, however lines end.

    Two people with the same commit get the same number, though git writes CRLF for one of them.
    """
    first, last = strategies[0], strategies[-1]
    one = first.plan.id == last.plan.id
    old, new = ((f"{each.plan.title}　" if not one else "") + edition_words(each, era) for each in (first, last))
    return Stamp(
        plan=last.plan.title if one else "",
        old=old if len(strategies) > 1 else "",
        new=new,
        stage=STAGE_LABELS[last.edition.stage],
        date=date_words(last.edition.date, era),
        owner=" ".join(part for part in (last.plan.municipality, last.edition.owner) if part),
        fingerprint=check_number(*strategies),
        origin=partial(_origin, strategies),
    )


def _origin(strategies: Sequence[Strategy]) -> str:
    plan = strategies[-1].plan.id
    sides = " ".join(
        (f"{each.plan.id}/" if each.plan.id != plan else "") + f"{each.edition.id}@{text_id(each)}"
        for each in strategies
    )
    return f"atsugi-cli/1 plan={plan} {sides}"


def _hash(name: str, *modules: str) -> Any:  # noqa: ANN401 - a hash object, whose type no stub names
    """Begin a hash without OpenSSL, which `hashlib` loads: 3 of the 110 ms of a diff; `random` does the same."""
    for module in modules:
        try:
            return getattr(import_module(module), name)()
        except ImportError:
            continue
    return getattr(import_module("hashlib"), name)()


def check_number(*strategies: Strategy) -> str:
    """Return the number of editions taken together, by which a paper is traced back to them."""
    digest = _hash("sha256", "_sha256", "_sha2")  # of Python 3.11, of later ones
    for strategy in strategies:
        data = _text(strategy)
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return str(digest.hexdigest())[:FINGERPRINT_LENGTH]


def text_id(strategy: Strategy) -> str:
    """Return the id that git gives the text of an edition."""
    data = _text(strategy)
    digest = _hash("sha1", "_sha1")
    digest.update(b"blob %d\0" % len(data) + data)
    return str(digest.hexdigest())


def _text(strategy: Strategy) -> bytes:
    return strategy.text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")


def runs(segments: Sequence[Segment], mark: Mark) -> tuple[Run, ...]:
    """Turn the pieces of one side of an inline difference into runs."""
    return tuple(Run(text, mark if marked else "") for text, marked in segments)
