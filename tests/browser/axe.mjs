// Open pages in a real browser, in light and dark, wide and narrow, and say what is wrong with them:
// accessibility (axe-core), requests, errors, and text that runs out of the window. No output means nothing is wrong.
//
//   node axe.mjs FOLDER PAGE.html...      FOLDER holds node_modules with axe-core and playwright-core

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(resolve(folder, "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const windows = [{ width: 1180, height: 900 }, { width: 390, height: 844 }];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
let faults = 0;
const say = (...words) => { faults += 1; console.log(...words); };
for (const file of files)
  for (const colorScheme of ["light", "dark"])
    for (const viewport of windows) {
      const name = `${file} ${colorScheme} ${viewport.width}`;
      const page = await browser.newPage({ colorScheme, viewport, locale: "ja-JP" });
      const address = pathToFileURL(resolve(file)).href;
      page.on("request", (request) => { if (request.url() !== address) say(name, "asks for", request.url()); });
      page.on("console", (message) => say(name, "console:", message.text()));
      page.on("pageerror", (error) => say(name, "error:", error.message));
      page.on("dialog", (dialog) => { say(name, "dialog:", dialog.message()); dialog.dismiss(); });
      await page.goto(address);
      await page.evaluate(axe);
      const views = (await page.locator("#page\\:inline").count()) ? ["", " 見え消し"] : [""];
      for (const view of views) {
        if (view) await page.click("#page\\:inline");
        const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: values }), tags);
        for (const each of violations)
          for (const node of each.nodes) say(name + view, each.id, node.target.join(" "), node.html.slice(0, 160));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) say(name + view, `is ${wide} pixels wider than its window`);
      }
      await page.close();
    }
await browser.close();
process.exit(faults ? 1 : 0);
