#!/usr/bin/env bash
# Runs what docs/control.md reports: five seeds of each recipe for a classic task, then curves and
# tables. What is there already is not run again.
#
#   docs/control.sh FOLDER [RECIPE...]      FOLDER takes the runs, pictures and tables; recipes of
#                                           recipes/mujoco are named with their folder, mujoco/hopper
#
#   SEEDS=5           seeds of each
#   STEPS=            ends all after so many steps, whatever the recipes say
#   TROUPE=./troupe   how Troupe is started
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
folder=${1:?usage: docs/control.sh FOLDER [RECIPE...]}
shift
seeds=${SEEDS:-5}
troupe=${TROUPE:-$here/../troupe}
recipes=("$@")
[ $# -gt 0 ] || recipes=(cartpole acrobot pendulum mountaincar-continuous frozenlake)
declare -A goals=(
  [cartpole]=475 [acrobot]=-85 [pendulum]=-200 [mountaincar-continuous]=90 [frozenlake]=0.74
  [hopper]=2382 [cleanrl-hopper]=2382 [halfcheetah]=1442 [cleanrl-halfcheetah]=1442
)
settings=()
[ -z "${STEPS:-}" ] || settings=(--set "stop.steps=$STEPS")
mkdir -p "$folder"

for seed in $(seq "$seeds"); do
  for recipe in "${recipes[@]}"; do
    run=$folder/$(basename "$recipe")-$seed
    [ -e "$run/summary.json" ] && continue
    rm -rf "$run"
    "$troupe" train "$here/../recipes/$recipe.conf" --run "$run" --set "seed=$seed" "${settings[@]}" \
      > "$run.log" 2>&1 || { tail -n 5 "$run.log" >&2; exit 1; }
  done
done

for recipe in "${recipes[@]}"; do
  name=$(basename "$recipe")
  "$troupe" plot "$folder/$name-"*[0-9] --goal "${goals[$name]}" --table \
    --to "$folder/control-$name.svg" | tee "$folder/$name.txt"
done
