#!/bin/sh
# Compiles one case, with what its "// flags:" line adds, and compares what the compiler says with its "// expect:" line.
# check.sh CASE COMPILER INCLUDE_DIRECTORY
set -u
expected=$(sed -n '1s#^// expect: ##p' "$1")
[ -n "$expected" ] || { echo "$1 has no '// expect:' line"; exit 2; }
flags=$(sed -n '2s#^// flags: ##p' "$1")
# shellcheck disable=SC2086 # several flags are several words
said=$(LC_ALL=C "$2" -std=c++20 -fsyntax-only $flags -I "$3" "$1" 2>&1)
status=$?
if [ "$expected" = compiles ]; then
  [ "$status" -eq 0 ] && exit 0
  printf '%s\n' "$said"
  exit 1
fi
[ "$status" -ne 0 ] || { echo "$1 compiled; it must not"; exit 1; }
case $said in
  *"$expected"*) exit 0 ;;
esac
printf 'refused, but not because "%s":\n%s\n' "$expected" "$said"
exit 1
