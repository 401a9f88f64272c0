package dev.troupe.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.troupe.tests.process.Ports;
import dev.troupe.tests.process.Product;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A head, a learner and a worker as the Kubernetes manifests start them, with keys: they come up,
 * their probes answer, and what Kubernetes sends at the end drains them.
 */
@Timeout(300)
final class ManifestProcessesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String DOMAIN = ".troupe-nodes.troupe.svc.cluster.local:7355";
  private static final int OK = 200;
  private static final List<String> PROBES =
      List.of("startupProbe", "livenessProbe", "readinessProbe");

  @TempDir Path directory;

  /** A pod under way. */
  private record Started(Pod pod, int port, Product.Running running) {}

  @Test
  void podsComeUpAnswerTheirProbesAndDrainOnTermination() throws Exception {
    Product product = Product.in(directory).patient(PATIENCE);
    product.run("keys", "init").with(0);
    product.run("keys", "node", "cluster", "--host", "127.0.0.1").with(0);
    HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build();
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (String name : List.of("troupe-head-0", "troupe-head-1", "troupe-head-2")) {
      ports.put(name, Ports.threeInARow());
    }
    Map<String, Started> pods = new LinkedHashMap<>();
    try {
      for (JsonObject workload : Yaml.manifests("StatefulSet", "Deployment")) {
        String name = Yaml.text(workload, "metadata.name") + "-0";
        int port = ports.computeIfAbsent(name, _ -> Ports.threeInARow());
        pods.put(name, start(product, new Pod(workload, name, places(name, ports)), port));
      }
      assertThat(pods).hasSize(3);
      for (Started pod : pods.values()) {
        for (String probe : PROBES) {
          awaitProbe(client, pod, probe);
        }
      }
      for (Started pod : pods.values()) {
        figuresAreDocumented(client, pod);
      }
      // Workers first, so that at the end the only head leaves a cluster of its own.
      for (Started pod : pods.values().stream().toList().reversed()) {
        pod.running().signal("TERM");
        Product.Ended ended = endedWithin(pod, pod.pod().grace()).with(0);
        assertThat(ended.out()).contains("left the cluster");
      }
    } finally {
      pods.values().forEach(pod -> pod.running().kill());
    }
  }

  private Map<String, String> places(String own, Map<String, Integer> ports) {
    Map<String, String> places = new LinkedHashMap<>();
    ports.forEach((name, port) -> places.put(name + DOMAIN, "127.0.0.1:" + port));
    places.put("${POD_IP//./-}.troupe-nodes.troupe.svc.cluster.local", "127.0.0.1");
    places.put("$address:7355", "$address:" + ports.get(own));
    places.put("/var/lib/troupe", directory.resolve("home").toString());
    places.put("/scratch", directory.resolve("scratch-" + own).toString());
    places.put("/etc/troupe/keys", directory.resolve("keys/nodes/cluster").toString());
    places.put("-Xmx1536m", "-Xmx512m");
    return places;
  }

  private static Started start(Product product, Pod pod, int port) {
    List<String> command = pod.command();
    assertThat(String.join(" ", command)).contains(":" + port).doesNotContain("svc.cluster");
    return new Started(pod, port, product.start(command, pod.environment()));
  }

  private static void awaitProbe(HttpClient client, Started pod, String probe) {
    URI address =
        URI.create(
            pod.pod().probeScheme(probe)
                + "://127.0.0.1:"
                + (pod.port() + pod.pod().probeOffset(probe))
                + pod.pod().probePath(probe));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!pod.running().process().isAlive()) {
                throw new AssertionError("ended: " + pod.running().await());
              }
              try {
                return get(client, address).statusCode() == OK;
              } catch (IOException _) {
                return false;
              }
            });
  }

  private static HttpResponse<String> get(HttpClient client, URI address)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void figuresAreDocumented(HttpClient client, Started pod) throws Exception {
    String figures =
        get(client, URI.create("https://127.0.0.1:" + (pod.port() + 1) + "/metrics")).body();
    String documented = Files.readString(Yaml.ROOT.resolve("docs/operations.md"));
    Matcher names = Pattern.compile("(?m)^# TYPE (\\w+) ").matcher(figures);
    Set<String> missing =
        names
            .results()
            .map(it -> it.group(1))
            .filter(name -> !documented.contains("`" + name + "`"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(figures).contains("troupe_node_up");
    assertThat(missing).as("figures that docs/operations.md doesn't name").isEmpty();
  }

  private static Product.Ended endedWithin(Started pod, Duration grace) {
    Product.Running running = pod.running();
    return new Product.Running(
            running.command(), running.process(), running.out(), running.err(), grace)
        .await();
  }

  private SSLContext trusting() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var certificate = Files.newInputStream(directory.resolve("keys/ca.crt"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
