package dev.troupe.tests.ops;

import static dev.troupe.tests.ops.Yaml.at;
import static dev.troupe.tests.ops.Yaml.list;
import static dev.troupe.tests.ops.Yaml.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests by Kubernetes' schema, and whether what they name fits together. */
final class KubernetesManifestsTest {
  private static final Set<String> HEALTH = Set.of("/health/alive", "/health/ready");

  /** Fails where JSON isn't of the schema. */
  private interface Check {
    void of(JsonElement json) throws IOException;
  }

  private static final Map<String, Check> SCHEMAS =
      Map.of(
          "v1 Namespace", V1Namespace::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement,
          "v1 PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement,
          "apps/v1 StatefulSet", V1StatefulSet::validateJsonElement,
          "apps/v1 Deployment", V1Deployment::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement);

  @Test
  void allAreOfKubernetesSchema() throws IOException {
    assertThat(Yaml.manifests()).hasSizeGreaterThan(8);
    for (JsonObject manifest : Yaml.manifests()) {
      String type = text(manifest, "apiVersion") + " " + text(manifest, "kind");
      Check schema = SCHEMAS.get(type);
      if (schema == null) {
        throw new AssertionError("no schema is known for [" + type + "]: " + manifest);
      }
      schema.of(manifest);
    }
  }

  @Test
  void theSchemaRefusesAMisspelledKey() {
    JsonObject heads = named("StatefulSet", "troupe-head");
    String misspelled = heads.toString().replace("terminationGracePeriodSeconds", "gracePeriod");
    assertThatThrownBy(() -> V1StatefulSet.validateJsonElement(JsonParser.parseString(misspelled)))
        .hasMessageContaining("gracePeriod");
  }

