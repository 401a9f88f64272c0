package dev.troupe.actors.weights;

import dev.troupe.protocol.policy.PolicyManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one version to this node.
 *
 * <pre>
 *   claim the file ─▶ keep what is good in it ─▶ copy unchanged tensors ─▶ fetch the rest ─▶ finish
 *                                                 a thread a source, while this one digests
 * </pre>
 *
 * <p>Each chunk is written once its CRC32C is right, and served to others from then on. The digest
 * of the whole has the last word: if it is wrong although every chunk was right, something that was
 * copied had only the checksum of what was wanted, and all is fetched once more without copying.
 */
public final class Pull {
  private static final Logger LOG = LoggerFactory.getLogger(Pull.class);
  private static final long LOOK_EVERY_MILLIS = 50;

  private final PolicyManifest manifest;
  private final PullPlan plan;
  private final WeightPuller puller;
  private final CompletableFuture<PullOutcome> outcome = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> failures = new ArrayList<>();
  private volatile boolean cancelled;
  private volatile boolean over;
  private long changes;
  private int fetched;
  private long arrivedAt;

  Pull(PolicyManifest manifest, PullPlan plan, WeightPuller puller) {
    this.manifest = manifest;
    this.plan = plan;
    this.puller = puller;
    plan.sources().forEach(source -> failures.add(source + ": not tried yet"));
  }

  public PolicyManifest manifest() {
    return manifest;
  }

  /** How it ended; never exceptionally. */
  public CompletionStage<PullOutcome> outcome() {
    return outcome.minimalCompletionStage();
  }

  /** Nobody wants it any more: a newer version is there. */
  public void cancel() {
    cancelled = true;
    lock.lock();
    try {
      wake();
    } finally {
      lock.unlock();
    }
  }

  void run() {
    long began = now();
    arrivedAt = began;
    try {
      WeightStore.Claim claim = puller.store().claim(manifest);
      while (claim instanceof WeightStore.Claim.Elsewhere && !cancelled) {
        checkStall(began, "another process on this host fetches it");
        pause();
        claim = puller.store().claim(manifest);
      }
      outcome.complete(
          switch (claim) {
            case WeightStore.Claim.Ready(var file) ->
                new PullOutcome.Complete(file, manifest.chunks(), 0, now() - began);
            case WeightStore.Claim.Elsewhere _ -> new PullOutcome.Cancelled();
            case WeightStore.Claim.Mine mine -> fetch(mine, began);
          });
    } catch (IOException | RuntimeException e) {
      outcome.complete(failed(String.valueOf(e.getMessage())));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      outcome.complete(new PullOutcome.Cancelled());
    } finally {
      over = true;
    }
  }

  private PullOutcome fetch(WeightStore.Claim.Mine mine, long began)
      throws IOException, InterruptedException {
    WeightFile file = mine.file();
    boolean finished = false;
    try {
      int found = file.findGood(mine.likely());
      int copied = Unchanged.copy(file, puller.store().wholes());
      boolean complete = digest(file);
      if (!complete && !cancelled && found + copied > 0) {
        LOG.warn(
            "the weights of update [{}] are wrong although each chunk is right; all of it is"
                + " fetched again",
            manifest.version().update());
        file.forget();
        complete = digest(file);
      }
      if (cancelled) {
        return new PullOutcome.Cancelled();
      }
      if (!complete) {
        return failed("the digest of the whole is not the manifest's");
      }
      puller.store().finish(mine);
      finished = true;
      return new PullOutcome.Complete(file, manifest.chunks(), fetched, arrivedAt - began);
    } finally {
      over = true;
      if (!finished) {
        puller.store().abandon(mine);
        file.close();
      }
    }
  }

  /** Fetches what is missing and digests chunk after chunk as they come; whether all is right. */
  private boolean digest(WeightFile file) throws IOException, InterruptedException {
    ChunkPlan chunks = plan(file.present());
    if (!chunks.complete()) {
      for (int i = 0; i < plan.sources().size(); i++) {
        SourceReader reader = new SourceReader(this, file, chunks, i, plan.sources().get(i));
        puller.threads().newThread(reader::run).start();
      }
    }
    ImageDigest digest = new ImageDigest();
    for (int chunk = 0; chunk < manifest.chunks() && !cancelled; chunk++) {
      await(file, chunks, chunk);
      if (!cancelled) {
        digest.add(file.slice(manifest.chunkOffset(chunk), manifest.chunkLength(chunk)));
      }
    }
    return !cancelled && digest.hex().equals(manifest.digest());
  }

  private ChunkPlan plan(BitSet here) {
    return new ChunkPlan(
        manifest.chunks(),
        here,
        plan.stripe(),
        plan.stripes(),
        new ChunkPlan.Timing(
            puller.limits().hedge().toNanos(), puller.limits().patience().toNanos()),
        plan.sources().stream().map(WeightSource::origin).toList(),
        now());
  }

  private void await(WeightFile file, ChunkPlan chunks, int chunk)
      throws IOException, InterruptedException {
    lock.lock();
    try {
      while (!file.has(chunk) && !cancelled) {
        if (chunks.hopeless()) {
          throw new WeightsException("no source is left");
        }
        checkStall(arrivedAt, "no source brings anything");
        changed.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private void checkStall(long since, String why) throws WeightsException {
    if (now() - since > puller.limits().stall().toNanos()) {
      throw new WeightsException(
          why + ": nothing came for [" + puller.limits().stall().toMillis() + "] ms");
    }
  }

  private PullOutcome failed(String why) {
    List<String> said;
    lock.lock();
    try {
      said = List.copyOf(failures);
    } finally {
      lock.unlock();
    }
    String text =
        "the weights of update ["
            + manifest.version().update()
            + "] did not come: "
            + why
            + "; sources: "
            + said;
    return new PullOutcome.Failed(text, said);
  }

  // For the readers, each of which has a thread.

  boolean over() {
    return over || cancelled;
  }

  WeightPuller puller() {
    return puller;
  }

  long now() {
    return puller.deadlines().now();
  }

  /** What to do next at a source. */
  ChunkPlan.Step next(ChunkPlan chunks, int source) {
    lock.lock();
    try {
      return over() ? new ChunkPlan.Step.Done() : chunks.next(source, now());
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    changes++;
    changed.signalAll();
  }

  /** Changes the plan; whoever waits looks at it again. */
  void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the plan may have changed. */
  void pause() throws InterruptedException {
    lock.lock();
    try {
      long seen = changes;
      long left = TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS);
      while (!over() && changes == seen && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes a chunk that came whole, unless somebody was faster. */
  void arrived(WeightFile file, ChunkPlan chunks, int source, int chunk, ByteBuffer bytes)
      throws IOException {
    if (over()) {
      return;
    }
    if (!file.has(chunk)) {
      file.write(chunk, bytes);
    }
    lock.lock();
    try {
      arrivedAt = now();
      if (chunks.arrived(source, chunk, arrivedAt)) {
        fetched++;
      }
      wake();
    } finally {
      lock.unlock();
    }
  }

  void failed(int source, String why) {
    LOG.info("weights of update [{}]: {}", manifest.version().update(), why);
    change(() -> failures.set(source, why));
  }
}
