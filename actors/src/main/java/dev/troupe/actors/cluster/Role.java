package dev.troupe.actors.cluster;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a node does in the cluster; one may do several. */
public enum Role {
  /** Hosts the singletons of runs and the HTTP API. */
  HEAD,
  /** Hosts learners. */
  LEARNER,
  /** Samples. */
  ROLLOUT,
  /** Verifies. */
  REWARD;

  /** As it is written in commands and in the cluster. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a list such as {@code rollout,reward}.
   *
   * @throws IllegalArgumentException naming a role that there is not
   */
  public static Set<Role> parse(String text) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    for (String part : text.split(",", -1)) {
      roles.add(
          Arrays.stream(values())
              .filter(role -> role.text().equals(part.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "there is no role ["
                              + part.strip()
                              + "] in ["
                              + text
                              + "]; the roles are "
                              + Arrays.stream(values())
                                  .map(Role::text)
                                  .collect(Collectors.joining(", ")))));
    }
    return Collections.unmodifiableSet(roles);
  }
}
