#!/usr/bin/env bash
# Runs what docs/props.md reports: PROPS and PPO with the same buffer, ten seeds of each task, then
# curves and tables. What is there already is not run again.
#
#   docs/props.sh FOLDER [TASK...]      FOLDER takes the runs, pictures and tables
#
#   SEEDS=10          seeds of each
#   TROUPE=./troupe   how Troupe is started
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
folder=${1:?usage: docs/props.sh FOLDER [TASK...]}
shift
seeds=${SEEDS:-10}
troupe=${TROUPE:-$here/../troupe}
tasks=("$@")
[ $# -gt 0 ] || tasks=(twostep gridworld bandit cartpole)
mkdir -p "$folder"

run() {
  local task=$1 name=$2 seed=$3
  shift 3
  local run=$folder/$task-$name-$seed
  [ -e "$run/summary.json" ] && return
  rm -rf "$run"
  "$troupe" train "$here/../recipes/props-$task.conf" --run "$run" --set "name=$name" \
    --set "seed=$seed" "$@" > "$run.log" 2>&1 || { tail -n 5 "$run.log" >&2; return 1; }
}

for seed in $(seq "$seeds"); do
  for task in "${tasks[@]}"; do
    run "$task" props "$seed"
    run "$task" ppo-buffer "$seed" --set adjustment.method=none
  done
done

for task in "${tasks[@]}"; do
  runs=("$folder/$task-props-"*[0-9] "$folder/$task-ppo-buffer-"*[0-9])
  "$troupe" plot "${runs[@]}" --metric evaluation/return,learner/samplingError \
    --to "$folder/props-$task.svg" --table | tee "$folder/$task.txt"
  # The mean over all of training.
  "$troupe" plot "${runs[@]}" --metric evaluation/return,learner/samplingError --smooth 1000000 \
    --table | tee "$folder/$task-mean.txt"
done
