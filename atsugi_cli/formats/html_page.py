"""The HTML page: what every page is made of besides its words: style, script, and the frame around them.

A page is one file that asks for nothing: its policy forbids every request and every script and style but its own,
which are known by their hashes. It works from a folder as well as from a server, on screen, on a phone and on paper.
"""

from base64 import b64encode
from hashlib import sha256

from atsugi_cli.formats import markup
from atsugi_cli.formats.markup import asset


def escaped(text: str) -> str:
    """Make text inert in HTML, between tags and in attributes; newlines stay."""
    return markup.escaped(text).replace("'", "&#39;")


def framed(title: str, body: str, *, style: str = "", script: str = "") -> str:
    """Put the body (HTML) of a page into its frame; `title` is text. `style` is added to that of all pages."""
    style, script = f"\n{asset('page.css')}{style}", script and f"\n{script}"
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
