"""Decoding: the bytes of a file to text, or a finding that names what the file is and how to save it as UTF-8."""

from atsugi_cli.catalogue import Entry
from atsugi_cli.findings import Finding, Place
from atsugi_cli.reader.codes import NOT_TEXT, NOT_UTF8, TOO_LARGE
from atsugi_cli.reader.data import MAX_CHARACTERS
from atsugi_cli.reader.lines import Lines

MAX_BYTES = 3 * MAX_CHARACTERS
"""A Japanese character takes three bytes in UTF-8."""

_SAMPLE = 65536
"""Bytes looked at to guess what a file is that is not UTF-8."""

_BOM = b"\xef\xbb\xbf"

_BINARY_SHARE = 0.02
"""More control characters than this share of the sample: not a text in any encoding."""

_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\f\r\x1b\x00")

_ONE_SIDED = 8
"""So many times more zero bytes on one side of the pairs than on the other: UTF-16, not a binary file."""

_HOW = (
    "UTF-8で保存し直してください（メモ帳:「名前を付けて保存」で文字コード「UTF-8」を選ぶ。"
    "VS Code: 右下の文字コード名→「エンコード付きで再度開く」→ {name}、続けて「エンコード付きで保存」→ UTF-8）"
)
_SIGNATURES = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Excel・Word の古い形式（.xls、.doc）"),
    (b"\x89PNG", "画像（PNG）"),
    (b"\xff\xd8\xff", "画像（JPEG）"),
    (b"GIF8", "画像（GIF）"),
    (b"\x1f\x8b", "圧縮（gzip）"),
    (b"{\\rtf", "リッチテキスト（RTF）"),
)
_OFFICE = ((b"xl/", "Excel（.xlsx）"), (b"word/", "Word（.docx）"), (b"ppt/", "PowerPoint（.pptx）"))
_WRITE_OUT = "内容をYAML（UTF-8の文字だけのファイル）に書き起こしてください。ひな形は strategy init で作れます"


def decode(data: bytes, source: str) -> tuple[str | None, tuple[Finding, ...]]:
    """Decode the bytes of a file as UTF-8; a byte order mark is dropped (`splice.encoded` puts it back).

    Gives the text, or None and one finding that names what the file is instead.
    """
    if len(data) > MAX_BYTES:
        message = f"ファイルが大きすぎます（{len(data) // 1024**2:,} MB、上限 {MAX_BYTES // 1024**2:,} MB）"
        return None, (_at_start(TOO_LARGE, source, message, "YAMLの版ファイルか確かめ、計画ごとに分けてください"),)
    kind = _format(data)
    name = "" if kind else _utf_16(data)
    if name:
        return None, (_at_start(NOT_UTF8, source, f"文字コードが {name} です", _HOW.format(name="UTF-16 LE")),)
    if kind or _is_binary(data):
        kind = kind or "バイナリ（文字ではない）"
        return None, (_at_start(NOT_TEXT, source, f"YAMLではなく {kind} のファイルです", _WRITE_OUT),)
    if b"\x1b$B" in data:  # seven bits only: it would decode, with every character wrong
        message = "文字コードが ISO-2022-JP（JIS）です"
        return None, (_at_start(NOT_UTF8, source, message, _HOW.format(name="ISO 2022-JP")),)
    start = len(_BOM) if data.startswith(_BOM) else 0
    try:
        return data[start:].decode("utf-8"), ()
    except UnicodeDecodeError as error:
        return None, (_not_utf_8(data, source, start + error.start),)


def _at_start(rule: Entry, source: str, message: str, hint: str) -> Finding:
    return Finding(rule, message, Place(source, 1, 1, 1, 1), hint)


def _format(data: bytes) -> str:
    """Name a file format that is not text, or give ""."""
    if data.startswith(b"PK\x03\x04"):
        sample = data[:_SAMPLE] + data[-_SAMPLE:]
        return next((name for part, name in _OFFICE if part in sample), "ZIP（圧縮フォルダー）")
    return next((name for signature, name in _SIGNATURES if data.startswith(signature)), "")


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _CONTROLS)) > max(len(sample) * _BINARY_SHARE, 1)


def _utf_16(data: bytes) -> str:
    """Name UTF-16 or UTF-32 by its byte order mark, or by the zero bytes that ASCII leaves in it."""
    for mark, name in (
        (b"\xff\xfe\x00\x00", "UTF-32"),
        (b"\x00\x00\xfe\xff", "UTF-32"),
        (b"\xff\xfe", "UTF-16（リトルエンディアン。メモ帳では「Unicode」）"),
        (b"\xfe\xff", "UTF-16（ビッグエンディアン）"),
    ):
        if data.startswith(mark):
            return name
    sample = data[:_SAMPLE]
    share = len(sample) // 8  # ASCII keys, blanks and line ends are far more than an eighth of such a file
    if sample.count(0) > max(share, 1):
        even, odd = sample[0::2].count(0), sample[1::2].count(0)  # a few characters, 「　」 too, have a zero elsewhere
        if odd > _ONE_SIDED * even:
            return "UTF-16（リトルエンディアン、BOMなし）"
        if even > _ONE_SIDED * odd:
            return "UTF-16（ビッグエンディアン、BOMなし）"
    return ""


def _not_utf_8(data: bytes, source: str, at: int) -> Finding:
    """Say which encoding the bytes are in, at the first place that is not UTF-8."""
    for codec, name, shown in (
        ("cp932", "Shift_JIS（cp932）", "Shift JIS"),
        ("euc_jp", "EUC-JP", "EUC-JP"),
    ):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec == "cp932" and _is_euc(data):
            continue
        offset = len(data[:at].decode(codec, "ignore"))
        place = Lines(text, source).place(offset, min(offset + 1, len(text)))
        typed = text[offset : offset + 10].split("\n")[0].rstrip("\r")
        message = f"文字コードが {name} です（UTF-8ではない最初の文字「{typed}」）"
        return Finding(NOT_UTF8, message, place, _HOW.format(name=shown))
    before = data[:at].decode("utf-8-sig")
    place = Lines(before, source).place(len(before), len(before))
    message = f"UTF-8として読めないバイト 0x{data[at]:02X} があります"
    return Finding(NOT_UTF8, message, place, "その文字を打ち直し、UTF-8で保存してください")


def _is_euc(data: bytes) -> bool:
    """Tell EUC-JP from Shift_JIS where both decode: by the lead bytes of kana: A4 and A5, or 82 and 83."""
    try:
        data.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return data.count(b"\xa4") + data.count(b"\xa5") > data.count(b"\x82") + data.count(b"\x83")
