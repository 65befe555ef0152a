"""Made-up plans of a made-up city, and edits of their texts, for the tests of merging."""

import random

from atsugi_cli.reader.pieces import Pieces, add, cut, inline, put
from atsugi_cli.reader.splice import spliced

HEAD = """format: 1
plan: {id: p, title: 例示市総合戦略, municipality: 例示市, period: {start: 2021, end: 2026}}
edition: {id: 2021-03, label: 現行, stage: draft}
goals:
  - id: g1
    number: 1
    title: 転入促進
    policies:
      - id: p1
        number: 1
        title: 魅力を発信する
        initiatives:
"""


def listed(letters, *, bracketed=False):
    """Write a plan whose one policy has an initiative for each letter; a capital has another title."""
    rows = []
    for number, letter in enumerate(letters, 1):
        title = f"取組{letter.lower()}" + ("改" if letter.isupper() else "")
        keys = [f"id: {letter.lower()}", f"number: {number}", f"title: {title}"]
        rows.append(
            f"          - {{{', '.join(keys)}}}\n" if bracketed else "          - " + "\n            ".join(keys) + "\n"
        )
    return (HEAD + "".join(rows)) if letters else HEAD.replace("        initiatives:\n", "")


WORDS = ("交流", "連携", "子育て", "産業", "防災", "観光", "医療", "教育", "情報", "環境", "移住", "就労")
OWNERS = ("企画課", "総務課", "福祉課", "観光課")


