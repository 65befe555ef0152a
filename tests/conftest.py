import pytest


def pytest_addoption(parser):
    parser.addoption("--accept", action="store_true", help="rewrite the golden files with what the program gives now")


@pytest.fixture
def golden(request):
    """Compare a text with a golden file; with --accept, write the file instead."""

    def check(path, text):
        if request.config.getoption("--accept"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"{path} is missing: run pytest --accept and read what it writes"
        assert text == path.read_text(encoding="utf-8")

    return check
