"""`strategy pack`: the set of papers for a meeting, all made from one comparison."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cache, partial
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from atsugi_cli import store
from atsugi_cli.cli import streams
from atsugi_cli.cli.options import flag, option
from atsugi_cli.cli.output import occasion, opened, stamped, tell_left_behind, tell_unsettled, written
from atsugi_cli.cli.parameters import Date, FontPath, Handout, Internal, Meeting, New, Old, Root, Strict
from atsugi_cli.document import Document, Occasion
from atsugi_cli.formats import Command, Format
from atsugi_cli.formats.options import MissingError, Options
from atsugi_cli.formats.seal import named
from atsugi_cli.frozen import frozen
from atsugi_cli.levels import Profile
from atsugi_cli.model import Strategy
from atsugi_cli.project.editions import all_of, compared
from atsugi_cli.project.reading import Project
from atsugi_cli.project.supplements import kept_beside
from atsugi_cli.reader.supplements import Briefing
from atsugi_cli.revision import Revision
from atsugi_cli.store import StoreError

if TYPE_CHECKING:
    from atsugi_cli.cli.output import Paper

FOLDER = "会議資料"
INDEX = "index.html"
LIST = ".strategy-pack.json"
"""Names what was written, with hashes: whatever differs from them has been worked on by hand."""
_KEPT = 2


@frozen
class _Paper:
    """One file of the set; `make` writes it."""

    title: str
    suffix: str
    form: str
    make: Callable[[], str | bytes]

    @property
    def file(self) -> str:
        """Give its name; the titles hold nothing that a system would not take in a name."""
        return f"{self.title}.{self.suffix}"


@frozen
class _Numbers:
    """Numbers the papers of a set in their order, all of one meeting; without a first number they have none."""

    first: int
    occasion: Occasion | None
    given: dict[str, str] = field(default_factory=dict)

    def of(self, title: str) -> tuple[str, Occasion | None]:
        """Return what a paper is called in the set, and what it is handed out for; its forms have one number."""
        if not self.first:
            return title, self.occasion
        number = self.given.setdefault(title, f"資料{self.first + len(self.given)}")
        return f"{number}_{title.partition('_')[2]}", replace(self.occasion or Occasion(), number=number)


def pack(
    old: Old = "",
    new: New = "",
    *,
    out: Annotated[str, option("-o --output", "DIR", "資料を置くフォルダ。", show_default=True)] = FOLDER,
    template: Annotated[
        str,
        option("--template", "FILE", "資料を差し込むWordかExcelの様式（.docx、.xlsx）。"),
    ] = "",
    number_from: Annotated[
        int, option("--number-from", "N", "資料番号を、この数から順に付ける（資料2、資料3、…）。", min=0)
    ] = 0,
    meeting: Meeting = "",
    date: Date = "",
    font_path: FontPath = "",
    internal: Internal = False,
    handout: Handout = False,
    strict: Strict = False,
    force: Annotated[bool, flag("--force", "手で直した資料も、新しいもので置き換える。")] = False,
    root: Root = "strategies",
) -> int:
    """会議資料一式を、ひとつの比較から作る。

    新旧対照表、見え消し、溶け込み、改定前後の体系図、改定のポイント、KPI一覧、概要版とその目次（index.html）ができます。
    どの資料にも同じ照合番号が入ります（CSV、JSONを除く）。配る資料ではファイルのプロパティにだけ入り、印刷されません。

    例: strategy pack -o 会議資料 / strategy pack --meeting 第3回推進会議 --number-from 2
    """
    folder = _folder(out)
    heard: list[str] = []
    project = opened(root)
    revision, profile = compared(project, old, new)
    settings = Options(
        underline=profile.table.underline,
        template=store.read_template(template) if template else None,
        font_path=font_path,
        tell=heard.append,
    )
    outside = partial(Format.leaves_office, internal=internal, handout=handout)
    own = _briefing_of(project, revision)
    numbers = _Numbers(number_from or int(bool(own and meeting)), occasion("", meeting, date, profile))
    editions = all_of(project, revision)
    papers = list(_papers(revision, profile, settings, outside, numbers, own, editions))
    lacking = _told_numbers(own, numbers)
    made: list[tuple[_Paper, bytes]] = []
    missing: dict[str, list[str]] = {}
    with streams.Progress(FOLDER, len(papers)) as progress:
        for paper in papers:
            progress.step(paper.file)
            try:
                heard.clear()
                data = paper.make()
                lacking += [f"{paper.file}: {words}" for words in heard]
            except StoreError:
                raise
            except (MissingError, MemoryError, ValueError, ArithmeticError) as error:
                why = str(error) if isinstance(error, MissingError) else f"大きすぎます（{type(error).__name__}）。"
                missing.setdefault(why, []).append(paper.file)
                continue
            made.append((paper, data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace")))
    skipped = [f"{'、'.join(files)} は作りませんでした。{why}" for why, files in missing.items()]
    skipped += lacking
    known = _Known.read(folder)
    names = {name: name if force else known.free(folder, name) for name in (*(paper.file for paper, _ in made), INDEX)}
    skipped += [
        f"{name} はここで作ったままのものではないので残し、新しいものを {now} にしました（置き換えるには --force）。"
        for name, now in names.items()
        if name != now
    ]
    stale = [name for names in missing.values() for name in names if (folder / name).exists()]
    if stale:
        skipped.append(f"前に作った {'、'.join(stale)} が残っています。この資料とは照合番号が違うかもしれません。")
    files = {names[paper.file]: data for paper, data in made}
    index = names[INDEX]
    entries = [(paper, names[paper.file]) for paper, _ in made]
    from atsugi_cli.layout.labels import stamp

    files[index] = _index(revision, profile, entries, skipped, numbers.occasion).encode("utf-8")
    store.make_folder(out)
    store.write_set(
        (str(folder / name), data)
        for name, data in known.added(files, named(stamp(revision.old, revision.new))).items()
    )
    for line in skipped:
        streams.complain(line)
    streams.complain(f"{out} に{len(made)}件の資料を書き出しました。{index} から開けます。")
    tell_left_behind(revision)
    return tell_unsettled(revision, handout=not internal, strict=strict)


def _briefing_of(project: Project, revision: Revision) -> Briefing | None:
    """Read the meeting's own paper where there is one beside the edition; with slips in it the set goes without."""
    source = revision.new.source
    if not source or store.supplement_for(source, "briefing") is None:
        return None
    found = kept_beside(project, source, "briefing")
    if found.findings:
        streams.complain(
            f"{found.source} に誤りがあるため、次第と説明資料は作りません。strategy validate で確かめてください。"
        )
    return found.briefing


