#!/bin/sh
# Install strategy @@VERSION@@ for this user; nothing is fetched. TARGET says where.
set -eu
cd "$(dirname "$0")"
target=${TARGET:-$HOME/.local/share/strategy}
"${PYTHON:-python3}" -m venv --clear "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels "atsugi-cli[all]==@@VERSION@@"
"$target/bin/strategy" --version
