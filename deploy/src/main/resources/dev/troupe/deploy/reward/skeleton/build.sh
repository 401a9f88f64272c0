#!/usr/bin/env bash
# Compiles the verifier, runs its test, and packs @name@.jar. The same sources give the same jar.
#
#   TROUPE_JAVA  another JDK 25 (its folder or its java)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

jdk=${TROUPE_JAVA:-@jdk@}
jdk=${jdk%/bin/java}
[ -x "$jdk/bin/javac" ] || {
  echo "build.sh: there is no JDK in [$jdk]; name a JDK 25: export TROUPE_JAVA=/path/to/jdk-25" >&2
  exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# All that a verifier may use beside the JDK and its own classes.
interface=lib/troupe-plugin.jar

find src -name '*.java' -exec \
  "$jdk/bin/javac" --release 25 -Xlint:all -cp "$interface" -d "$work/classes" {} +
find test -name '*.java' -exec \
  "$jdk/bin/javac" --release 25 -Xlint:all -cp "$interface:$work/classes" -d "$work/test" {} +
"$jdk/bin/java" -cp "$interface:$work/classes:$work/test" mine.@Class@Test
"$jdk/bin/jar" --create --file @name@.jar --no-manifest --date=2026-01-01T00:00:00Z \
  -C "$work/classes" . META-INF
echo "packed $PWD/@name@.jar"
