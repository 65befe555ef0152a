// Open pages in a real browser, in light and dark, wide and narrow, and as they are printed, and say what is wrong:
// accessibility (axe-core), requests, errors, and text that runs out of the window. No output means nothing is wrong.
//
//   node axe.mjs FOLDER PAGE.html... [--once PAGE.html...]      FOLDER holds node_modules with axe-core and
//   playwright-core; pages behind --once are looked at dark and narrow only

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...named] = process.argv.slice(2);
const all = named.indexOf("--once") < 0 ? named.length : named.indexOf("--once");
const files = [...named.slice(0, all), ...named.slice(all + 1)];
const require = createRequire(resolve(folder, "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const windows = [{ width: 1180, height: 900 }, { width: 390, height: 844 }];
const shown = ["light", "dark"].flatMap((colorScheme) =>
  windows.map((viewport) => ({ colorScheme, viewport, media: "screen" })));
shown.push({ colorScheme: "light", viewport: windows[0], media: "print" });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
let faults = 0;
const say = (...words) => { faults += 1; console.log(...words); };
for (const [number, file] of files.entries())
  for (const { colorScheme, viewport, media } of number < all ? shown : shown.slice(3, 4)) {
      const name = `${file} ${colorScheme} ${viewport.width} ${media}`;
      const page = await browser.newPage({ colorScheme, viewport, locale: "ja-JP" });
      const address = pathToFileURL(resolve(file)).href;
      page.on("request", (request) => { if (request.url() !== address) say(name, "asks for", request.url()); });
      page.on("console", (message) => say(name, "console:", message.text()));
      page.on("pageerror", (error) => say(name, "error:", error.message));
      page.on("dialog", (dialog) => { say(name, "dialog:", dialog.message()); dialog.dismiss(); });
      await page.goto(address);
      await page.emulateMedia({ media, colorScheme });
      await page.evaluate(axe);
      const views = media === "screen" && (await page.locator("#page\\:inline").count()) ? ["", " 見え消し"] : [""];
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