def _told_numbers(own: Briefing | None, numbers: _Numbers) -> list[str]:
    """Say which numbers of papers the meeting's own paper names, where the set begins with another than 資料1."""
    if own is None or numbers.first < 2:
        return []
    texts = (text for chapter in own.chapters for section in chapter.sections for text in (section.body, section.after))
    named = dict.fromkeys(int(each) for text in texts for each in re.findall(r"資料\s?(\d+)", text))
    papers = {number: title.partition("_")[2] for title, number in numbers.given.items()}
    if not named:
        return []
    words = "」「".join(f"資料{each}" for each in named)
    now = "、".join(f"資料{each}は{papers.get(f'資料{each}', 'なし')}" for each in named)
    return [f"説明資料の本文に「{words}」とあります。この一式では、{now}です。本文の番号を確かめてください。"]


@frozen
class _Known:
    """What this program wrote into a folder before: the hashes of each file, those of the last run first.

    Two of each are kept, because a run that was killed between two files leaves some of the run before.
    """

    hashes: Mapping[str, list[str]]

    @classmethod
    def read(cls, folder: Path) -> "_Known":
        """Read the list that lies in the folder; what it does not name was not written by us."""
        try:
            data = json.loads((folder / LIST).read_bytes())
            return cls({str(name): [str(each) for each in hashes][:_KEPT] for name, hashes in data.items()})
        except (OSError, ValueError, AttributeError, TypeError):
            return cls({})

    def free(self, folder: Path, file: str) -> str:
        """Name the file that may be written: `file`, or the next one beside it where somebody worked on that."""
        stem, _, suffix = file.rpartition(".")
        others = (f"{stem}-{number}.{suffix}" for number in count(2))
        return next(name for name in chain((file,), others) if self._may_be_replaced(folder / name))

    def _may_be_replaced(self, path: Path) -> bool:
        """Check whether nothing would be lost: there is nothing, a link, or what we wrote."""
        if path.is_symlink() or not path.exists():
            return True
        return path.is_file() and sha256(path.read_bytes()).hexdigest() in self.hashes.get(path.name, ())

    def added(self, files: Mapping[str, bytes], origin: str) -> dict[str, bytes]:
        """Return the files of a set, before them the list that names them, and under "" what they were made from."""
        new = {name: sha256(data).hexdigest() for name, data in files.items()}
        every = {name: [*filter(None, [new.get(name)]), *self.hashes.get(name, ())] for name in {**self.hashes, **new}}
        listed = {"": [origin]} | {
            name: list(dict.fromkeys(hashes))[:_KEPT] for name, hashes in sorted(every.items()) if name
        }
        return {LIST: json.dumps(listed, ensure_ascii=False, indent=1).encode("utf-8"), **files}


def _folder(out: str) -> Path:
    """Refuse what is no folder."""
    folder = Path(out)
    if not out or (folder.exists() and not folder.is_dir()) or any(each.is_file() for each in folder.parents):
        raise StoreError(f"{out or '空の名前'} はフォルダではありません。-o にフォルダを指定してください。")
    return folder


