package dev.troupe.deploy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.run.RewardOrder;
import dev.troupe.deploy.page.PageFile;
import dev.troupe.deploy.page.PageOrders;
import dev.troupe.deploy.page.PageServer;
import dev.troupe.deploy.watch.PretendRun;
import dev.troupe.deploy.watch.RunPicture;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.rollout.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders to a run of another process on this machine, over its page's server. */
final class TrainingProcessTest {
  private static final VerifierVersion EXACT =
      new VerifierVersion(Verifiers.ref("exact", "1", "{}"), "{}");

  @TempDir Path root = Path.of("");

  private final List<Object> heard = new ArrayList<>();
  private final RunPicture picture = new RunPicture("sums", 10, 100, () -> 0);
  private Answer answer = new Answer.Done("so be it");
  private final PageServer server = serve();

  private PageServer serve() {
    PageOrders orders =
        new PageOrders(
            "secret",
            () -> heard.add("pause"),
            () -> heard.add("continue"),
            order -> {
              heard.add(order);
              return CompletableFuture.completedStage(answer);
            });
    try {
      return PageServer.start(0, picture::view, orders);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  private TrainingProcess process(String token) throws IOException {
    new PageFile(server.port(), token).write(root);
    return new TrainingProcess(root, PageFile.read(root).orElseThrow());
  }

  @Test
  void ordersReachTheRunAndItsAnswersComeBack() throws IOException {
    try (TrainingProcess run = process("secret")) {
      assertThat(run.tell("pause")).contains("begins nothing new");
      assertThat(run.tell("continue")).contains("goes on");
      assertThat(run.reward(new RewardOrder.Swap(EXACT, true))).isEqualTo("so be it");
      run.reward(new RewardOrder.SwapTo("exact@1", Optional.of(EXACT)));
      run.reward(new RewardOrder.SwapTo("mine@2", Optional.empty()));
      run.reward(new RewardOrder.Back());
      run.reward(new RewardOrder.Shadow(EXACT));
      run.reward(new RewardOrder.NoShadow());
      assertThat(heard)
          .containsExactly(
              "pause",
              "continue",
              new RewardOrder.Swap(EXACT, true),
              new RewardOrder.SwapTo("exact@1", Optional.of(EXACT)),
              new RewardOrder.SwapTo("mine@2", Optional.empty()),
              new RewardOrder.Back(),
              new RewardOrder.Shadow(EXACT),
              new RewardOrder.NoShadow());
      new PretendRun(picture).update(42, 1, 0);
      assertThat(run.view()).hasValueSatisfying(view -> assertThat(view.update()).isEqualTo(42));
    }
  }

  @Test
  void aRefusalIsSaidInItsWords() throws IOException {
    answer = new Answer.Refused("nothing to go back to");
    try (TrainingProcess run = process("secret")) {
      assertThatThrownBy(() -> run.reward(new RewardOrder.Back()))
          .isInstanceOf(ClusterException.class)
          .hasMessage("nothing to go back to");
    }
  }

  @Test
  void withoutTheTokenNothingIsHeard() throws IOException {
    try (TrainingProcess run = process("guess")) {
      assertThatThrownBy(() -> run.reward(new RewardOrder.Back()))
          .hasMessageContaining("orders need the token");
      assertThatThrownBy(() -> run.tell("pause")).hasMessageContaining("token");
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void aVerifierThatIsAnotherOneHereIsRefused() throws IOException {
    VerifierVersion altered =
        new VerifierVersion(new VerifierRef("exact", "1", EXACT.ref().hash() + "0"), "{}");
    try (TrainingProcess run = process("secret")) {
      assertThatThrownBy(() -> run.reward(new RewardOrder.Swap(altered, true)))
          .hasMessageContaining("got hash [" + altered.ref().hash() + "]")
          .hasMessageContaining(EXACT.ref().hash());
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void whereNoProcessWorksItSaysHowToGoOn() throws IOException {
    try (TrainingProcess run = process("secret")) {
      server.close();
      assertThatThrownBy(() -> run.tell("pause"))
          .hasMessageContaining("no process works on [" + root + "]")
          .hasMessageContaining("--resume");
    }
    PageFile.remove(root);
    assertThat(PageFile.read(root)).isEmpty();
  }

  @Test
  void onlyItsOwnerReadsTheToken() throws IOException {
    new PageFile(1, "secret").write(root);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("page.json"))))
        .isEqualTo("rw-------");
  }
}
