"""Editions made for tests: the one place that knows what an edition needs, as values and as YAML."""

from pathlib import Path

from atsugi_cli.model import Edition, Item, Plan, Strategy


def edition(*children, title="試験市総合戦略", name="new", root=None, period=(2021, 2026), indicators=(), **more):
    """Make the values of an edition; `root` takes the place of a plan with these children and indicators."""
    start, end = period
    plan = Plan("test", title, "試験市", start=start, end=end)
    edition = Edition(name, **{"label": name, "owner": "企画課", **more})
    return Strategy(plan, edition, root or Item("test", "plan", children=children, indicators=indicators))


def item(level, number, title, *children, **more):
    return Item(more.pop("id", f"{level}-{number}"), level, number, title, children=children, **more)


def head(name, *, plan="p", title="計画", city="市", period=(2021, 2026), **more):
    """Write the lines with which a file begins; `more` are other keys of the edition, left out where empty."""
    keys = {"id": name, "stage": "draft", **more}
    edition = ", ".join(f"{key}: {value}" for key, value in keys.items() if value)
    start, end = period
    return (
        "format: 1\n"
        f"plan: {{id: {plan}, title: {title}, municipality: {city}, period: {{start: {start}, end: {end}}}}}\n"
        f"edition: {{{edition}}}\n"
    )


def put(path, text):
    """Write a file as git keeps it, and the folders above it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