def _papers(
    revision: Revision,
    profile: Profile,
    settings: Options,
    outside: Callable[[Format], bool],
    numbers: _Numbers,
    own: Briefing | None,
    editions: Sequence[Strategy],
) -> Iterator[_Paper]:
    """List what belongs to the set; every paper is laid out once and written in each of its forms."""
    from atsugi_cli import formats
    from atsugi_cli.layout import kpis
    from atsugi_cli.layout.comparison import comparison
    from atsugi_cli.layout.diagram import diagram
    from atsugi_cli.layout.overview import overview
    from atsugi_cli.layout.points import points
    from atsugi_cli.layout.redline import clean, redline

    layouts = (comparison, points, kpis.compared)
    table, summary, indicators = (cache(partial(lay_out, revision, profile)) for lay_out in layouts)
    of_set, plain = table(handout=False).stamp, replace(settings, template=None)

    def printed(
        title: str,
        laid_out: Callable[..., "Paper"],
        *codes: str,
        command: Command = "diff",
        note: str = "",
        settings: Options = settings,
        numbered: bool = True,
    ) -> Iterator[_Paper]:
        for code in codes:
            name, given = numbers.of(title) if numbered else (title, numbers.occasion)
            form = formats.find(command, code)
            made = partial(_written, form, laid_out, settings, handout=outside(form), occasion=given)
            yield _Paper(name, form.suffixes[0][1:], form.label + note, made)

    def with_annex(*, handout: bool) -> Document:
        return replace(table(handout=handout), annex=(indicators(handout=handout),))

    def drawings() -> Iterator[_Paper]:
        trees: tuple[tuple[str, Strategy, Revision | None], ...] = (
            ("03_体系図_改定前", revision.old, None),
            ("04_体系図_改定後", revision.new, revision),
        )
        for at, (file, strategy, step) in enumerate(trees, 1):
            plan = diagram(strategy, profile, step, fingerprint=of_set.fingerprint)
            if step is None:  # handed out with the new plan: on the same day, by the same section
                plan = replace(plan, stamp=replace(plan.stamp, date=of_set.date, owner=of_set.owner))
            if own and own.trees[0]:
                plan = replace(plan, title=own.trees[0], subtitle=own.trees[at] or plan.subtitle)
            if any(plan.boxes()):  # nobody hands out an empty sheet
                yield from printed(file, lambda plan=plan, **_: plan, "svg", "pdf", "png", command="tree")

    if own is not None:  # in the order of the meeting
        from atsugi_cli.layout import briefing

        agenda = briefing.agenda(own, revision, profile)
        agenda = replace(agenda, stamp=replace(agenda.stamp, fingerprint=of_set.fingerprint))
        yield from printed("00_次第", lambda **_: agenda, "docx", "pdf", settings=plain, numbered=False)
        slides, text = (
            cache(partial(briefing.briefing, own, revision, profile, slides=on_slides)) for on_slides in (True, False)
        )
        yield from chain(printed("00_説明資料", slides, "pptx"), printed("00_説明資料", text, "docx", "pdf"))
        yield from drawings()
    yield from printed("01_新旧対照表", table, "docx", "pptx", "html", "pdf")
    yield from printed("01_新旧対照表", with_annex, "xlsx")
    tracked, struck = (lambda form=form, **_: redline(revision, profile, form) for form in ("tracked", "struck"))
    yield from printed("02_見え消し", tracked, "docx", note="（変更履歴）", settings=plain)
    yield from printed("02_見え消し", struck, "pdf")
    if own is None:
        yield from drawings()
    yield from printed("05_改定のポイント", summary, "docx", "pptx", "markdown")
    yield from printed("06_KPI一覧", indicators, *(("xlsx", "docx", "pdf", "csv") if _has_figures(revision) else ()))
    whole = clean(revision.new, profile, "tracked")
    whole = replace(whole, stamp=replace(whole.stamp, fingerprint=of_set.fingerprint))
    yield from printed("07_溶け込み", lambda **_: whole, "docx", "pdf", settings=plain)
    on_one_sheet = partial(overview, revision, profile, editions)
    yield from printed("09_概要版", on_one_sheet, "pdf", "pptx", "svg", command="overview")
    if (data := formats.find("diff", "json")).revision:
        yield _Paper("08_改定", "json", "JSON（機械可読）", partial(data.revision, revision, settings))


def _has_figures(revision: Revision) -> bool:
    return any(any(each.indicators()) for each in (revision.old, revision.new))


def _written(
    form: Format,
    laid_out: Callable[..., "Paper"],
    settings: Options,
    *,
    handout: bool,
    occasion: Occasion | None,
) -> str | bytes:
    paper = stamped(laid_out(handout=handout), handout=handout, occasion=occasion)
    of_excel = b"xl/workbook.xml" in (settings.template or b"")
    return written(form, paper, settings if of_excel == (form.code == "xlsx") else replace(settings, template=None))


def _index(
    revision: Revision,
    profile: Profile,
    papers: list[tuple[_Paper, str]],
    skipped: list[str],
    occasion: Occasion | None,
) -> str:
    from atsugi_cli.formats.index import Entry, page
    from atsugi_cli.layout.points import points

    document = stamped(points(revision, profile), handout=False, occasion=occasion)
    entries = [Entry(paper.title.replace("_", "　"), name, paper.form) for paper, name in papers]
    return page(document, f"{revision.new.plan.title}　会議資料", entries, skipped)
