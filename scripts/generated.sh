#!/usr/bin/env bash
# Generates again what is generated, and fails when that changes a file: what is committed must be what the sources say.
set -euo pipefail
cd "$(dirname "$0")/.."

prints() {
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' f; do
    [ ! -f "$f" ] || sha256sum -- "$f"
  done
}

before=$(prints)
make --no-print-directory generate >/dev/null
changed=$(diff <(printf '%s\n' "$before") <(prints) | sed -n 's/^> [0-9a-f]*  //p' || true)
[ -z "$changed" ] || { printf 'generated files were not up to date (run make generate, then commit):\n%s\n' "$changed" >&2; exit 1; }
