"""The HTML page: what every page is made of besides its words: style, script, and the frame around them.

A page is one file that asks for nothing: its policy forbids every request and every script and style but its own,
which are known by their hashes. It works from a folder as well as from a server, on screen, on a phone and on paper.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Final

from atsugi_cli.width import safe

_SPECIAL: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\ufffe": "\\ufffe", "\uffff": "\\uffff"}
)
"""What HTML and XML would act upon, and the two characters that XML may not hold."""


def escaped(text: str) -> str:
    """Make text inert in HTML and XML, between tags and in attributes; newlines stay."""
    return safe(text).translate(_SPECIAL)


def framed(title: str, body: str, *, style: str = "", script: str = "") -> str:
    """Put the body (HTML) of a page into its frame; `title` is text. `style` is added to that of all pages."""
    style = STYLE + style
    policy = f"default-src 'none'; style-src {_source(style)}; base-uri 'none'; form-action 'none'"
    if script:
        policy += f"; script-src {_source(script)}"
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escaped(title)}</title>",
        f"<style>{style}</style>",
    ]
    end = f"<script>{script}</script>\n" if script else ""
    return (
        '<!doctype html>\n<html lang="ja">\n<head>\n'
        + "\n".join(head)
        + f"\n</head>\n<body>\n{body}\n{end}</body>\n</html>\n"
    )


def _source(text: str) -> str:
    """Name an inline style or script for the policy: by the hash of its text."""
    return f"'sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


STYLE: Final = """
:root{
color-scheme:light dark;
--paper:#fff;--ink:#1c1e21;--soft:#565b63;--line:#c3c8ce;--strong:#3a3f46;--head:#eef1f2;--goal:#e8edf7;--link:#0b57a4;
--new:#0b5a1c;--new-paper:#e3f1e4;--old:#8f1d12;--old-paper:#fbe6e3;--here:#fff6d6;
--come:#b3261e;--join:#1f5f2c;--name:#7a4b00;--wording:#5a4b8a;--figure:#00617a;--rest:#4a4f57;
}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#17191d;--ink:#eceef1;--soft:#b3b8c1;--line:#3d424a;--strong:#dfe2e7;--head:#23262d;--goal:#1d2a41;
--link:#8ab8ff;
--new:#8fe0a0;--new-paper:#17351d;--old:#ffb4a8;--old-paper:#43201c;--here:#3a3413;
--come:#ffb0a6;--join:#8fd6a0;--name:#f2c566;--wording:#cbbcff;--figure:#79d5ea;--rest:#c9cdd4;
}}
*{box-sizing:border-box}
html{scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
body{margin:0;padding:1.25rem 1.5rem 2rem;background:var(--paper);color:var(--ink);line-height:1.65;
font:1rem/1.65 "BIZ UDPGothic","BIZ UDPゴシック","Yu Gothic UI","Yu Gothic","Hiragino Sans",Meiryo,"Noto Sans CJK JP",
sans-serif;overflow-wrap:anywhere;line-break:strict}
header,main,footer{max-width:75rem;margin-inline:auto}
h1,h2,h3,h4{line-height:1.4;word-break:auto-phrase;text-wrap:balance}
h1{font-size:1.4rem;margin:0 0 .25rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem;padding-bottom:.2rem;border-bottom:2px solid var(--line)}
h3{font-size:1.05rem;margin:1.4rem 0 .4rem}
h4{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.4rem 0}
.t,.words{white-space:pre-wrap}
.lead{margin:0 0 .6rem;color:var(--soft);font-size:.9rem}
.skip{position:absolute;left:-100vw;top:0;padding:.5rem 1rem;background:var(--paper);color:var(--link);z-index:3}
.skip:focus{left:0}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
:target{background:var(--here)}
ul{margin:.3rem 0;padding-left:1.4em}
li{margin:.15rem 0}
li.signed{list-style:none}
.in1{padding-left:1.5em}.in2{padding-left:3em}.in3{padding-left:4.5em}.in4{padding-left:6em}.in5{padding-left:7.5em}
footer{margin-top:1.5rem;padding-top:.6rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}
footer span{margin-right:1em}

.come{--hue:var(--come)}.join{--hue:var(--join)}.name{--hue:var(--name)}.wording{--hue:var(--wording)}
.figure{--hue:var(--figure)}.rest{--hue:var(--rest)}
.badge,.chip{color:var(--hue);border:1px solid currentColor;font-weight:bold;white-space:nowrap}
.badge{display:inline-block;margin:0 .3em .2em 0;padding:0 .45em;border-radius:.25em;font-size:.8rem;line-height:1.6}
.guess{border-style:dashed}
.badge small{font-weight:normal}
.chip{display:inline-flex;align-items:center;gap:.35em;min-height:1.9rem;padding:.1rem .8em;border-radius:1rem;
font-size:.88rem}
.chip:has(input:not(:checked)){font-weight:normal;border-style:dashed}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem .6rem;margin:.4rem 0;font-size:.9rem}
.bar label:not(.chip){display:inline-flex;align-items:center;gap:.4em;min-height:1.9rem}
.group{color:var(--soft);margin-left:.4rem}
input[type=checkbox]{width:1.1rem;height:1.1rem;margin:0;accent-color:var(--link)}
button{font:inherit;color:var(--link);background:var(--paper);border:1px solid var(--line);border-radius:.3rem;
min-height:1.9rem;padding:.1rem .8em;cursor:pointer}
[role=status]{color:var(--soft)}
:root:not(.js) :is(.tools,.chip input){display:none}

