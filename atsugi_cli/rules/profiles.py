"""Profiles: rules about a city's profile, whose values its schema cannot judge."""

from collections.abc import Iterator, Sequence

from atsugi_cli.findings import Finding
from atsugi_cli.rules.base import Rule, Settings, finding, nearest, perhaps, rule
from atsugi_cli.rules.structure import SDGS_KEY, heading_slip


def profile_rule(settings: Settings) -> Iterator[Finding]:
    """検査の厳しさ（severities、stages）に、ない検査のコードが書かれています。

    コードは strategy explain で見られます。構文と書式の誤りの厳しさは変えられません。
    """
    profile = settings.profile
    written: list[tuple[tuple[str, ...], str]] = [(("severities", code), code) for code in profile.severities]
    written += [(("stages", stage, code), code) for stage, codes in profile.stages.items() for code in codes]
    for path, code in written:
        entry = settings.codes.get(code)
        if entry is not None and entry.group in {"yaml", "schema"} and entry.severity == "error":
            yield finding(
                f"「{code}」（{entry.label}）の厳しさは変えられません",
                settings.key(*path),
                "この行を消してください（構文と書式の誤りは、いつもエラーです）",
            )
        if entry is None:
            hint = perhaps(nearest(code, settings.codes)) or "検査の一覧は strategy explain で見られます"
            yield finding(f"「{code}」という検査はありません", settings.key(*path), hint)


def profile_heading(settings: Settings) -> Iterator[Finding]:
    """見出しの形（heading）に使えない { } があるか、名称の印刷されるところがありません。

    使えるのは {label}（階層の名前）、{number}（番号）、{title}（名称）です。
    名称を印刷しない見出しは、横断的な層（cross: true）だけに使えます。
    """
    places = [("levels", at, "heading") for at in range(len(settings.profile.levels))]
    levels = (*settings.profile.levels, settings.profile.section)
    for level, place in zip(levels, (*places, ("sections", "heading")), strict=True):
        if slip := heading_slip(level):
            yield finding(slip[0], settings.at(*place), slip[1])


def profile_kinds(settings: Settings) -> Iterator[Finding]:
    """市独自の変更の種類（kinds）のコードか言葉が、ほかの変更の種類と重なっています。

    初めからある種類の呼び名を変えるだけなら、kinds ではなく flags に書きます。
    """
    own = settings.profile.kinds
    if not own:
        return
    from atsugi_cli.kinds import BY_CODE

    labels = {settings.profile.flags.get(code, kind.label): code for code, kind in BY_CODE.items()}
    for code, word in own.items():
        if code in BY_CODE:
            yield finding(
                f"変更の種類「{code}」（{BY_CODE[code].label}）は初めからあります",
                settings.key("kinds", code),
                f"呼び名を変えるだけなら、kinds ではなく「flags: {{{code}: {word}}}」と書いてください",
            )
            continue
        if word in labels:
            yield finding(
                f"変更の種類の言葉「{word}」は、{labels[word]} の呼び名と同じです",
                settings.at("kinds", code),
                f"別の言葉にするか、この行を消して、版の flags に {labels[word]} と書いてください",
            )
        labels.setdefault(word, code)


def profile_levels(settings: Settings) -> Iterator[Finding]:
    """階層（levels）のキーかコードが、ほかの階層と重なっています。"""
    keys: set[str] = set()
    names: set[str] = set()
    for at, level in enumerate(settings.profile.levels):
        if level.key in keys:
            yield finding(
                f"階層のキー「{level.key}」が二度書かれています",
                settings.at("levels", at, "key"),
                "どちらかを別のキーにしてください",
            )
        elif level.code in names:
            yield finding(
                f"階層のコード「{level.code}」が、ほかの階層と同じです",
                settings.at("levels", at, "level"),
                "level に別のコードを書いてください",
            )
        keys.add(level.key)
        names.add(level.code)


_ITEM_KEYS = "id number title body owners tags from change note omitted targets kpis sections"
RESERVED = frozenset(f"{_ITEM_KEYS} format plan edition".split())
RESERVED_CODES = frozenset({"plan", "section"})


def profile_level_key(settings: Settings) -> Iterator[Finding]:
    """階層（levels）のキーが、項目に書くほかのキー（title、kpis など）と重なっています。"""
    for at, level in enumerate(settings.profile.levels):
        if level.key in RESERVED:
            yield finding(
                f"階層のキー「{level.key}」は、ほかの意味で使われています",
                settings.at("levels", at, "key"),
                "goals、policies のような、ほかと重ならないキーにしてください",
            )
        elif level.code in RESERVED_CODES:
            yield finding(
                f"階層のコード「{level.code}」は、ほかの意味で使われています",
                settings.at("levels", at, "level"),
                "別のコードを書いてください",
            )


