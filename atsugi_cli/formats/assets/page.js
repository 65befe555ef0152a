"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const rows = all(".comparison tbody:not(.more)");
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
    show(button.closest("tbody"), true);
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
    const row = name && byId(name) && byId(name).closest("tbody");
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
