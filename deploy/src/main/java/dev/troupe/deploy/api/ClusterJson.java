package dev.troupe.deploy.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.RunStatus;
import dev.troupe.deploy.report.LedgerJson;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The cluster as JSON; {@link ClusterReader} reads it. */
final class ClusterJson {
  private ClusterJson() {}

  static JsonObject of(ClusterView view) {
    JsonObject json = new JsonObject();
    json.addProperty("head", view.head());
    JsonArray nodes = new JsonArray();
    view.nodes().forEach(node -> nodes.add(of(node)));
    json.add("nodes", nodes);
    json.add("runs", runs(view.runs()));
    return json;
  }

  static JsonArray runs(List<ClusterView.Run> runs) {
    JsonArray array = new JsonArray();
    runs.forEach(run -> array.add(of(run)));
    return array;
  }

  private static JsonObject of(ClusterView.Node node) {
    JsonObject json = new JsonObject();
    json.addProperty("name", node.name());
    json.addProperty("address", node.address().toString());
    json.addProperty("api", node.api().toString());
    json.add("roles", strings(node.roles().stream().sorted().map(Role::text).toList()));
    json.addProperty("state", label(node.state()));
    json.add("devices", strings(node.devices()));
    json.addProperty("processors", node.processors());
    json.addProperty("memoryBytes", node.memoryBytes());
    json.addProperty("version", node.version());
    json.addProperty("slots", node.slots());
    JsonObject allotted = new JsonObject();
    new TreeMap<>(node.allotted()).forEach(allotted::addProperty);
    json.add("allotted", allotted);
    json.add("learners", strings(node.learners()));
    return json;
  }

  static JsonObject of(ClusterView.Run run) {
    JsonObject json = new JsonObject();
    json.addProperty("name", run.name());
    json.addProperty("state", label(run.state()));
    json.addProperty("waitsFor", run.waitsFor());
    json.addProperty("share", run.share());
    json.add("status", of(run.status()));
    json.addProperty("words", run.words());
    JsonArray actors = new JsonArray();
    for (ActorProgress actor : run.actors()) {
      JsonObject one = new JsonObject();
      one.addProperty("name", actor.name());
      one.addProperty("progress", actor.progress());
      one.addProperty("waitsFor", actor.waitsFor());
      one.addProperty("sinceMillis", actor.since().toMillis());
      one.addProperty("tokensPerSecond", actor.tokensPerSecond());
      actors.add(one);
    }
    json.add("actors", actors);
    return json;
  }

  private static JsonObject of(RunStatus status) {
    JsonObject json = new JsonObject();
    json.addProperty("phase", label(status.phase()));
    json.addProperty("stage", label(status.stage()));
    json.addProperty("detail", status.detail());
    json.addProperty("supervisedSteps", status.supervisedSteps());
    json.addProperty("updates", status.updates());
    json.addProperty("updatesMax", status.updatesMax());
    json.add("bestAccuracy", number(status.bestAccuracy()));
    json.add("ledger", LedgerJson.write(status.ledger()));
    return json;
  }

  static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static JsonElement number(OptionalDouble number) {
    return number.isPresent() && Double.isFinite(number.getAsDouble())
        ? new JsonPrimitive(number.getAsDouble())
        : JsonNull.INSTANCE;
  }

  private static JsonArray strings(List<String> strings) {
    JsonArray array = new JsonArray();
    strings.forEach(array::add);
    return array;
  }
}
