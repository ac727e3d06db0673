#!/usr/bin/env bash
# Installs the build into a throw-away prefix, builds the embedded example against it with find_package, and runs what comes out.
#   package_test.sh BUILD_DIR SOURCE_DIR
set -euo pipefail
build=$1 source=$2
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/prefix" >/dev/null
cmake -S "$source/examples/embedded" -B "$work/build" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Debug ${PACKAGE_TEST_ARGS:-} >/dev/null
ninja -C "$work/build" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cd "$work"
expect() { [[ "$2" == *"$1"* ]] || { echo "expected '$1' in: $2"; exit 1; }; }
expect "applied 001_create_notes" "$(build/embedded_example sqlite:one.db)"
expect "up to date" "$(build/embedded_example sqlite:one.db)"
expect '"up_to_date": true' "$("$work/prefix/bin/sterna" status --url sqlite:one.db --dir "$source/examples/embedded/migrations" --format json)"
build/app_migrate up --url sqlite:two.db --dir "$source/examples/embedded/migrations" 2>/dev/null
expect '"up_to_date": true' "$(build/app_migrate status --url sqlite:two.db --dir "$source/examples/embedded/migrations" --format json)"
expect '"sterna_entities": 1' "$(build/app_schema --dialect postgres)"
expect 'models/note.hpp:' "$(build/app_schema --dialect sqlite)"
expect 'CREATE TABLE "model_notes"' "$("$work/prefix/bin/sterna" schema diff --url sqlite:three.db --from empty --to exec:build/app_schema)"
test -f "$work/prefix/lib/pkgconfig/sterna.pc" || test -n "$(find "$work/prefix" -name sterna.pc)"
echo "package: installed, found, embedded, migrated"
