package dev.troupe.actors.weights;

import dev.troupe.protocol.policy.PolicyManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Fetches from one source on a thread of its own, with a few requests ahead; tries again after a
 * failure, each time later.
 */
final class SourceReader {
  private final Pull pull;
  private final WeightFile file;
  private final ChunkPlan chunks;
  private final int number;
  private final WeightSource source;
  private final PolicyManifest manifest;
  private final PullLimits limits;
  private final ArrayDeque<Integer> asked = new ArrayDeque<>();
  private @Nullable ByteBuffer buffer;
  private int known;

  SourceReader(Pull pull, WeightFile file, ChunkPlan chunks, int number, WeightSource source) {
    this.pull = pull;
    this.file = file;
    this.chunks = chunks;
    this.number = number;
    this.source = source;
    this.manifest = file.manifest();
    this.limits = pull.puller().limits();
  }

  void run() {
    if (!file.retain()) {
      return;
    }
    try {
      long wait = limits.retry().toNanos();
      for (int strikes = 0; strikes < limits.strikesMax() && !pull.over(); strikes++) {
        if (read()) {
          return;
        }
        pause(wait);
        wait *= 2;
      }
      pull.change(() -> chunks.gone(number));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      file.close();
    }
  }

  /** Fetches until everything is here; false if the connection failed before. */
  private boolean read() throws InterruptedException {
    asked.clear();
    known = 0;
    try (WeightLink link =
        WeightLink.connect(
            source, pull.puller().security(), pull.puller().deadlines(), limits.connect())) {
      WeightWire.greet(link);
      boolean done = false;
      while (!done) {
        done = ask(link);
        if (!asked.isEmpty()) {
          receive(link);
        } else if (!done) {
          lookForMore(link);
        }
      }
      return true;
    } catch (IOException | RuntimeException e) {
      if (!pull.over()) {
        pull.failed(number, source + ": " + e.getMessage());
      }
      pull.change(() -> chunks.lost(number));
      return false;
    }
  }

  /** Asks ahead for what the plan wants from here; whether nothing is left to be fetched. */
  private boolean ask(WeightLink link) throws IOException {
    while (asked.size() < limits.windowChunks()) {
      switch (pull.next(chunks, number)) {
        case ChunkPlan.Step.Fetch(var chunk) -> {
          link.within(limits.chunk(), "asking for chunk [" + chunk + "]");
          link.write(WeightWire.request(WeightWire.GET, chunk, manifest.digest()));
          asked.addLast(chunk);
        }
        case ChunkPlan.Step.Wait _ -> {
          return false;
        }
        case ChunkPlan.Step.Done _ -> {
          return true;
        }
      }
    }
    return false;
  }

  private void receive(WeightLink link) throws IOException {
    int chunk = asked.removeFirst();
    link.within(limits.chunk(), "waiting for chunk [" + chunk + "]");
    WeightWire.Answer answer = WeightWire.answer(link);
    if (answer.status() == WeightWire.ABSENT && answer.argument() == chunk) {
      known = 0;
      pull.change(() -> chunks.absent(number, chunk));
      return;
    }
    int expected = manifest.chunkLength(chunk);
    if (answer.status() != WeightWire.CHUNK
        || answer.argument() != chunk
        || answer.length() != expected) {
      throw new WeightsException(
          "expected chunk [" + chunk + "] of [" + expected + "] bytes, got " + answer);
    }
    ByteBuffer bytes = buffer(expected);
    link.read(bytes);
    pull.puller().received(expected);
    link.rest();
    bytes.flip();
    int checksum = WeightFile.checksum(bytes);
    int wanted = manifest.chunkChecksums().get(chunk);
    if (checksum != wanted) {
      pull.puller().damaged();
      throw new WeightsException(
          String.format(
              "chunk [%d] came damaged: CRC32C is [%08x], expected [%08x]",
              chunk, checksum, wanted));
    }
    pull.puller().chunkCame();
    pull.arrived(file, chunks, number, chunk, bytes);
  }

  /** The origin has everything; others are asked what they have by now. */
  private void lookForMore(WeightLink link) throws IOException, InterruptedException {
    if (known >= manifest.chunks()) {
      pull.pause();
      return;
    }
    link.within(limits.chunk(), "asking what is there");
    link.write(WeightWire.request(WeightWire.HAVE, known, manifest.digest()));
    WeightWire.Answer answer = WeightWire.answer(link);
    int bytesMax = Math.ceilDiv(manifest.chunks(), Byte.SIZE);
    if (answer.status() != WeightWire.CHUNKS || answer.length() < 0 || answer.length() > bytesMax) {
      throw new WeightsException(
          "expected at most [" + bytesMax + "] bytes of chunks that are there, got " + answer);
    }
    ByteBuffer bits = ByteBuffer.allocate(answer.length());
    link.read(bits);
    BitSet there = BitSet.valueOf(bits.flip());
    link.rest();
    known = there.cardinality();
    pull.change(() -> chunks.offers(number, there, pull.now()));
  }

  private ByteBuffer buffer(int length) {
    ByteBuffer made = buffer;
    if (made == null) {
      made = ByteBuffer.allocateDirect(manifest.chunkBytes());
      buffer = made;
    }
    return made.clear().limit(length);
  }

  private void pause(long nanos) throws InterruptedException {
    long until = pull.now() + nanos;
    while (!pull.over() && pull.now() < until) {
      pull.pause();
    }
  }
}