def profile_terms(settings: Settings) -> Iterator[Finding]:
    """略称（terms）が、正式な名称と同じか逆か、ほかの略称と同じ名称を指しています。

    一つの名称の略称は一つに決めます。二つあると、どちらに統一するか分かりません。
    """
    first: dict[str, str] = {}
    for short, full in settings.profile.terms.items():
        if len(short) > len(full):
            yield finding(
                f"略称「{short}」が、正式な名称「{full}」より長くなっています",
                settings.key("terms", short),
                f"逆ではありませんか（{full}: {short}）",
            )
        elif short == full:
            yield finding(
                f"略称「{short}」が、正式な名称と同じです", settings.at("terms", short), "略称か名称を直してください"
            )
        elif full in first:
            yield finding(
                f"「{full}」の略称が、「{first[full]}」と「{short}」の二つあります",
                settings.key("terms", short),
                "使う略称を一つに決めてください",
            )
        first.setdefault(full, short)


def profile_owner(settings: Settings) -> Iterator[Finding]:
    """所管（owners）の期間の、始まりが終わりより後か、同じ名前が同じ期間に二度書かれています。"""
    seen: set[tuple[str, str, str]] = set()
    for at, owner in enumerate(settings.profile.owners):
        if (owner.name, owner.since, owner.until) in seen:
            yield finding(
                f"所管「{owner.name}」が二度書かれています",
                settings.at("owners", at, "name"),
                "どちらか一方を消してください",
            )
        seen.add((owner.name, owner.since, owner.until))
        shared = min(len(owner.since), len(owner.until))
        if shared and owner.since[:shared] > owner.until[:shared]:
            yield finding(
                f"所管「{owner.name}」の始まり {owner.since} が、終わり {owner.until} より後です",
                settings.at("owners", at, "since"),
                "since と until を確かめてください",
            )


def profile_tags(settings: Settings) -> Iterator[Finding]:
    """関連付けの分類（tags）の SDGs が、小文字の sdgs ではありません。

    SDGs の番号を調べ、印刷するために、分類のコードは sdgs と決まっています。呼び名は自由です。
    """
    for scheme in settings.profile.tag_schemes:
        if scheme != SDGS_KEY and scheme.casefold() == SDGS_KEY:
            yield finding(
                f"関連付けの分類「{scheme}」は、「{SDGS_KEY}」と小文字で書きます",
                settings.key("tags", scheme),
                f"もしかして: {SDGS_KEY}",
            )


PROFILE_RULES: Sequence[Rule] = (
    rule("profile-rule", "設定の検査コード", "profile", "error", profile_rule,
         example="severities: {no-kpis: off}\n→ severities: {no-kpi: off}"),
    rule("profile-heading", "設定の見出しの形", "profile", "error", profile_heading,
         example='heading: "{lable}{number}"\n→ heading: "{label}{number}"'),
    rule("profile-kinds", "設定の独自の種類", "profile", "error", profile_kinds,
         example="kinds: {added: 拡充}\n→ kinds: {expanded: 拡充}"),
    rule("profile-levels", "設定の階層の重複", "profile", "error", profile_levels,
         example="levels: [{key: goals, label: 基本目標}, {key: goals, label: 施策}]\n"
                 "→ levels: [{key: goals, label: 基本目標}, {key: policies, label: 施策}]"),
    rule("profile-level-key", "設定の階層のキー", "profile", "error", profile_level_key,
         example="levels: [{key: kpis, label: 施策}]\n→ levels: [{key: policies, label: 施策}]"),
    rule("profile-terms", "設定の略称", "profile", "warning", profile_terms,
         example="terms: {総合戦略: 総合戦略}\n→ terms: {総合戦略: まち・ひと・しごと創生総合戦略}"),
    rule("profile-tags", "設定の関連付けの分類", "profile", "error", profile_tags,
         example="tags: {SDGs: SDGs}\n→ tags: {sdgs: SDGs}"),
    rule("profile-owner", "設定の所管の期間", "profile", "warning", profile_owner,
         example="owners: [{name: 商工課, since: 2024-04, until: 2023-03}]\n"
                 "→ owners: [{name: 商工課, since: 2023-04, until: 2024-03}]"),
)  # fmt: skip
