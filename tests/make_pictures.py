"""Make the pictures of the README from what the program itself gives: `python tests/make_pictures.py`.

Needs Chromium, LibreOffice, pdftoppm and the fonts BIZ UDGothic and DejaVu Sans Mono, on a system with
pseudo-terminals. Nothing is drawn by hand: the terminal's picture is the screen that the program wrote to, cut out
where the policies begin.
"""

import html
import io
import os
import pty
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from city_tables import CASES
from openpyxl.styles import Border, Side
from rich.console import Console
from rich.text import Text

from atsugi_cli.width import width_of

HOME = Path(__file__).parents[1]
IMAGES = HOME / ".github" / "images"
STRATEGY = (sys.executable, "-m", "atsugi_cli")
COLUMNS = 100
CONSOLE = Console()
SLIDE = 3
"""That of the merged viewpoints."""
FROM, TO = "【重要な視点】", "基本目標3"
COLOURS = {1: "#ff8a80", 2: "#8ce99a", 3: "#ffd166", 4: "#91b8ff", 5: "#cdb4ff", 6: "#79d9ec"}
STYLE = """body{margin:0;background:#1e1f22;color:#e6e6e6}
pre{margin:0;padding:14px 16px;font:16px/21px "BIZ UDGothic",monospace;width:max-content}
i{display:inline-block;font-style:normal;text-align:center;height:21px;vertical-align:top;white-space:pre}
.frame{font-family:"DejaVu Sans Mono";color:#80848c;transform:scaleY(1.15)}
.mark{font-family:"DejaVu Sans Mono","BIZ UDGothic"}"""


def strategy(*words):
    subprocess.run([*STRATEGY, *words], cwd=HOME, check=True, capture_output=True)


def screen(*words):
    """Give what a command writes to a terminal, with its escape sequences."""
    own, other = pty.openpty()
    size = {"COLUMNS": str(COLUMNS), "LINES": "500", "TERM": "xterm-256color"}
    process = subprocess.Popen([*STRATEGY, *words], cwd=HOME, stdout=other, env={**os.environ, **size})
    os.close(other)
    data = b""
    while True:
        try:
            data += os.read(own, 1 << 16)
        except OSError:  # the other end is closed
            break
    process.wait()
    return data.decode("utf-8").replace("\r\n", "\n")


def drawn(text):
    """Set every character into its own cells, as a terminal does whatever its font."""
    parts = []
    for character, style in ((text.plain[at], text.get_style_at_offset(CONSOLE, at)) for at in range(len(text.plain))):
        looks = [f"width:{width_of(character) * 8}px"]
        if style.color is not None and style.color.number is not None:
            looks.append(f"color:{COLOURS.get(style.color.number % 8, '#e6e6e6')}")
        looks += ["font-weight:bold"] if style.bold else ["color:#9aa0a8"] if style.dim else []
        looks += ["box-shadow:inset 0 -2px 0 currentColor"] if style.underline else []
        kind = "frame" if "─" <= character <= "╿" else "mark" if character in "①②③④→～" else ""
        parts.append(f'<i class="{kind}" style="{";".join(looks)}">{html.escape(character)}</i>')
    return "".join(parts)


def photographed(page, picture, width, height):
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={picture}",
         f"--window-size={width},{height}", page.as_uri()],
        check=True,
        capture_output=True,
    )  # fmt: skip


