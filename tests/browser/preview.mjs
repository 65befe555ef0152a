// Watch the preview in a real browser while a file is saved. Prints what was seen as JSON.
//
//   node preview.mjs FOLDER ADDRESS FILE FROM TO      FOLDER holds node_modules with axe-core and playwright-core

import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, address, file, from, to] = process.argv.slice(2);
const require = createRequire(resolve(folder, "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const base = address.replace(/\/[^/]*$/, "");
const seen = { faults: [], requests: [], errors: [] };

for (const colorScheme of ["light", "dark"])
  for (const viewport of [{ width: 1180, height: 900 }, { width: 390, height: 844 }])
    for (const name of ["diff", "tree", "kpis", "findings"]) {
      const page = await browser.newPage({ colorScheme, viewport, bypassCSP: true });
      page.on("pageerror", (error) => seen.errors.push(`${name}: ${error.message}`));
      page.on("request", (request) => {
        if (!request.url().startsWith(`${base}/`)) seen.requests.push(request.url());
      });
      await page.goto(`${base}/${name}`);
      await page.frameLocator("#paper").locator("h1").first().waitFor();
      for (const frame of page.frames()) {
        await frame.evaluate(axe);
        const { violations } = await frame.evaluate((values) => window.axe.run(document, { runOnly: values, iframes: false }), tags);
        for (const each of violations)
          for (const node of each.nodes) seen.faults.push(`${name} ${frame.url().includes("/paper/") ? "paper" : "frame"} ${each.id} ${node.html.slice(0, 120)}`);
      }
      await page.close();
    }

const page = await browser.newPage();
const blocked = [];
page.on("console", (message) => blocked.push(message.text()));
await page.goto(address);
const paper = page.frameLocator("#paper").locator("body");
await paper.getByText(from).first().waitFor();
await page.waitForFunction(() => document.getElementById("count").textContent !== "");
const text = readFileSync(file, "utf8");
const start = Date.now();
writeFileSync(file, text.replaceAll(from, to));
await paper.getByText(to).first().waitFor({ state: "attached", timeout: 15000 });
seen.milliseconds = Date.now() - start;
seen.status = await page.locator("#state").textContent();
seen.count = await page.locator("#count").textContent();
seen.console = blocked;
if (process.env.PICTURE) await page.screenshot({ path: process.env.PICTURE });

const evil = createServer((_, response) => {
  response.setHeader("Content-Type", "text/html");
  response.end("<iframe id=x></iframe>");
}).listen(0, "127.0.0.1");
await new Promise((done) => evil.once("listening", done));
const other = await browser.newPage();
await other.goto(`http://127.0.0.1:${evil.address().port}/`);
seen.stolen = await other.evaluate(async ([target]) => {
  const found = {};
  found.fetch = await fetch(target).then((answer) => answer.text(), () => "refused");
  found.opaque = await fetch(target, { mode: "no-cors" }).then((answer) => answer.text(), () => "refused");
  const frame = document.getElementById("x");
  await new Promise((done) => { frame.onload = done; frame.src = target; });
  try { found.frame = frame.contentDocument?.body.textContent ?? "refused"; } catch { found.frame = "refused"; }
  return found;
}, [address]);
evil.close();
await browser.close();
console.log(JSON.stringify(seen));
