"""Plans made for tests of drawings: any shape, any words."""

from atsugi_cli.compare import compare
from atsugi_cli.model import Edition, Indicator, Item, Plan, Strategy

HOSTILE = (
    "<script>alert(1)</script> \"'&amp; ]]> --> `x` \x00\x1b[31m\x85 \u202eevil\u2066 \ufffe {{7*7}} %%{init} #quot;"
)
LEVELS = ("goal", "policy", "initiative", "project")


def edition(*children, title="試験市総合戦略", name="new", **more):
    plan = Plan("test", title, "試験市", start=2021, end=2026)
    return Strategy(
        plan, Edition(name, **{"label": name, "owner": "企画課", **more}), Item("test", "plan", children=children)
    )


def item(level, number, title, *children, **more):
    return Item(more.pop("id", f"{level}-{number}"), level, number, title, children=children, **more)


def grown(counts, words="取組の名称", depth=0, path="x"):
    """Grow a tree with so many children at each level; every title names its path."""
    if depth == len(counts):
        return ()
    return tuple(
        Item(
            f"{path}-{number}",
            LEVELS[depth],
            number,
            f"{words}{path}-{number}",
            children=grown(counts, words, depth + 1, f"{path}-{number}"),
        )
        for number in range(1, counts[depth] + 1)
    )


def stepped():
    """Two editions between which something of every sort happens to a box."""
    kpi = Indicator("k1", "kpi", "指標", "件")
    old = edition(
        item("viewpoint", 1, "変わらない視点"),
        item(
            "goal",
            1,
            "転入促進",
            item(
                "policy",
                1,
                "魅力を発信する",
                item("initiative", 1, "都市間交流の促進"),
                item("initiative", 2, "残る取組"),
            ),
            item("policy", 2, "なくなる施策", item("initiative", 1, "なくなる取組", id="gone")),
        ),
        name="old",
    )
    new = edition(
        item("viewpoint", 1, "変わらない視点"),
        item("viewpoint", 2, "新しい視点"),
        item(
            "goal",
            1,
            "転入促進",
            item(
                "policy",
                1,
                "魅力を発信する",
                item("initiative", 1, "都市間連携の強化", indicators=(kpi,)),
                item("initiative", 2, "残る取組"),
                item("initiative", 3, "まったく別の新しい仕事"),
            ),
        ),
    )
    return old, new, compare(old, new)


LONG = (
    "移住・定住の促進に向けた情報発信と受入れ体制の強化、ICTやDX・SDGsの活用による関係人口の創出及び拡大、"
    "WWWMMM Digital Transformation（Society5.0）推進に関する取組"
)


def crowded():
    """300 initiatives with long titles, more viewpoints than stand side by side, skipped levels, everything changed."""
    viewpoints = [item("viewpoint", number, LONG) for number in range(1, 8)]
    skipping = item(
        "goal",
        9,
        LONG,
        item("initiative", 1, LONG, id="i-9"),
        item("policy", 2, LONG, item("project", 1, LONG, id="p-9"), id="q-9"),
        item("policy", 3, "", id="o-9-3", omitted=True),
        item("policy", 4, "", id="o-9-4", omitted=True),
        id="g-9",
    )
    new = edition(*grown((5, 6, 10), LONG), skipping, *viewpoints, title=LONG, owner=LONG)
    old = edition(*grown((5, 6, 9), LONG[:-2]), *viewpoints[:3], title=LONG, name="old")
    return old, new, compare(old, new)
