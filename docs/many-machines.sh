#!/usr/bin/env bash
# A cluster on this machine: every node is a process of its own. Nodes come, leave and die while a
# run goes on; at the end the books are proved from the files.
#
#   docs/many-machines.sh             three heads: the active learner dies, the active head is drained, the
#                                     next one dies
#   docs/many-machines.sh one-head    one head: it dies, a supervisor starts it again
#
#   RECIPE=FILE  another recipe than recipes/sums.conf
#   UPDATES=N    how many it makes, so that the run outlives all that happens to it; 300
#   ACCURACY=N   what it has to reach, in percent; 95
#   KEEP=DIR     where files go, and stay; else a temporary folder, removed after success
set -euo pipefail

mode=${1:-three-heads}
case $mode in
  three-heads | one-head) ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
recipe=$(readlink -f "${RECIPE:-$root/recipes/sums.conf}")
work=${KEEP:-$(mktemp -d)}
mkdir -p "$work"
work=$(cd "$work" && pwd)
home=$work/cluster
declare -A port roles supervisor
heads=
succeeded=
submit=

say() { printf '\n\033[1m%s %s\033[0m\n' "$(date +%T)" "$*"; }

fail() {
  printf '\n%s\n' "$*" >&2
  tail -n 15 "$work"/*.out >&2
  exit 1
}

is_alive() { kill -0 "$1" 2> /dev/null; }

# Only what was started here is ended, each by its id.
clean() {
  local name
  [ -z "$submit" ] || kill -9 "$submit" 2> /dev/null || true
  # A supervisor ends its node, too.
  for name in "${!supervisor[@]}"; do kill "${supervisor[$name]}" 2> /dev/null || true; done
  wait 2> /dev/null || true
  if [ -n "$succeeded" ] && [ -z "${KEEP:-}" ]; then
    rm -rf "$work"
  else
    echo "files: $work"
  fi
}
trap clean EXIT

is_free() { ! (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# Three free ports in a row, below those that systems give to callers; the first one is in $found.
choose_port() {
  local try taken other
  for ((try = 0; try < 100; try++)); do
    found=$((20000 + RANDOM % 4000 * 3))
    taken=
    for other in "${port[@]}"; do [ "$other" != "$found" ] || taken=yes; done
    if [ -z "$taken" ] && is_free $found && is_free $((found + 1)) && is_free $((found + 2)); then
      return
    fi
  done
  fail "no three free ports in a row"
}

# node_command NAME: sets $command to what starts it.
node_command() {
  command=("$root/troupe" node --name "$1" --roles "${roles[$1]}" --bind "127.0.0.1:${port[$1]}"
    --join "$heads" --join-within 120 --home "$home" --scratch "$work/scratch-$1" --slots 1)
}

# supervise NAME CODE...: starts a node, and again whenever it ends with one of these codes, or with
# any but 0 where none is named: what systemd does with Restart=on-failure.
supervise() {
  local name=$1 command
  node_command "$name"
  shift
  echo "  \$ ./troupe ${command[*]:1}"
  rm -f "$work/$name.pid"
  (
    child=
    trap '[ -z "$child" ] || kill -9 "$child" 2> /dev/null; exit 0' TERM
    while true; do
      "${command[@]}" >> "$work/$name.out" 2>&1 &
      child=$!
      echo "$child" > "$work/$name.pid.new"
      mv "$work/$name.pid.new" "$work/$name.pid"
      code=0
      wait "$child" || code=$?
      [ "$code" != 0 ] || exit 0
      if [ $# -gt 0 ] && [[ " $* " != *" $code "* ]]; then exit 0; fi
      echo "  supervisor: $name ended with exit code $code and is started again"
      sleep 1
    done
  ) 2> /dev/null &
  supervisor[$name]=$!
  until [ -e "$work/$name.pid" ]; do sleep 0.1; done
}

# A node that is left dead when it is killed. One that a machine with too much to do froze for so long
# that the others removed it ends with 75.
start() { supervise "$1" 75; }

process() { cat "$work/$1.pid"; }

# add NAME ROLES: a new node.
add() {
  local found
  roles[$1]=$2
  choose_port
  port[$1]=$found
}

await_up() {
  local name=$1 i
  for ((i = 0; i < 240; i++)); do
    if curl -fs -m 5 -o /dev/null "http://127.0.0.1:$((${port[$name]} + 1))/health/ready"; then return; fi
    is_alive "${supervisor[$name]}" || fail "node $name ended before it was up"
    sleep 0.5
  done
  fail "node $name didn't come up"
}

# Until a node that was drained has left.
await_end() {
  local i
  for ((i = 0; i < 240; i++)); do is_alive "${supervisor[$1]}" || break; sleep 0.5; done
  ! is_alive "${supervisor[$1]}" || fail "$1 didn't leave"
  tail -n 1 "$work/$1.out"
}

# The cluster as its active head sees it, asked of any node that answers; each node on a line.
cluster() {
  local name answer
  for name in "${!port[@]}"; do
    if answer=$(curl -fs -m 10 "http://127.0.0.1:$((${port[$name]} + 1))/api/cluster"); then
      printf '%s\n' "$answer" | sed 's/{"name":/\n&/g'
      return
    fi
  done
  return 0
}

active_head() { cluster | sed -n 's/.*{"head":"\([^"]*\)".*/\1/p' | head -n 1; }

active_learner() {
  cluster | sed -n '/"learners":\["/s/.*{"name":"\([^"]*\)".*/\1/p' | head -n 1
}

updates() { cluster | sed -n 's/.*"updates":\([0-9]*\).*/\1/p' | head -n 1; }

await_updates() {
  local now i
  for ((i = 0; i < 1200; i++)); do
    now=$(updates)
    if [ "${now:-0}" -ge "$1" ]; then
      echo "  after $now updates"
      return
    fi
    is_alive "$submit" || fail "the run ended before update $1"
    sleep 0.5
  done
  fail "update $1 wasn't reached"
}

# dies ID: a process dies at once; $begun says when, $reached at which update.
dies() {
  reached=$(updates)
  event=death
  begun=${EPOCHREALTIME/[.,]/}
  kill -9 "$1"
}

since_event() {
  local tenths=$(((${EPOCHREALTIME/[.,]/} - begun) / 100000))
  echo "$((tenths / 10)).$((tenths % 10)) s after the $event"
}

# await_named FUNCTION OLD: waits until it names a node that isn't OLD.
await_named() {
  local i named
  for ((i = 0; i < 600; i++)); do
    named=$($1)
    if [ -n "$named" ] && [ "$named" != "$2" ]; then
      echo "  it is on $named now, $(since_event)"
      return
    fi
    sleep 0.2
  done
  fail "nobody took over from $2"
}

# Until the run is past where it was at the death.
await_progress() {
  local now i
  for ((i = 0; i < 600; i++)); do
    now=$(updates)
    if [ "${now:-0}" -gt "${reached:-0}" ]; then
      echo "  the run is past update $reached, where it was, $(since_event)"
      return
    fi
    is_alive "$submit" || fail "the run ended"
    sleep 0.2
  done
  fail "the run doesn't go on"
}

follow_run() {
  say "A run is submitted; its progress goes to $work/submit.out"
  local updates="stop.updates=${UPDATES:-300}"
  echo "  \$ ./troupe submit $recipe --to $heads --set $updates"
  "$root/troupe" submit "$recipe" --to "$heads" --set "$updates" > "$work/submit.out" 2>&1 &
  submit=$!
}

finish() {
  local ended=0 run
  say "Waiting for the run's end"
  wait "$submit" || ended=$?
  submit=
  sed -n '/^accuracy  /,$p' "$work/submit.out"
  [ "$ended" = 0 ] || fail "submit ended with exit code $ended"
  run=$(dirname "$(find "$home" -mindepth 2 -maxdepth 2 -name summary.json -print -quit)")
  sed -n 's/.*"accuracyAfter": *\([0-9.]*\).*/\1/p' "$run/summary.json" \
    | awk -v least="${ACCURACY:-95}" '{ got = $1 } END { exit !(got * 100 >= least) }' \
    || fail "the accuracy isn't ${ACCURACY:-95}%"
  say "The books, proved from the files"
  echo "  \$ ./troupe audit $run"
  "$root/troupe" audit "$run" || fail "the audit found something wrong"
  succeeded=yes
  say "Done: every trajectory is accounted for"
}

three_heads() {
  add a head,reward
  add b head,learner
  add c head,learner
  heads=127.0.0.1:${port[a]},127.0.0.1:${port[b]},127.0.0.1:${port[c]}
  say "Three nodes with heads: a verifies, b and c can train"
  start a
  start b
  start c
  await_up a
  await_up b
  await_up c
  say "Two nodes that sample"
  add sampler-1 rollout
  add sampler-2 rollout
  start sampler-1
  start sampler-2
  await_up sampler-1
  await_up sampler-2
  follow_run
  await_updates 5

  say "A node is added while the run goes on: it samples and verifies"
  add late rollout,reward
  start late
  await_up late
  await_updates 12

  say "A node is drained: it finishes what it holds and leaves"
  echo "  \$ ./troupe drain sampler-1 --to $heads"
  "$root/troupe" drain sampler-1 --to "$heads"
  await_end sampler-1
  unset 'supervisor[sampler-1]' 'port[sampler-1]'
  await_updates 20

  local learner head
  learner=$(active_learner)
  [ -n "$learner" ] || fail "no node has the learner"
  say "The active learner, on $learner, dies: kill -9 $(process "$learner")"
  dies "$(process "$learner")"
  await_named active_learner "$learner"
  await_progress
  echo "  $learner is started again, as a supervisor would"
  start "$learner"
  await_up "$learner"
  await_updates 35

  head=$(active_head)
  say "The active head, on $head, is drained: another one goes on with the run"
  echo "  \$ ./troupe drain $head --to $heads"
  local now
  reached=$(updates)
  "$root/troupe" drain "$head" --to "$heads"
  event=answer
  begun=${EPOCHREALTIME/[.,]/}
  while [ "$(active_head)" = "$head" ]; do
    now=$(updates)
    reached=${now:-$reached}
    sleep 0.1
  done
  await_named active_head "$head"
  await_progress
  await_end "$head"
  start "$head"
  await_up "$head"
  await_updates 50

  head=$(active_head)
  say "The active head, on $head, dies: kill -9 $(process "$head")"
  dies "$(process "$head")"
  await_named active_head "$head"
  await_progress
  echo "  $head is started again, as a supervisor would"
  start "$head"
  await_up "$head"
  finish
}

# await_another NAME ID: until the supervisor has another process for it.
await_another() {
  local i
  for ((i = 0; i < 480; i++)); do
    if [ "$(process "$1")" != "$2" ]; then return; fi
    sleep 0.25
  done
  fail "$1 wasn't started again"
}

one_head() {
  add a head,learner
  heads=127.0.0.1:${port[a]}
  say "The only head, with the learner, and two nodes that sample and verify, each supervised"
  supervise a
  await_up a
  add worker-1 rollout,reward
  add worker-2 rollout,reward
  supervise worker-1
  supervise worker-2
  await_up worker-1
  await_up worker-2
  follow_run
  await_updates 10

  local first first_1 first_2
  first=$(process a)
  first_1=$(process worker-1)
  first_2=$(process worker-2)
  say "The only head dies, and the learner with it: kill -9 $first"
  dies "$first"
  await_another a "$first"
  await_up a
  say "It is back, $(since_event), and the run goes on from its directory"
  await_progress
  await_another worker-1 "$first_1"
  await_another worker-2 "$first_2"
  await_up worker-1
  await_up worker-2
  echo "  both workers have ended with 75 and joined anew, $(since_event)"
  await_updates 25
  finish
}

case $mode in
  three-heads) three_heads ;;
  one-head) one_head ;;
esac
