package dev.troupe.deploy.command;

import java.util.Set;

/** Names of runs on a cluster, chosen as folders of runs are in one process. */
final class RunNames {
  private RunNames() {}

  /**
   * A name that is free, or with {@code resume} the last one taken: NAME, NAME-2, NAME-3 and so on.
   */
  static String choose(String name, Set<String> taken, boolean resume) {
    int number = 1;
    while (taken.contains(numbered(name, number))) {
      number++;
    }
    if (!resume) {
      return numbered(name, number);
    }
    if (number == 1) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "the cluster has no run ["
              + name
              + "] to go on with"
              + (taken.isEmpty()
                  ? ""
                  : "; there are " + String.join(", ", taken.stream().sorted().toList()))
              + ". Without --resume it begins anew");
    }
    return numbered(name, number - 1);
  }

  private static String numbered(String name, int number) {
    return number == 1 ? name : name + "-" + number;
  }
}