class Writer:
    """Writes random plans and edits them, always the same for one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.last = 0

    def title(self):
        return (
            self.random.choice(WORDS) + self.random.choice(WORDS) + self.random.choice(("の推進", "の充実", "を進める"))
        )

    def id(self, letter):
        self.last += 1
        return f"{letter}{self.last}"

    def kpi(self):
        chance = self.random
        found = {"id": self.id("k"), "name": f"{self.title()}数", "unit": chance.choice("人件回")}
        found |= {
            "baseline": {"year": 2020, "value": chance.randrange(99)},
            "target": {"year": 2026, "value": chance.randrange(99)},
        }
        if chance.random() < 0.4:
            found["actuals"] = [
                {"year": 2021 + at, "value": chance.randrange(99)} for at in range(chance.randrange(1, 4))
            ]
        return found

    def initiative(self, number):
        chance = self.random
        found = {"id": self.id("i"), "number": number, "title": self.title()}
        if chance.random() < 0.4:
            found["body"] = "".join(f"{self.title()}\n" for _ in range(chance.randrange(1, 4)))
        if chance.random() < 0.4:
            found["owners"] = chance.sample(OWNERS, chance.randrange(1, 3))
        if chance.random() < 0.3:
            found["tags"] = {"sdgs": chance.sample(range(1, 18), 2)}
        if chance.random() < 0.5:
            found["kpis"] = [self.kpi() for _ in range(chance.randrange(1, 3))]
        return found

    def policy(self, number):
        inside = [self.initiative(at + 1) for at in range(self.random.randrange(1, 4))]
        return {"id": self.id("p"), "number": number, "title": self.title(), "initiatives": inside}

    def goal(self, number):
        targets = [self.kpi() for _ in range(self.random.randrange(1, 3))]
        policies = [self.policy(at + 1) for at in range(self.random.randrange(1, 4))]
        return {"id": self.id("g"), "number": number, "title": self.title(), "targets": targets, "policies": policies}

    def plan(self):
        period = {"start": 2021, "end": 2026}
        plan = {"id": "p", "title": "例示市総合戦略", "municipality": "例示市", "period": period}
        edition = {"id": "2021-03", "stage": "draft", "reasons": ["甲のため"]}
        goals = [self.goal(at + 1) for at in range(self.random.randrange(1, 4))]
        return self.text({"format": 1, "plan": plan, "edition": edition, "goals": goals})

    def text(self, value, indent=0):
        """Write a mapping in one of the ways that people write."""
        chance, space, found = self.random.random, " " * indent, []
        for key, each in value.items():
            if isinstance(each, str) and "\n" in each:
                found.append(f"{space}{key}: |\n" + "".join(f"{space}  {line}\n" for line in each.splitlines()))
            elif isinstance(each, dict):
                block = chance() < 0.4
                found.append(
                    f"{space}{key}:\n" + self.text(each, indent + 2) if block else f"{space}{key}: {inline(each)}\n"
                )
            elif isinstance(each, list) and isinstance(each[0], dict) and not (key == "actuals" and chance() < 0.5):
                found.append(f"{space}{key}:\n")
                for entry in each:
                    if chance() < 0.1:
                        found.append(f"{space}  # 注: {self.title()}\n")
                    block = self.text(entry, indent + 4)[indent + 4 :]
                    found.append(f"{space}  - " + (f"{inline(entry)}\n" if chance() < 0.15 else block))
            elif isinstance(each, list) and chance() < 0.5:
                found.append(f"{space}{key}:\n" + "".join(f"{space}  - {inline(entry)}\n" for entry in each))
            else:
                comment = "  # 要確認" if chance() < 0.05 else ""
                found.append(f"{space}{key}: {inline(each)}{comment}\n")
        return "".join(found)

    def edited(self, text, times):
        """Do to a text what people do in a morning."""
        for _ in range(times):
            text = self._edited(text)
        return text

    def _edited(self, text):
        chance = self.random
        every = list(_all(Pieces(text).root))
        lists = [
            each for each in every if each.is_list and each.key in {"initiatives", "policies", "kpis"} and each.inside()
        ]
        several = [each for each in lists if len(each.inside()) > 1]
        what = chance.random()
        if what < 0.45 or not lists:
            return spliced(
                text,
                [self._set(chance.choice([each for each in every if each.key in {"title", "name", "value", "unit"}]))],
            )
        if what < 0.6:
            home = chance.choice(lists)
            number = len(home.inside()) + 1
            new = {"initiatives": self.initiative, "policies": self.policy}.get(home.key, lambda _: self.kpi())(number)
            line = inline(new) if home.inner < 0 else "- " + self.text(new, 2)[2:]
            return spliced(text, [add(home, chance.randrange(number), [line])])
        if what < 0.75 and several:
            home = chance.choice(several)
            return spliced(text, list(cut(home, [chance.choice(home.inside())])))
        if what < 0.9 and any(each.inner >= 0 for each in several):
            return self._moved(text, [each for each in several if each.inner >= 0])
        if what < 0.95 and any(each.style == "|" for each in every):
            return self._prose(text, chance.choice([each for each in every if each.style == "|"]))
        titled = [each for each in every if each.is_map and each.get("title") and not each.get("note")]
        home = chance.choice(titled)
        return spliced(
            text, [add(home, len(home.inside()), [f"note: {self.title()}" + ("\n" if home.inner >= 0 else "")])]
        )

    def _set(self, piece):
        if piece.key in {"title", "name"}:
            return put(piece, inline(self.title()))
        return put(piece, self.random.choice("人件回") if piece.key == "unit" else str(self.random.randrange(100, 200)))

    def _moved(self, text, homes):
        home = self.random.choice(homes)
        piece = self.random.choice(home.inside())
        other = self.random.choice([each for each in homes if each.key == home.key])
        edits = list(cut(home, [piece]))
        new = add(other, self.random.randrange(len(other.inside()) + 1), [piece.text])
        inside = any(each.start < new.start < each.end for each in edits)
        return text if inside else spliced(text, [*edits, new])

    def _prose(self, text, piece):
        lines = piece.typed.splitlines(keepends=True)
        at = self.random.randrange(1, len(lines))
        margin = len(lines[1]) - len(lines[1].lstrip())
        lines = [line if line.endswith("\n") else f"{line}\n" for line in lines]
        lines[at : at + self.random.randrange(2)] = [" " * margin + self.title() + "\n"]
        new = "".join(lines)
        return text[: piece.value] + (new if piece.typed.endswith("\n") else new[:-1]) + text[piece.stop :]


def _all(piece):
    for each in piece.inside():
        yield each
        yield from _all(each)