  @Test
  void kustomizationListsEveryFile() throws IOException {
    Path folder = Yaml.ROOT.resolve("ops/kubernetes");
    JsonObject kustomization = Yaml.read(folder.resolve("kustomization.yaml")).getFirst();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(strings(list(kustomization, "resources")))
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.equals("kustomization.yaml"))
                  .toList());
    }
    Set<String> images =
        workloads().stream().map(it -> text(container(it), "image")).collect(Collectors.toSet());
    assertThat(list(kustomization, "images"))
        .extracting(it -> text(it, "name"))
        .containsExactlyElementsOf(images);
  }

  @Test
  void selectorsMatchLabelsOfTheirPods() {
    for (JsonObject workload : workloads()) {
      assertThat(labels(workload)).containsAllEntriesOf(map(workload, "spec.selector.matchLabels"));
    }
    for (JsonObject service : Yaml.manifests("Service")) {
      assertThat(selected(map(service, "spec.selector"))).as(service.toString()).isNotEmpty();
    }
    for (JsonObject budget : Yaml.manifests("PodDisruptionBudget")) {
      assertThat(selected(map(budget, "spec.selector.matchLabels")))
          .extracting(it -> text(it, "metadata.name"))
          .containsExactly(text(budget, "metadata.name"));
    }
    for (JsonObject set : Yaml.manifests("StatefulSet")) {
      JsonObject service = named("Service", text(set, "spec.serviceName"));
      assertThat(text(service, "spec.clusterIP")).isEqualTo("None");
      assertThat(at(service, "spec.publishNotReadyAddresses").getAsBoolean()).isTrue();
      assertThat(selected(map(service, "spec.selector"))).contains(set);
    }
  }

  @Test
  void portsAreInARowAndServicesNameThem() {
    for (JsonObject workload : workloads()) {
      List<JsonElement> ports = list(container(workload), "ports");
      assertThat(ports)
          .extracting(it -> text(it, "name"))
          .containsExactly("messages", "http", "weights");
      int first = at(ports.getFirst(), "containerPort").getAsInt();
      assertThat(ports)
          .extracting(it -> at(it, "containerPort").getAsInt())
          .containsExactly(first, first + 1, first + 2);
      assertThat(command(workload)).contains(":" + first);
      assertThat(map(workload, "spec.template.metadata.annotations"))
          .containsEntry("prometheus.io/port", String.valueOf(first + 1))
          .containsEntry("prometheus.io/path", "/metrics");
    }
    for (JsonObject service : Yaml.manifests("Service")) {
      for (JsonElement port : list(service, "spec.ports")) {
        for (JsonObject workload : selected(map(service, "spec.selector"))) {
          assertThat(list(container(workload), "ports"))
              .filteredOn(it -> text(it, "name").equals(text(port, "targetPort")))
              .extracting(it -> at(it, "containerPort").getAsInt())
              .containsExactly(at(port, "port").getAsInt());
        }
      }
    }
  }

  @Test
  void probesAskForHealthOverTlsWhereNodesAnswer() {
    for (JsonObject workload : workloads()) {
      JsonObject container = container(workload);
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        assertThat(text(container, probe + ".httpGet.path")).isIn(HEALTH);
        assertThat(text(container, probe + ".httpGet.port")).isEqualTo("http");
        assertThat(text(container, probe + ".httpGet.scheme")).isEqualTo("HTTPS");
      }
      assertThat(text(container, "livenessProbe.httpGet.path")).isEqualTo("/health/alive");
      assertThat(text(container, "readinessProbe.httpGet.path")).isEqualTo("/health/ready");
      int patience =
          at(container, "startupProbe.periodSeconds").getAsInt()
              * at(container, "startupProbe.failureThreshold").getAsInt();
      assertThat(patience).as("longer than --join-within").isGreaterThan(300);
      assertThat(at(workload, "spec.template.spec.terminationGracePeriodSeconds").getAsInt())
          .as("time to drain")
          .isGreaterThanOrEqualTo(60);
    }
  }

  @Test
  void volumesAndClaimsAreThere() {
    for (JsonObject workload : workloads()) {
      List<JsonElement> volumes = list(workload, "spec.template.spec.volumes");
      Set<String> names =
          volumes.stream()
              .map(it -> text(it, "name"))
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> mounted =
          list(container(workload), "volumeMounts").stream()
              .map(it -> text(it, "name"))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(mounted).isEqualTo(names);
      for (JsonElement volume : volumes) {
        String claim = text(volume, "persistentVolumeClaim.claimName");
        if (!claim.isEmpty()) {
          assertThat(named("PersistentVolumeClaim", claim)).isNotNull();
        }
      }
      for (String option : List.of("--home ", "--scratch ")) {
        String command = command(workload);
        if (command.contains(option)) {
          String folder = command.split(option, 2)[1].split("\\s", 2)[0];
          assertThat(list(container(workload), "volumeMounts"))
              .extracting(it -> text(it, "mountPath"))
              .contains(folder);
        }
      }
    }
  }

  @Test
  void headsThatAreJoinedAreTheReplicasInTheirOwnOrder() {
    JsonObject heads = named("StatefulSet", "troupe-head");
    int replicas = at(heads, "spec.replicas").getAsInt();
    for (JsonObject workload : workloads()) {
      String join = command(workload).split("--join ", 2)[1].split("\\s", 2)[0];
      assertThat(join.split(",")).hasSize(replicas);
      for (int i = 0; i < replicas; i++) {
        assertThat(join.split(",")[i])
            .isEqualTo("troupe-head-" + i + ".troupe-nodes.troupe.svc.cluster.local:7355");
      }
    }
  }

  private static List<JsonObject> workloads() {
    return Yaml.manifests("StatefulSet", "Deployment");
  }

  private static JsonObject container(JsonObject workload) {
    return list(workload, "spec.template.spec.containers").getFirst().getAsJsonObject();
  }

  private static String command(JsonObject workload) {
    JsonObject container = container(workload);
    return String.join(
        " ",
        Stream.concat(
                strings(list(container, "command")).stream(),
                strings(list(container, "args")).stream())
            .toList());
  }

  private static List<String> strings(List<JsonElement> elements) {
    return elements.stream().map(JsonElement::getAsString).toList();
  }

  private static Map<String, String> labels(JsonObject workload) {
    return map(workload, "spec.template.metadata.labels");
  }

  private static Map<String, String> map(JsonObject from, String path) {
    return at(from, path).getAsJsonObject().asMap().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().getAsString()));
  }

  private static List<JsonObject> selected(Map<String, String> selector) {
    return workloads().stream()
        .filter(it -> labels(it).entrySet().containsAll(selector.entrySet()))
        .toList();
  }

  private static JsonObject named(String kind, String name) {
    return Yaml.manifests(kind).stream()
        .filter(it -> text(it, "metadata.name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + kind + " [" + name + "]"));
  }
}
