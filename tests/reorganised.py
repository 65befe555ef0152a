# ruff: noqa: E501 - tables of Japanese words
"""A made-up city's plan and the plan that follows it, with who became whom known for every item.

What makes such plans hard is drawn here: titles of a few words that end alike (…の推進, …の充実), initiatives that
move to another policy, are merged, split, renamed, or replaced at the same place by others, goals said in new words.
"""

import json
import random
from dataclasses import dataclass, field

from builders import head

FIELDS = (
    ("産業", "企業誘致 創業支援 中小企業の経営改善 事業承継 商店街の活性化 ものづくり技術 販路開拓 働き方改革 若者の就労 人材の確保"),
    ("農林水産", "農業の担い手 地産地消 鳥獣被害対策 森林の保全 遊休農地 特産品のブランド化 漁港施設 スマート農業 六次産業化 農道"),
    ("観光", "温泉街のにぎわい 観光案内 外国人旅行者の受入れ 体験型ツアー 文化財の活用 フィルムコミッション 花火大会 登山道 観光協会 道の駅"),
    ("子育て", "保育所の待機児童 病児保育 妊産婦健診 放課後児童クラブ ひとり親家庭 産後ケア 小児医療費 育児相談 児童虐待の防止 子ども食堂"),
    ("教育", "小中一貫教育 ICT教育 学校給食 不登校児童 部活動の地域移行 図書館 英語教育 通学路 特別支援学級 生涯学習"),
    ("福祉", "認知症高齢者 介護予防 障害者の就労 生活困窮者 地域包括ケア 権利擁護 買い物弱者 民生委員 見守りネットワーク 手話"),
    ("健康", "特定健診 救急医療 がん検診 食生活の改善 受動喫煙 心の健康 歯科保健 感染症対策 運動習慣 看護師"),
    ("防災", "自主防災組織 避難所の備蓄 土砂災害 住宅の耐震化 消防団員 防災行政無線 河川の改修 空き家対策 避難行動要支援者 防犯灯"),
    ("環境", "ごみの減量 再生可能エネルギー 電気自動車 生物多様性 水質の保全 不法投棄 緑地 省エネ住宅 食品ロス 環境学習"),
    ("交通", "路線バス デマンド交通 駅前広場 自転車道 橋りょうの長寿命化 生活道路 免許返納 踏切 駐車場 バリアフリー"),
    ("移住", "移住相談 空き家バンク 二地域居住 お試し住宅 奨学金の返還 婚活イベント 関係人口 ふるさと納税 Uターン 首都圏でのPR"),
    ("行政", "窓口のオンライン化 オープンデータ 公共施設の再編 職員研修 市税の収納 広報紙 市民協働 自治会 広域連携 男女共同参画"),
)  # fmt: skip
SAME = {
    "移住": "定住", "観光案内": "誘客", "ごみの減量": "廃棄物の削減", "高齢者": "シニア", "若者": "若い世代",
    "企業誘致": "企業立地", "広報紙": "広報媒体", "窓口": "手続", "市民協働": "協働のまちづくり", "図書館": "図書施設",
    "路線バス": "公共交通", "救急医療": "救急体制", "外国人旅行者": "インバウンド", "働き方改革": "柔軟な働き方",
    "防犯灯": "街路灯", "森林": "里山", "ICT": "デジタル", "人材": "人財", "小中一貫": "義務教育", "がん検診": "各種検診",
}  # fmt: skip
ENDINGS = (
    "の推進",
    "の充実",
    "への支援",
    "の促進",
    "の強化",
    "の整備",
    "の振興",
    "の確保",
    "に向けた環境づくり",
    "体制の構築",
)
AHEAD = (
    "デジタル技術を活用した",
    "誰もが参加できる",
    "地域と連携した",
    "時代に合った",
    "安心できる",
    "官民連携による",
    "持続可能な",
)
GOALS = (
    "{0}と{1}で地域に仕事をつくる", "{0}と{1}を通じて人の流れをつくる", "{0}と{1}の希望をかなえる",
    "{0}と{1}に優れた魅力あるまちをつくる", "{0}と{1}で選ばれる地方をつくる", "{0}・{1}を支える安心なくらし",
    "次世代へつなぐ{0}と{1}", "{0}と{1}が好循環するまち",
)  # fmt: skip
BARE_GOALS = (
    "地方に仕事をつくる", "人の流れをつくる", "結婚・出産・子育ての希望をかなえる", "魅力的な地域をつくる", "選ばれる地方をつくる",
    "稼ぐ地域をつくる", "誰もが活躍できる社会をつくる", "安心して暮らせるまちをつくる", "ひとが集うまちを実現する",
)  # fmt: skip
POLICIES = (
    "{0}の振興",
    "{0}環境の充実",
    "{0}を支える基盤の整備",
    "{0}分野の連携強化",
    "魅力ある{0}の推進",
    "{0}サービスの向上",
)
MEASURES = ("利用者数", "実施件数", "参加者数", "満足度", "登録者数", "整備率")
UNITS = {"利用者数": "人", "実施件数": "件", "参加者数": "人", "満足度": "%", "登録者数": "人", "整備率": "%"}
BODY = (
    "{0}に取り組みます。", "市民や事業者と連携し、{0}を進めます。", "{0}について、必要な支援を行います。",
    "国や県と協力しながら、{0}の充実を図ります。", "相談窓口を設け、{0}に関する情報を発信します。",
)  # fmt: skip


