package dev.troupe.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.troupe.learner.PolicyLearner.LearnerContext;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.safetensors.SafetensorsWriter;
import dev.troupe.model.safetensors.TensorFile;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.LearnerSpecification.Kl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerCheckpointTest {
  @TempDir private Path directory;

  @Test
  void restoredLearnerGoesOnBitForBit() {
    TinyRun run = new TinyRun();
    run.sftSteps = 4;
    run.learner.minibatches = 2;
    run.learner.kl = Kl.K2;
    run.learner.klCoefficient = 0.1;
    for (int savedAt : new int[] {2, 4, 7}) {
      CheckpointStore store = store("at" + savedAt);
      String expected;
      CheckpointRef saved;
      try (PolicyLearner learner = run.fresh()) {
        advance(run, learner, savedAt);
        saved = learner.save(store);
        advance(run, learner, 10);
        expected = TinyRun.hash(learner);
      }
      try (PolicyLearner restored = PolicyLearner.restore(run.context(2), store.open(saved))) {
        assertThat(restored.updates()).isEqualTo(savedAt);
        advance(run, restored, 10);
        assertThat(TinyRun.hash(restored)).as("saved at %d", savedAt).isEqualTo(expected);
        try (PolicySnapshot snapshot = restored.snapshot()) {
          assertThat(snapshot.version().incarnation()).isEqualTo(2);
        }
      }
    }
  }

  @Test
  void stateNamesTheLastBatchAndTheWeights() {
    TinyRun run = new TinyRun();
    run.sftSteps = 2;
    try (PolicyLearner learner = run.fresh()) {
      advance(run, learner, 5);
      assertThat(learner.state().lastBatch()).isEqualTo(3);
      assertThat(learner.state().firstUpdate()).isEqualTo(2);
      assertThat(learner.state().sftSteps()).isEqualTo(2);
      assertThat(learner.state().optimizerSteps()).isEqualTo(3);
      assertThat(learner.state().version().hash()).isEqualTo(TinyRun.hash(learner));
      assertThat(learner.state().metrics()).containsKey(LearnerMetrics.REWARD_MEAN);
    }
  }

  @Test
  void runStartsFromAnotherRunsCheckpointOrFile() {
    TinyRun first = new TinyRun();
    CheckpointStore store = store("checkpoints");
    String hash;
    CheckpointRef saved;
    try (PolicyLearner learner = first.fresh()) {
      advance(first, learner, 2);
      saved = learner.save(store);
      hash = TinyRun.hash(learner);
    }
    Path checkpoint = store.path(saved);
    for (Path from : List.of(directory, checkpoint, checkpoint.resolve("weights.safetensors"))) {
      TinyRun second = new TinyRun();
      second.initFrom = from.toString();
      try (PolicyLearner learner = second.fresh()) {
        assertThat(TinyRun.hash(learner)).as(from.toString()).isEqualTo(hash);
        assertThat(learner.updates()).isZero();
      }
    }
    TinyRun lost = new TinyRun();
    lost.initFrom = directory.resolve("nothing").toString();
    assertThatThrownBy(lost::fresh).hasMessageContaining("model.init-from must be a run directory");
  }

  @Test
  void shardsAreFoundUnderTheNamesThatTheirFolderHadElsewhere() throws IOException {
    TinyRun first = new TinyRun();
    CheckpointStore store = store("checkpoints");
    Path folder = Files.createDirectories(directory.resolve("shards"));
    String hash;
    try (PolicyLearner learner = first.fresh()) {
      Path weights = store.path(learner.save(store)).resolve("weights.safetensors");
      hash = TinyRun.hash(learner);
      split(weights, folder);
    }
    Map<String, Path> named = InitialWeights.files(folder.toString());
    assertThat(named).hasSize(3);
    Map<String, Path> moved = new HashMap<>();
    for (Map.Entry<String, Path> file : named.entrySet()) {
      Path there = directory.resolve("file-" + moved.size());
      moved.put(file.getKey(), Files.move(file.getValue(), there));
    }
    TinyRun second = new TinyRun();
    second.initFrom = folder.toString();
    LearnerContext context = second.context(1);
    try (PolicyLearner learner =
        PolicyLearner.fresh(
            new LearnerContext(
                context.run(),
                1,
                name -> moved.getOrDefault(name, Path.of(name)),
                context.threads()))) {
      assertThat(TinyRun.hash(learner)).isEqualTo(hash);
    }
  }

  /** In two shards, with an index. */
  private static void split(Path weights, Path folder) throws IOException {
    JsonObject shards = new JsonObject();
    try (TensorFile tensors = TensorFile.open(weights)) {
      List<String> names = tensors.names();
      for (int shard = 0; shard < 2; shard++) {
        List<SafetensorsWriter.Item> items = new ArrayList<>();
        for (int i = shard; i < names.size(); i += 2) {
          items.add(SafetensorsWriter.Item.of(names.get(i), tensors.data(names.get(i))));
          shards.addProperty(names.get(i), "model-" + shard + ".safetensors");
        }
        SafetensorsWriter.write(
            folder.resolve("model-" + shard + ".safetensors"), items, Map.of(), false);
      }
    }
    JsonObject index = new JsonObject();
    index.add("weight_map", shards);
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
  }

  @Test
  void replayGivesEveryHashAgainAndNamesTheFirstAlteredUpdate() {
    TinyRun run = new TinyRun();
    List<PolicyVersion> recorded = new ArrayList<>();
    try (PolicyLearner learner = run.fresh()) {
      LearnerReplay recording = new LearnerReplay(learner);
      for (int n = 1; n <= 4; n++) {
        recorded.add(recording.apply(run.batch(n)));
      }
    }
    try (PolicyLearner learner = run.fresh()) {
      LearnerReplay replay = new LearnerReplay(learner);
      for (int n = 1; n <= 4; n++) {
        assertThat(replay.applyAndCompare(run.batch(n), recorded.get(n - 1))).isEmpty();
      }
    }
    TinyRun altered = new TinyRun();
    altered.learner.clipHigh = 0.3;
    altered.temperature = 1.5;
    try (PolicyLearner learner = altered.fresh()) {
      assertThat(new LearnerReplay(learner).applyAndCompare(run.batch(1), recorded.getFirst()))
          .hasValueSatisfying(
              divergence -> assertThat(divergence).asString().startsWith("update [1] diverges"));
    }
  }

  private static void advance(TinyRun run, PolicyLearner learner, long until) {
    while (learner.updates() < until) {
      if (learner.nextSupervisedStep() <= run.sftSteps) {
        learner.pretrain(TinyRun.examples(learner.nextSupervisedStep()));
      } else {
        learner.update(run.batch(learner.nextBatch()));
      }
    }
  }

  private CheckpointStore store(String name) {
    return new CheckpointStore(directory.resolve(name), CheckpointHooks.NONE);
  }
}
