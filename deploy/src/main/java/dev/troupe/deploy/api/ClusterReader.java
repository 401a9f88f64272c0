package dev.troupe.deploy.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunStatus;
import dev.troupe.actors.run.Stage;
import dev.troupe.deploy.report.LedgerJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Reads what {@link ClusterJson} wrote. */
public final class ClusterReader {
  private ClusterReader() {}

  /** The cluster in {@code json}. */
  public static ClusterView view(JsonObject json) {
    List<ClusterView.Node> nodes = new ArrayList<>();
    json.getAsJsonArray("nodes").forEach(node -> nodes.add(node(node.getAsJsonObject())));
    return new ClusterView(
        json.get("head").getAsString(), nodes, runs(json.getAsJsonArray("runs")));
  }

  static List<ClusterView.Run> runs(JsonArray array) {
    List<ClusterView.Run> runs = new ArrayList<>();
    array.forEach(run -> runs.add(run(run.getAsJsonObject())));
    return runs;
  }

  private static ClusterView.Node node(JsonObject json) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    strings(json.getAsJsonArray("roles")).forEach(role -> roles.addAll(Role.parse(role)));
    Map<String, Integer> allotted = new TreeMap<>();
    json.getAsJsonObject("allotted")
        .entrySet()
        .forEach(entry -> allotted.put(entry.getKey(), entry.getValue().getAsInt()));
    return new ClusterView.Node(
        json.get("name").getAsString(),
        HostPort.parse(json.get("address").getAsString()),
        HostPort.parse(json.get("api").getAsString()),
        roles,
        ClusterView.NodeState.valueOf(constant(json.get("state"))),
        strings(json.getAsJsonArray("devices")),
        json.get("processors").getAsInt(),
        json.get("memoryBytes").getAsLong(),
        json.get("version").getAsString(),
        json.get("slots").getAsInt(),
        allotted,
        strings(json.getAsJsonArray("learners")));
  }

  /** The run in {@code json}. */
  public static ClusterView.Run run(JsonObject json) {
    List<ActorProgress> actors = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("actors")) {
      JsonObject actor = element.getAsJsonObject();
      actors.add(
          new ActorProgress(
              actor.get("name").getAsString(),
              actor.get("progress").getAsLong(),
              actor.get("waitsFor").getAsString(),
              Duration.ofMillis(actor.get("sinceMillis").getAsLong()),
              actor.get("tokensPerSecond").getAsDouble()));
    }
    return new ClusterView.Run(
        json.get("name").getAsString(),
        ClusterView.RunState.valueOf(constant(json.get("state"))),
        json.get("waitsFor").getAsString(),
        json.get("share").getAsDouble(),
        status(json.getAsJsonObject("status")),
        json.get("words").getAsString(),
        actors);
  }

  private static RunStatus status(JsonObject json) {
    JsonElement best = json.get("bestAccuracy");
    return new RunStatus(
        Phase.valueOf(constant(json.get("phase"))),
        Stage.valueOf(constant(json.get("stage"))),
        json.get("detail").getAsString(),
        json.get("supervisedSteps").getAsLong(),
        json.get("updates").getAsLong(),
        json.get("updatesMax").getAsLong(),
        best.isJsonNull() ? OptionalDouble.empty() : OptionalDouble.of(best.getAsDouble()),
        LedgerJson.read(json.getAsJsonObject("ledger")));
  }

  private static String constant(JsonElement label) {
    return label.getAsString().toUpperCase(Locale.ROOT);
  }

  private static List<String> strings(JsonArray array) {
    return array.asList().stream().map(JsonElement::getAsString).toList();
  }
}
