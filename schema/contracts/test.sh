#!/bin/sh
# Checks that the committed ABI and bytecode are those of src and the sources are formatted, then runs
# the forge tests. Arguments go to `forge test`.
set -eu
cd "$(dirname "$0")"
modules=../../ops/local/node_modules
forge=$modules/@foundry-rs/forge-linux-amd64/bin/forge
if [ ! -x "$forge" ]; then
  echo "forge is not installed: run \`npm ci\` in ops/local first." >&2
  exit 1
fi
node build.mjs --check
"$forge" fmt --check
# The compiler does not resolve relative imports below a path that starts with "..": the remapping has to be absolute.
exec "$forge" test --remappings "@openzeppelin/contracts/=$(cd "$modules" && pwd -P)/@openzeppelin/contracts/" "$@"
