# Shared by the scripts: what is needed is installed through the system's package manager, once, and only what is missing.
# shellcheck shell=bash

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

root_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else die "these packages are missing and sudo is not there to install them: $*"
  fi
}

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

# need PACKAGE… : installs those that are missing. Does not touch the network when none is.
need() {
  local missing=() package
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ "${#missing[@]}" -eq 0 ] && return 0
  command -v apt-get >/dev/null 2>&1 || die "install these packages by hand (no apt-get here): ${missing[*]}"
  say "installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
    die "the package lists cannot be read; without a network, install by hand: ${missing[*]}"
  # No server may be started by its package: the tests start their own.
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "could not install: ${missing[*]}"
}

build_packages=(g++ cmake ninja-build libpq-dev libmariadb-dev libsqlite3-dev libssl-dev libcli11-dev libfmt-dev
                nlohmann-json3-dev libtomlplusplus-dev zlib1g-dev libboost-dev libyaml-dev)
run_packages=(libpq5 libmariadb3)
test_packages=(libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev postgresql postgresql-client mariadb-server
               mariadb-client pgbouncer sqlite3 libpg-query-dev pkg-config maven openjdk-17-jre-headless chromium)

jobs() { nproc 2>/dev/null || echo 2; }
