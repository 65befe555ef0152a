// Measure a drawing in a real browser: print every text that leaves its box and every two boxes that overlap.
// No output means that nothing is cut.
//
//   node drawing.mjs FOLDER TREE.svg...

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(resolve(folder, "x.js"));
const { chromium } = require("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
let faults = 0;
for (const file of files) {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(resolve(file)).href);
  const found = await page.evaluate(() => {
    const out = [];
    const inside = (inner, outer) =>
      inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width + 0.5 &&
      inner.y >= outer.y - 0.5 && inner.y + inner.height <= outer.y + outer.height + 2;
    const groups = [...document.querySelectorAll("g")];
    const paper = document.documentElement.viewBox.baseVal;
    for (const text of document.querySelectorAll("text")) {
      const box = text.parentElement.tagName === "g" ? text.parentElement.querySelector("rect").getBBox() : paper;
      if (!inside(text.getBBox(), box)) out.push(`${text.textContent} leaves its box`);
    }
    const boxes = groups.filter((group) => !group.querySelector("g"));
    const areas = boxes.map((group) => group.querySelector("rect").getBBox());
    for (let a = 0; a < areas.length; a += 1)
      for (let b = a + 1; b < areas.length; b += 1) {
        const across = Math.min(areas[a].x + areas[a].width, areas[b].x + areas[b].width) - Math.max(areas[a].x, areas[b].x);
        const down = Math.min(areas[a].y + areas[a].height, areas[b].y + areas[b].height) - Math.max(areas[a].y, areas[b].y);
        if (across > 0 && down > 0) out.push(`${boxes[a].id} lies over ${boxes[b].id}`);
      }
    for (const text of document.querySelectorAll("svg > text"))
      for (const area of areas) {
        const box = text.getBBox();
        if (Math.min(box.x + box.width, area.x + area.width) - Math.max(box.x, area.x) > 0 &&
            Math.min(box.y + box.height, area.y + area.height) - Math.max(box.y, area.y) > 1)
          out.push(`${text.textContent} lies over a box`);
      }
    return out;
  });
  for (const each of found) { faults += 1; console.log(file, each); }
  await page.close();
}
await browser.close();
process.exit(faults ? 1 : 0);