@dataclass
class Thing:
    """One item; `about` are the topics that it is about."""

    id: str
    level: str
    title: str
    about: tuple[str, ...]
    body: str = ""
    kpis: list[dict[str, str]] = field(default_factory=list)
    children: list["Thing"] = field(default_factory=list)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Reorganised:
    """Both plans as lists of goals, and the links of their items and of their indicators."""

    old: list[Thing]
    new: list[Thing]
    links: set[tuple[str, str]]
    indicators: set[tuple[str, str]]


class _Maker:
    """Draws one plan and its successor. How much is renamed, moved and given in words differs from one to the next."""

    def __init__(self, seed, size):
        self.rnd = rnd = random.Random(seed)  # noqa: S311 - data of a test
        fields = list(FIELDS)
        rnd.shuffle(fields)
        self.topics = {name: words.split() for name, words in fields}
        for words in self.topics.values():
            rnd.shuffle(words)
        self.left = [(name, topic) for name, words in self.topics.items() for topic in words]
        self.bodies = rnd.choice((0.0, 0.0, 0.5, 1.0))
        self.renames = rnd.uniform(0.15, 0.7)
        self.moves = rnd.uniform(0.02, 0.2)
        self.ends = rnd.uniform(0.05, 0.25)
        self.places = rnd.uniform(0.3, 1.0)
        self.size = size
        self.number = 0
        self.links: set[tuple[str, str]] = set()
        self.indicators: set[tuple[str, str]] = set()

    def id(self, side):
        self.number += 1
        return f"{side}-{self.number}"

    def body(self, topics):
        if self.rnd.random() >= self.bodies:
            return ""
        sentences = self.rnd.sample(BODY, self.rnd.randint(1, 3))
        return "".join(each.format("・".join(topics)) for each in sentences)

    def kpis(self, side, topics):
        found = []
        for _ in range(self.rnd.choice((0, 1, 1, 2))):
            measure = self.rnd.choice(MEASURES)
            found.append({"id": self.id(f"{side}k"), "name": f"{topics[0]}の{measure}", "unit": UNITS[measure]})
        return [each for at, each in enumerate(found) if each["name"] not in [one["name"] for one in found[:at]]]

    def initiative(self, side, topics):
        join = self.rnd.choice(("・", "と"))
        title = join.join(topics) + self.rnd.choice(ENDINGS)
        if self.rnd.random() < 0.2:
            title = self.rnd.choice(AHEAD) + title
        kpis = self.kpis(side, topics)
        return Thing(self.id(side), "initiative", title, tuple(topics), self.body(topics), kpis)

    def fresh(self, side, near=""):
        """An initiative about topics that no other has, of the field that is asked for where there are any."""
        own = [each for each in self.left if each[0] == near] or self.left or [("", f"新しい課題{self.number}")]
        picked = own[: self.rnd.choice((1, 1, 1, 2))]
        self.left = [each for each in self.left if each not in picked]
        return self.initiative(side, [topic for _, topic in picked])

    def plan(self):
        goals, patterns = [], self.rnd.sample(GOALS, 5)
        bare = self.rnd.sample(BARE_GOALS, 5) if self.rnd.random() < 0.5 else None
        names, count = list(self.topics), 0
        self.bare = [title for title in BARE_GOALS if not bare or title not in bare]
        for index in range(self.rnd.choice((3, 4, 4, 5))):
            if not names:
                break
            fields = [names.pop() for _ in range(min(len(names), self.rnd.choice((2, 3))))]
            title = bare[index] if bare else patterns[index].format(fields[0], fields[-1])
            goal = Thing(self.id("o"), "goal", title, tuple(fields), self.body(fields))
            for name in fields:
                policy = Thing(self.id("o"), "policy", self.rnd.choice(POLICIES).format(name), (name,))
                policy.children = [self.fresh("o", name) for _ in range(self.rnd.randint(2, 6))]
                goal.children.append(policy)
                count += 1 + len(policy.children)
            goals.append(goal)
            if count >= self.size:
                break
        return goals

    def reworded(self, title, topics):
        """Say a title in other words, more or less."""
        rnd = self.rnd
        way = rnd.random()
        if way < 0.35:
            return self.swapped(title, ENDINGS)
        if way < 0.6:
            return rnd.choice(AHEAD) + self.swapped(title, ENDINGS)
        if way < 0.85:
            for word, other in SAME.items():
                title = title.replace(word, other)
            return self.swapped(title, ENDINGS)
        if way < 0.95 and topics:
            return f"{topics[0].partition('の')[0][:3]}{rnd.choice(('に関する取組', '対策の展開', 'プロジェクト'))}"
        return f"{rnd.choice(AHEAD)}{rnd.choice(('地域づくり', '仕組みづくり', 'まちの魅力発信', 'くらしの実現'))}{rnd.choice(ENDINGS)}"

    def swapped(self, title, endings):
        for ending in endings:
            if title.endswith(ending):
                return title[: -len(ending)] + self.rnd.choice(endings)
        return title

    def heir(self, thing):
        """Carry an item over into the new plan, its children aside."""
        new = Thing(self.id("n"), thing.level, thing.title, thing.about)
        rate = self.renames if thing.level == "initiative" else self.renames * 1.2
        if self.rnd.random() < rate:
            if thing.level == "initiative":
                new.title = self.reworded(thing.title, thing.about)
            elif thing.level == "policy":
                new.title = self.rnd.choice(POLICIES).format(thing.about[0])
            elif self.bare and (thing.title in BARE_GOALS or self.rnd.random() < 0.3):
                new.title = self.bare.pop(self.rnd.randrange(len(self.bare)))
            else:
                new.title = self.rnd.choice(GOALS).format(thing.about[0], thing.about[-1])
        new.body = thing.body if self.rnd.random() < 0.4 else self.body(thing.about) if thing.body else ""
        new.kpis = self.heirs_of_kpis(thing)
        self.links.add((thing.id, new.id))
        return new

    def heirs_of_kpis(self, thing):
        found = []
        for each in thing.kpis:
            way = self.rnd.random()
            if way < 0.2:
                continue
            kpi = {**each, "id": self.id("nk")}
            if way < 0.3:  # another measure of the same topic in the place of the old one
                measure = self.rnd.choice(MEASURES)
                kpi |= {"name": f"{thing.about[0]}の{measure}", "unit": UNITS[measure]}
                if kpi["name"] not in [one["name"] for one in thing.kpis]:
                    found.append(kpi)
                continue
            if way < 0.5:
                kpi["name"] = self.rnd.choice(("年間の", "")) + each["name"].replace(
                    "数", self.rnd.choice(("数", "数（延べ）"))
                )
            self.indicators.add((each["id"], kpi["id"]))
            found.append(kpi)
        return found

    def renew(self, goals):
        rnd, new = self.rnd, []
        homes = []
        for goal in goals:
            heir = self.heir(goal)
            if rnd.random() < 0.12 and new:  # the goal is dissolved: what it held goes to another
                self.links.discard((goal.id, heir.id))
                heir = rnd.choice(new)
            else:
                new.append(heir)
            for policy in goal.children:
                if rnd.random() < 0.1 and homes:
                    home = rnd.choice(homes)  # dissolved as well
                    self.links.add((policy.id, home[0].id)) if rnd.random() < 0.5 else None
                else:
                    home = (self.heir(policy), policy)
                    heir.children.append(home[0])
                    homes.append(home)
                home[0].children += self.renewed_initiatives(policy)
        self.move(homes)
        if self.bare and rnd.random() < 0.4:
            extra = Thing(self.id("n"), "goal", rnd.choice(self.bare), ())
            extra.children = [Thing(self.id("n"), "policy", rnd.choice(POLICIES).format("デジタル"), ("デジタル",))]
            extra.children[0].children = [self.fresh("n") for _ in range(rnd.randint(1, 3))]
            for home, _ in rnd.sample(homes, min(3, len(homes))):
                if len(home.children) > 1 and rnd.random() < 0.5:
                    extra.children[0].children.append(home.children.pop())
            new.insert(rnd.randrange(len(new) + 1), extra)
        if rnd.random() < 0.3:
            rnd.shuffle(new)
        return new

    def renewed_initiatives(self, policy):
        rnd, found = self.rnd, []
        things = list(policy.children)
        while things:
            thing = things.pop(0)
            way = rnd.random()
            if way < self.ends:
                if rnd.random() < self.places:  # another in its place
                    found.append(self.fresh("n", policy.about[0]))
            elif way < self.ends + 0.06 and things:
                other = things.pop(0)
                both = (thing.about[0], other.about[0])
                merged = self.initiative("n", both)
                if rnd.random() < 0.3:
                    merged.title = thing.title
                merged.kpis = self.heirs_of_kpis(thing) + self.heirs_of_kpis(other)
                self.links |= {(thing.id, merged.id), (other.id, merged.id)}
                found.append(merged)
            elif way < self.ends + 0.09 and len(thing.about) > 1:
                parts = [self.initiative("n", [topic]) for topic in thing.about]
                parts[0].kpis = self.heirs_of_kpis(thing)
                self.links |= {(thing.id, part.id) for part in parts}
                found += parts
            else:
                found.append(self.heir(thing))
        if rnd.random() < 0.3:
            found.insert(rnd.randrange(len(found) + 1), self.fresh("n", policy.about[0]))
        if rnd.random() < 0.2:
            rnd.shuffle(found)
        return found

    def move(self, homes):
        for home, _ in homes:
            for thing in list(home.children):
                if self.rnd.random() < self.moves and len(homes) > 1:
                    home.children.remove(thing)
                    other = self.rnd.choice(homes)[0]
                    other.children.insert(self.rnd.randrange(len(other.children) + 1), thing)


