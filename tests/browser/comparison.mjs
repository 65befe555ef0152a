// Use the page of a comparison as a reader does and print what is seen after each step, as JSON.
//
//   node comparison.mjs FOLDER PAGE.html

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const require = createRequire(resolve(folder, "x.js"));
const { chromium } = require("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage({ viewport: { width: 1180, height: 900 } });
const address = pathToFileURL(resolve(file)).href;
const seen = {};
const look = async (name) => {
  seen[name] = await page.evaluate(() => {
    const shown = [...document.querySelectorAll(".comparison tbody")].filter((row) => !row.hidden);
    return {
      rows: shown.map((row) => row.id || row.innerText.trim()),
      changed: shown.filter((row) => row.dataset.kinds).length,
      status: document.getElementById("page:status").textContent,
      focus: document.activeElement.id,
      hash: decodeURIComponent(location.hash),
      old: [...document.querySelectorAll("td.old")].some((cell) => cell.getClientRects().length > 0),
      overflow: [...document.querySelectorAll(".comparison tr")].some(
        (row) => row.getBoundingClientRect().right > document.querySelector(".comparison").getBoundingClientRect().right + 1),
      columns: Math.max(...shown.map((row) => [...row.rows[0].cells].filter((cell) => cell.getClientRects().length)
        .reduce((sum, cell) => sum + cell.colSpan, 0))),
    };
  });
};
await page.goto(address);
await look("start");
await page.keyboard.press("n");
await look("next");
await page.keyboard.press("p");
await page.keyboard.press("p");
await look("previous");
await page.click("#page\\:keys");
await page.keyboard.press("n");
await look("keys off");
await page.click("#page\\:only");
await look("only");
await page.click("input[value=added]");
await look("without added");
await page.click("#page\\:all");
await page.click("#page\\:inline");
await look("inline");
await page.click("#page\\:inline");
await page.click("td button >> nth=0");
await look("opened");
const hidden = await page.evaluate(() => {
  const row = [...document.querySelectorAll("tbody.more[id]")].find((each) => each.hidden);
  return row ? row.id : "";
});
await page.goto("about:blank");
await page.goto(`${address}#${encodeURIComponent(hidden)}`);
await look("linked");
seen.hidden = hidden;
console.log(JSON.stringify(seen));
await browser.close();