def imported(folder, soffice, cut):
    """Show a table as an office keeps it, and what the program makes of it."""
    book = openpyxl.load_workbook(io.BytesIO(CASES["banners_of_two_levels"]()[1]))
    sheet = book.active
    side = Side(style="thin")
    for row in sheet.iter_rows():
        for cell in row:
            cell.border = Border(top=side, bottom=side, left=side, right=side)
    for column, width in zip("ABCD", (26, 20, 20, 20), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.page_setup.orientation = "landscape"
    book.save(folder / "KPI一覧.xlsx")
    pdf = ["--outdir", str(folder), str(folder / "KPI一覧.xlsx")]
    subprocess.run([*soffice[:4], *pdf], check=True, capture_output=True)
    table = ["-x", "60", "-y", "60", "-W", "820", "-H", "320", folder / "KPI一覧.pdf", folder / "excel"]
    subprocess.run([*cut, "-r", "90", *table], check=True)
    told = ["import", str(folder / "KPI一覧.xlsx"), "-o", str(folder / "strategies/reiji-3/2024-03.yaml")]
    screen(*told)
    shown = screen("kpis", str(folder / "strategies/reiji-3/2024-03.yaml"), "--root", str(folder / "strategies"))
    lines = Text.from_ansi(shown).split("\n")
    head = Text("$ strategy import KPI一覧.xlsx -o strategies/reiji-3/2024-03.yaml\n$ strategy kpis", style="bold")
    body = "\n".join(drawn(line) for line in (*head.split("\n"), *lines))
    page = folder / "import.html"
    look = f'<style>{STYLE}img{{display:block;background:#fff}}</style><img src="excel.png">'
    page.write_text(f'<meta charset="utf-8">{look}<pre>{body}</pre>', encoding="utf-8")
    photographed(page, IMAGES / "import.png", COLUMNS * 8 + 32, 320 + (len(lines) + 2) * 21 + 28)


def main():
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        lines = Text.from_ansi(screen("diff")).split("\n")
        plain = [line.plain for line in lines]
        first = next(at for at, line in enumerate(plain) if FROM in line)
        last = next(at for at, line in enumerate(plain) if TO in line)
        shown = [Text("$ strategy diff", style="bold"), Text("   ⋮", style="dim"), *lines[first - 1 : last]]
        body = "\n".join(drawn(line) for line in shown)
        page = folder / "terminal.html"
        page.write_text(f'<meta charset="utf-8"><style>{STYLE}</style><pre>{body}</pre>', encoding="utf-8")
        photographed(page, IMAGES / "terminal.png", COLUMNS * 8 + 32, len(shown) * 21 + 28)

        strategy("tree", "--since", "2020-03", "-o", str(IMAGES / "tree.png"))
        strategy("diff", "-o", str(folder / "diff.html"))
        photographed(folder / "diff.html", IMAGES / "html.png", 1100, 900)
        strategy("diff", "-o", str(folder / "diff.docx"))
        soffice = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", name, str(folder / "diff.docx")]
        subprocess.run(soffice, check=True, capture_output=True)
        cut = ["pdftoppm", "-r", "75", "-f", "1", "-l", "1", "-singlefile", "-png"]
        subprocess.run([*cut, folder / "diff.pdf", IMAGES / "word"], check=True)

        strategy("overview", "-o", str(folder / "overview.pdf"))
        one = ["pdftoppm", "-r", "90", "-singlefile", "-png"]
        subprocess.run([*one, folder / "overview.pdf", IMAGES / "overview"], check=True)
        strategy("diff", "-o", str(folder / "slides.pptx"))
        soffice[-1] = str(folder / "slides.pptx")
        subprocess.run(soffice, check=True, capture_output=True)
        slide = ["pdftoppm", "-r", "75", "-f", str(SLIDE), "-l", str(SLIDE), "-singlefile", "-png"]
        subprocess.run([*slide, folder / "slides.pdf", IMAGES / "slides"], check=True)
        imported(folder, soffice, cut)
        city = ["--root", "tests/cities/shihyo/strategies"]  # a made-up one
        strategy("ask", "shihyo", *city, "--due", "2026-10-30", "--year", "2025", "--owner", "環境課", "-o", name)
        soffice[-1] = str(folder / "照会_環境課.xlsx")
        subprocess.run(soffice, check=True, capture_output=True)
        top = ["pdftoppm", "-r", "100", "-f", "2", "-l", "2", "-W", "1170", "-H", "370", "-singlefile", "-png"]
        subprocess.run([*top, folder / "照会_環境課.pdf", IMAGES / "ask"], check=True)


if __name__ == "__main__":
    main()
