package dev.troupe.deploy.plot;

import dev.troupe.deploy.plot.PlottedRun.SeededRecipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs that are drawn as one line: one run, or all seeds of a recipe.
 *
 * @param runs at least one
 */
record SeedGroup(String label, List<PlottedRun> runs) {
  SeedGroup {
    runs = List.copyOf(runs);
  }

  /** Runs by recipe, in the order in which they were named; or each by itself. */
  static List<SeedGroup> of(List<PlottedRun> runs, boolean together) {
    Map<String, List<PlottedRun>> byRecipe = new LinkedHashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      PlottedRun run = runs.get(i);
      String alone = "run " + i;
      String key = together ? run.recipe().map(SeededRecipe::text).orElse(alone) : alone;
      byRecipe.computeIfAbsent(key, _ -> new ArrayList<>()).add(run);
    }
    List<SeedGroup> groups = new ArrayList<>();
    for (List<PlottedRun> members : byRecipe.values()) {
      groups.add(new SeedGroup(label(members, groups), members));
    }
    return groups;
  }

  /** The recipe's name; another recipe of that name is told by its first run. */
  private static String label(List<PlottedRun> members, List<SeedGroup> before) {
    PlottedRun first = members.getFirst();
    if (members.size() == 1) {
      return first.label();
    }
    String name = first.recipe().map(SeededRecipe::name).orElse("");
    long seeds =
        members.stream().map(run -> run.recipe().map(SeededRecipe::seed)).distinct().count();
    String count = members.size() + (seeds == members.size() ? " seeds" : " runs");
    String label = (name.isEmpty() ? first.label() : name) + " (" + count + ")";
    boolean taken = before.stream().anyMatch(group -> group.label().equals(label));
    return taken ? first.label() + " (" + count + ")" : label;
  }

  /** A figure of each run that has it. */
  List<Curve> curves(String metric, Axis axis, int smooth) {
    return runs.stream()
        .flatMap(run -> run.figures().curve(metric, axis).stream())
        .map(curve -> curve.smoothed(smooth))
        .toList();
  }
}
