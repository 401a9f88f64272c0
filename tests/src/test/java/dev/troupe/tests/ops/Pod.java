package dev.troupe.tests.ops;

import static dev.troupe.tests.ops.Yaml.at;
import static dev.troupe.tests.ops.Yaml.list;
import static dev.troupe.tests.ops.Yaml.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pod of a workload as Kubernetes would start it, but for where things are: host names are
 * those of this machine, ports free ones, folders temporary ones.
 */
final class Pod {
  private static final String ENTRYPOINT = "./troupe";

  private final JsonObject workload;
  private final JsonObject container;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> places;

  /**
   * @param name of the pod
   * @param places what stands for what the manifest names: an address or a folder
   */
  Pod(JsonObject workload, String name, Map<String, String> places) {
    this.workload = workload;
    this.places = places;
    this.container = list(workload, "spec.template.spec.containers").getFirst().getAsJsonObject();
    Map<String, String> fields = Map.of("metadata.name", name, "status.podIP", "127.0.0.1");
    for (JsonElement variable : list(container, "env")) {
      String field = text(variable, "valueFrom.fieldRef.fieldPath");
      environment.put(
          text(variable, "name"),
          placed(field.isEmpty() ? text(variable, "value") : fields.getOrDefault(field, "")));
    }
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Command and arguments, with {@code $(NAME)} put in as Kubernetes does. */
  List<String> command() {
    List<String> command = new ArrayList<>();
    List<JsonElement> own = list(container, "command");
    own.forEach(it -> command.add(it.getAsString()));
    if (own.isEmpty()) {
      command.add(ENTRYPOINT);
    }
    list(container, "args").forEach(it -> command.add(it.getAsString()));
    return command.stream().map(this::expanded).map(this::placed).toList();
  }

  private String expanded(String text) {
    String result = text;
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      result = result.replace("$(" + variable.getKey() + ")", variable.getValue());
    }
    return result;
  }

  private String placed(String text) {
    String result = text;
    for (Map.Entry<String, String> place : places.entrySet()) {
      result = result.replace(place.getKey(), place.getValue());
    }
    return result;
  }

  /** What a probe asks for. */
  String probePath(String probe) {
    return text(container, probe + ".httpGet.path");
  }

  /** Scheme of a probe, as in an address. */
  String probeScheme(String probe) {
    String scheme = text(container, probe + ".httpGet.scheme");
    return scheme.equals("HTTPS") ? "https" : "http";
  }

  /** How far the probe's port is from the node's first one. */
  int probeOffset(String probe) {
    String name = text(container, probe + ".httpGet.port");
    List<JsonElement> ports = list(container, "ports");
    int first = at(ports.getFirst(), "containerPort").getAsInt();
    for (JsonElement port : ports) {
      if (text(port, "name").equals(name)) {
        return at(port, "containerPort").getAsInt() - first;
      }
    }
    throw new AssertionError("no port [" + name + "] in " + container);
  }

  Duration grace() {
    return Duration.ofSeconds(
        at(workload, "spec.template.spec.terminationGracePeriodSeconds").getAsLong());
  }
}