def reorganised(seed, size=60):
    """Draw a plan of about so many items and the one that follows it."""
    maker = _Maker(seed, size)
    old = maker.plan()
    new = maker.renew(old)
    news = {each.id for goal in new for each in goal.walk()}
    kpis = {kpi["id"] for goal in new for each in goal.walk() for kpi in each.kpis}
    links = {(one, other) for one, other in maker.links if other in news}
    return Reorganised(old, new, links, {(one, other) for one, other in maker.indicators if other in kpis})


def written(goals, identity, plan, *, start, revises=""):
    """Write a plan as an edition; the ids of the items are those that it was drawn with."""
    more = {"stage": "adopted", "date": f"{start}-03-01", "revises": revises}
    lines = [
        head(identity, plan=plan, title="見本市総合戦略", city="見本市", period=(start, start + 4), **more).rstrip()
    ]

    def write(things, key, indent):
        lines.append(f"{indent}{key}:")
        for number, thing in enumerate(things, 1):
            lines.append(f"{indent}  - id: {thing.id}")
            lines.append(f"{indent}    number: {number}")
            lines.append(f"{indent}    title: {json.dumps(thing.title, ensure_ascii=False)}")
            if thing.body:
                lines.append(f"{indent}    body: {json.dumps(thing.body, ensure_ascii=False)}")
            if thing.kpis:
                lines.append(f"{indent}    kpis:")
                for kpi in thing.kpis:
                    lines.append(f"{indent}      - id: {kpi['id']}")
                    lines.append(f"{indent}        name: {json.dumps(kpi['name'], ensure_ascii=False)}")
                    lines.append(f"{indent}        unit: {json.dumps(kpi['unit'], ensure_ascii=False)}")
                    lines.append(f"{indent}        baseline: {{year: {start - 1}, value: 10}}")
                    lines.append(f"{indent}        target: {{year: {start + 4}, value: 20}}")
            if thing.children:
                write(thing.children, "policies" if thing.level == "goal" else "initiatives", f"{indent}    ")

    write(goals, "goals", "")
    return "\n".join([*lines, ""])
