package dev.troupe.rollout.environment;

import dev.troupe.protocol.plugin.PluginCodec;
import dev.troupe.protocol.plugin.PluginLimits;
import dev.troupe.protocol.plugin.PluginTypes;
import dev.troupe.rollout.random.Pcg64;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where a vector of environments stands. */
record VectorSnapshot(
    String environment,
    Map<String, String> options,
    AutoresetMode autoreset,
    List<LaneSnapshot> lanes) {
  private static final String FORMAT = "1";
  private static final PluginLimits LIMITS = new PluginLimits(1 << 28, 64, 1 << 24);

  VectorSnapshot {
    options = Map.copyOf(options);
    lanes = List.copyOf(lanes);
  }

  /** Of snapshots of environments whose states have these types of their own. */
  static PluginCodec codec(String environment, List<Class<?>> stateTypes) {
    var types = new ArrayList<Class<?>>();
    types.add(VectorSnapshot.class);
    types.add(LaneSnapshot.class);
    types.add(Pcg64.State.class);
    types.add(AutoresetMode.class);
    types.addAll(stateTypes);
    return new PluginCodec(new PluginTypes(environment, FORMAT, types), LIMITS);
  }
}