table{width:100%;border-collapse:separate;border-spacing:0;border:solid var(--line);border-width:1px 0 0 1px;
margin:.5rem 0 1rem;font-size:.95rem}
caption{text-align:left;color:var(--soft);font-size:.88rem;padding-bottom:.3rem}
th,td{border:solid var(--line);border-width:0 1px 1px 0;padding:.4rem .75rem;text-align:left;vertical-align:top;
font-weight:normal}
thead th{position:sticky;top:0;z-index:2;background:var(--head);font-weight:bold;text-align:center;
border-bottom:2px solid var(--strong)}
tr.part>*{background:var(--head);font-weight:bold}
tr.goal>*,tr.section>*{background:var(--goal);font-weight:bold}
tr.head>*,tr.total>*{background:var(--head);font-weight:bold}
.general thead th{position:static;word-break:keep-all;overflow-wrap:break-word}
.general :is(td,th).right{text-align:right;font-variant-numeric:tabular-nums}
.general :is(td,th).center{text-align:center}
.general .right .l{justify-content:flex-end}
.general td.short .t{white-space:pre}
.scroll{overflow-x:auto}
.l{display:flex;gap:.6em;margin:0}
.l+.l{margin-top:.15rem}
.l .t{flex:0 1 auto;min-width:0}
.n{flex:none;max-width:60%}
.heading{font-weight:bold}
.viewpoint .heading,.text .heading{color:var(--soft);font-size:.9rem}
.kpi{font-size:.9rem}
.kpi .n{align-self:flex-start;border:1px solid var(--line);border-radius:.2rem;padding:0 .4em;font-weight:bold;
font-size:.8rem;line-height:1.7;margin-top:.15em}
.absent,.omitted,.note,.remark{color:var(--soft)}
.remark{font-size:.82rem;line-height:1.5;margin:.1rem 0 0;white-space:pre-wrap}
td.i1{padding-left:1.6rem}
ins,del{position:relative;text-decoration-thickness:2px;text-underline-offset:.2em}
ins{color:var(--new);background:var(--new-paper);text-decoration-line:underline}
del{color:var(--old);background:var(--old-paper);text-decoration-line:underline;text-decoration-style:dashed}
.both del,.redline del{text-decoration-line:line-through;text-decoration-style:solid}
:is(ins,del)::before,:is(ins,del)::after{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap}
ins::before{content:"［追加 "}del::before{content:"［削除 "}
:is(ins,del)::after{content:"］"}
td button{min-height:1.6rem;padding:0 .3em;border:0;background:none;color:inherit;
text-decoration:underline dotted;text-underline-offset:.25em}
:root:not(.js) td button{text-decoration:none;cursor:text}
tr.more>*{border-left:4px solid var(--line)}
.both{display:none}
body.inline .old{display:none}
body.inline .changed .both{display:block}
body.inline .changed .both~.side{display:none}
figure{margin:.5rem 0;padding:0;border:1px solid var(--line);background:#fff;min-width:44rem}
figure svg{display:block;width:100%;height:auto}

@media screen and (max-width:45rem){
body{padding:.75rem}
.comparison,.comparison :is(tbody,tr,th,td,caption){display:block;width:auto}
.comparison :is(colgroup,thead){display:none}
.comparison [hidden]{display:none}
.comparison{border-width:1px 0 0}
.comparison :is(th,td){border-width:0 1px;padding:.3rem .6rem}
.comparison tr{border-bottom:1px solid var(--line)}
.comparison tr.changed{border-bottom:3px double var(--line)}
.comparison tr:not(.changed) .old,.comparison td:empty,body.inline .comparison .old{display:none}
.comparison .changed :is(.old,.new)::before{content:attr(data-side);display:block;color:var(--soft);font-size:.78rem}
body.inline .comparison .changed .new::before{content:none}
.in2{padding-left:2em}.in3{padding-left:2.5em}.in4{padding-left:3em}.in5{padding-left:3.5em}
}

@page{size:A4 landscape;margin:14mm 14mm 16mm;
@bottom-center{content:"－ " counter(page) " / " counter(pages) " －";
font:9pt "BIZ UDPMincho","ＭＳ 明朝","MS Mincho","Yu Mincho",serif}}
@media print{
body{padding:0;font:10pt/1.5 "ＭＳ 明朝","MS Mincho","BIZ UDMincho","Yu Mincho","Hiragino Mincho ProN",
"Noto Serif CJK JP",serif}
header,main,footer{max-width:none}
.tools,.skip,[role=status],.chip input,.chip [aria-hidden]{display:none}
body.filtered [role=status]{display:block}
h1,h2,h3,h4,thead th,tr.part>*,tr.goal>*{font-family:"ＭＳ ゴシック","MS Gothic","BIZ UDGothic","Yu Gothic",sans-serif}
h1,h2,h3,h4,tr.part,tr.goal{break-after:avoid}
table{font-size:10pt;border-collapse:collapse;border:0}
:is(th,td){padding:.8mm 2mm;border:1px solid #777}
thead th{position:static;border-bottom:2px solid #000}
tr{break-inside:avoid}
tr.text{break-inside:auto}
.badge,.chip{color:#000;border:0;padding:0;min-height:0;font-weight:normal}
.badge::after{content:"　"}
.badge [aria-hidden]{display:none}
ins,del{color:#000;background:none;text-decoration-thickness:1px}
.old del{text-decoration-style:solid}
td button{min-height:0;padding:0;text-decoration:none}
.scroll{overflow:visible}
figure{border:0}
figure{min-width:0;break-inside:avoid;break-after:page;margin:0}
figure:last-of-type{break-after:auto}
figure svg{max-height:172mm}
body:has(figure)>:is(header,footer){display:none}
}
"""

SCRIPT: Final = """
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const rows = all(".comparison tbody tr:not(.more)");
  const lines = all("p[data-kinds],li[data-kinds]");
  const kinds = all("input[name=kind]");
  const only = byId("page:only"), inline = byId("page:inline"), open = byId("page:open"), keys = byId("page:keys");
  const status = byId("page:status");
  let changed = [], current = -1;

  const below = (row) => {
    const found = [];
    for (let next = row.nextElementSibling; next && next.matches(".more"); next = next.nextElementSibling)
      found.push(next);
    return found;
  };
  const show = (row, isShown) => {
    row.hidden = !isShown;
    const button = row.querySelector("button");
    const isOpen = isShown && button !== null && button.getAttribute("aria-expanded") === "true";
    for (const each of below(row)) each.hidden = !isOpen;
  };
  const toggle = (button, isOpen) => {
    button.setAttribute("aria-expanded", String(isOpen));
    show(button.closest("tr"), true);
  };
  const matches = (element, off) => element.dataset.kinds.split(" ").some((kind) => !off.has(kind));

  const update = () => {
    const off = new Set(kinds.filter((each) => !each.checked).map((each) => each.value));
    const total = rows.filter((row) => row.dataset.kinds).length;
    let depth = 0;
    changed = [];
    for (const row of [...rows].reverse()) {
      const hit = row.dataset.kinds !== undefined && matches(row, off);
      const plain = row.dataset.kinds === undefined && !only.checked;
      const isShown = hit || plain || Number(row.dataset.depth) < depth;
      if (isShown) depth = Number(row.dataset.depth);
      if (hit) changed.unshift(row);
      show(row, isShown);
    }
    for (const each of lines) each.hidden = !matches(each, off);
    current = -1;
    const filtered = changed.length < total || only.checked;
    document.body.classList.toggle("filtered", filtered);
    const part = changed.length < total ? `のうち${changed.length}行` : "";
    status.textContent = `変更のある${total}行${part}を表示${only.checked ? "（変更箇所のみ）" : ""}`;
  };
  const view = () => {
    document.body.classList.toggle("inline", inline.checked);
    for (const cell of all("[data-span]")) cell.colSpan = Number(cell.dataset.span) - (inline.checked ? 1 : 0);
  };
  const jump = (step) => {
    if (changed.length === 0) return;
    current = current < 0 ? (step > 0 ? 0 : changed.length - 1) : (current + step + changed.length) % changed.length;
    const row = changed[current];
    if (row.id) location.replace("#" + encodeURIComponent(row.id));
    row.tabIndex = -1;
    row.focus({preventScroll: true});
    // Of a row that fills the window, the place where its first change stands.
    const mark = [...row.querySelectorAll("ins,del")].find((each) => each.getClientRects().length > 0);
    (row.offsetHeight > innerHeight / 2 && mark ? mark : row).scrollIntoView({block: "center"});
    status.textContent = `${changed.length}行のうち${current + 1}行目の変更`;
  };
  const follow = () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { return; }
    const row = name && byId(name) && byId(name).closest("tr");
    if (!row || !row.hidden) return;
    let owner = row;
    while (owner.matches(".more")) owner = owner.previousElementSibling;
    if (owner.hidden) reset();
    if (owner !== row) toggle(owner.querySelector("button"), true);
    row.scrollIntoView({block: "center"});
  };
  const reset = () => {
    for (const each of kinds) each.checked = true;
    only.checked = false;
    update();
  };

  for (const each of [...kinds, only]) each.addEventListener("change", update);
  inline.addEventListener("change", view);
  if (open) open.addEventListener("change", () => {
    for (const each of all("td button")) each.setAttribute("aria-expanded", String(open.checked));
    update();
  });
  for (const each of all("td button"))
    each.addEventListener("click", () => toggle(each, each.getAttribute("aria-expanded") !== "true"));
  byId("page:all").addEventListener("click", reset);
  byId("page:next").addEventListener("click", () => jump(1));
  byId("page:previous").addEventListener("click", () => jump(-1));
  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.key === "n") jump(1);
    if (event.key === "p") jump(-1);
  });
  addEventListener("hashchange", follow);
  document.documentElement.classList.add("js");
  update();
  view();
  follow();
})();
"""
