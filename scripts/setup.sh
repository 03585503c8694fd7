#!/usr/bin/env bash
# Installs what is missing to build, test and run OpenSeat; says nothing when all is there.
#
#   setup.sh        everything, the tests' peers and the linter included
#   setup.sh run    only what building and running need
#
# As root on Debian (or a child of it) the real peers the tests use come from apt-get. Anywhere else what is missing is
# named, and the tests that need it are skipped; in CI (CI=true) a missing one is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

# A tool's name, the Debian package that brings it, and how to tell that it is there (executables or files).
runners=(
  "espeak-ng    espeak-ng     espeak-ng"
)
testers=(
  "chromium     chromium      chromium"
  "sipp         sip-tester    sipp"
  "baresip      baresip-core  baresip /usr/lib/baresip/modules/{account,aubridge,aufile,ausine,cons,ctrl_tcp,g711,menu,sndfile,stdio}.so"
  "nats-server  nats-server   nats-server"
  "postgresql   postgresql    /usr/lib/postgresql/*/bin/initdb /usr/lib/postgresql/*/bin/postgres"
  "sox          sox           sox"
  "ffmpeg       ffmpeg        ffmpeg"
)
golangci_lint=v2.12.2
versitygw=v1.8.0 # an S3 server, for the tests of buckets

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

# quietly runs a command and shows what it printed only when it fails.
quietly() {
  local out
  out=$("$@" 2>&1 </dev/null) || { printf '%s\n' "$out" >&2; return 1; }
}

# present tells whether every executable, file or pattern of files is there. Debian keeps servers in sbin.
present() {
  local want found
  for want in "$@"; do
    case $want in
      /*) found=$(eval "ls -d $want" 2>/dev/null) && [ -n "$found" ] || return 1 ;;
      *) PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$want" >/dev/null || return 1 ;;
    esac
  done
}

missing_peers() {
  local line name package signs
  for line in "${wanted[@]}"; do
    read -r name package signs <<<"$line"
    # shellcheck disable=SC2086 # signs is a list
    present $signs || printf '%s %s\n' "$name" "$package"
  done
}

install_peers() {
  local missing packages
  missing=$(missing_peers)
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; then
    packages=$(cut -d' ' -f2 <<<"$missing")
    say "apt-get install" $packages
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # packages is a list
    { quietly apt-get -qq update && quietly apt-get -qq -y --no-install-recommends install $packages; } || say "apt-get failed"
    missing=$(missing_peers)
  fi
  [ -n "$missing" ] || return 0
  say "missing:" $(cut -d' ' -f1 <<<"$missing") "(Debian: apt-get install" $(cut -d' ' -f2 <<<"$missing")")"
  [ "${CI:-}" != true ] || die "CI runs every test: nothing may be missing"
  say "going on without: tests that need them are skipped, the demo speaks only its built-in prompts"
}

check_toolchains() {
  command -v go >/dev/null || die "Go 1.26 or newer is needed: https://go.dev/dl/"
  command -v node >/dev/null || die "Node.js 20 or newer is needed: https://nodejs.org/"
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || die "Node.js 20 or newer is needed, this is $(node -v)"
}

# install_npm installs a folder's locked packages. npm writes node_modules/.package-lock.json last, so it is the mark of a
# finished install. `npm ci` refuses a lock file that lacks other platforms' optional packages, which `npm install` leaves
# out in peace; both keep to the locked versions.
install_npm() {
  local how="--ignore-scripts --no-audit --no-fund --loglevel=error"
  [ "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ] || return 0
  say "npm packages of $1/"
  # shellcheck disable=SC2086 # how is a list
  npm --prefix "$1" ci $how >/dev/null 2>&1 </dev/null || quietly npm --prefix "$1" install --no-save $how ||
    die "npm could not install the packages of $1/"
  touch "$1/node_modules/.package-lock.json"
}

# golangci-lint has a module graph of its own, far larger than ours: it is built beside our go.mod, not in it.
install_lint() {
  local have
  have=$(bin/tools/golangci-lint version --short 2>/dev/null || true)
  [ "v$have" != "$golangci_lint" ] || return 0
  say "building golangci-lint $golangci_lint (once, a minute or two)"
  GOBIN="$PWD/bin/tools" quietly go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$golangci_lint" ||
    die "golangci-lint could not be built"
}

install_s3() {
  local want="github.com/versity/versitygw"
  ! go version -m bin/tools/versitygw 2>/dev/null | grep -q "$want[[:space:]]$versitygw" || return 0
  say "building versitygw $versitygw (once)"
  GOBIN="$PWD/bin/tools" quietly go install "$want/cmd/versitygw@$versitygw" || die "versitygw could not be built"
}

check_toolchains
wanted=("${runners[@]}")
[ "${1:-}" = run ] || wanted+=("${testers[@]}")
install_peers
quietly go mod download || die "go mod download failed"
install_npm web # the pages
if [ "${1:-}" != run ]; then
  install_npm e2e # the official SDK
  install_npm examples # the example programs, which e2e runs
  install_lint
  install_s3
fi
