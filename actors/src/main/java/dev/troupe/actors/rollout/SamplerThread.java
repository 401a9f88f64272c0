package dev.troupe.actors.rollout;

import dev.troupe.actors.policy.Policy;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns a rollout actor's engines: one for training, one for evaluations, so that an
 * evaluation of a named version neither stops nor changes what is sampled for training.
 *
 * <p>Orders come in through a queue, which is empty most of the time; between any two native calls
 * the thread takes what is there, fills free lanes from what waits, and goes on. It blocks only
 * when there is nothing to sample, and that time is what its idle share counts.
 */
final class SamplerThread {

  /** Hears what the thread made; called on that thread. */
  interface Listener {
    void sampled(List<Finished> finished);

    void evaluated(List<Finished> finished);

    void failed(Throwable cause);
  }

  private sealed interface Order {
    record Use(Policy policy) implements Order {}

    record Submit(List<Sample> samples) implements Order {}

    record Evaluate(Policy policy, List<Sample> samples) implements Order {}

    record Stop() implements Order {}
  }

  private static final long NOT_WAITING = -1;

  private final SamplerEngines engines;
  private final Listener listener;
  private final LongSupplier nanos;
  private final LinkedBlockingQueue<Order> orders = new LinkedBlockingQueue<>();

  /** Guarded by {@link #orders}. */
  private boolean ended;

  // Touched by the thread itself only.
  private final ArrayDeque<Sample> waiting = new ArrayDeque<>();
  private final ArrayDeque<Order.Evaluate> evaluations = new ArrayDeque<>();
  private final ArrayDeque<Sample> evaluating = new ArrayDeque<>();
  private boolean stopped;
  private boolean hasPolicy;
  private long idleNanos;

  private volatile @Nullable SamplerEngine sampling;
  private volatile @Nullable SamplerEngine evaluator;
  private volatile long idleNanosSeen;
  private volatile long waitingSince = NOT_WAITING;
  private volatile long tokens;
  private volatile long evaluationTokens;

  SamplerThread(SamplerEngines engines, Listener listener, LongSupplier nanos) {
    this.engines = engines;
    this.listener = listener;
    this.nanos = nanos;
  }

  void start() {
    engines.threads().newThread(this::run).start();
  }

  /** Samples from {@code policy} from now on; takes over the caller's count of it. */
  void use(Policy policy) {
    give(new Order.Use(policy));
  }

  void submit(Collection<Sample> samples) {
    give(new Order.Submit(List.copyOf(samples)));
  }

  /** Samples greedily from {@code policy}; takes over the caller's count of it. */
  void evaluate(Policy policy, List<Sample> samples) {
    give(new Order.Evaluate(policy, samples));
  }

  /** Ends the thread after the native call under way; the engines are closed. */
  void stop() {
    give(new Order.Stop());
  }

  /** Once the thread has ended nobody takes orders, and policies are let go of at once. */
  private void give(Order order) {
    synchronized (orders) {
      if (ended) {
        letGo(order);
      } else {
        orders.add(order);
      }
    }
  }

  /** The sample that keeps the thread from ever coming back, if one does. */
  Optional<Finished> overdue() {
    return overdue(sampling);
  }

  /** Likewise, of an evaluation. */
  Optional<Finished> overdueEvaluation() {
    return overdue(evaluator);
  }

  private static Optional<Finished> overdue(@Nullable SamplerEngine engine) {
    return engine == null ? Optional.empty() : engine.overdue();
  }

  SamplerTimes times() {
    long now = nanos.getAsLong();
    long since = waitingSince;
    long idle = idleNanosSeen + (since == NOT_WAITING ? 0 : Math.max(0, now - since));
    return new SamplerTimes(now, idle, tokens, evaluationTokens);
  }

  private void run() {
    try (SamplerEngine training = engines.create();
        SamplerEngine evaluation = engines.create()) {
      sampling = training;
      evaluator = evaluation;
      while (!stopped) {
        obeyAll(training, evaluation);
        if (!stopped) {
          sample(training);
          evaluate(evaluation);
        }
      }
    } catch (Throwable e) {
      listener.failed(e);
    } finally {
      synchronized (orders) {
        ended = true;
        orders.forEach(SamplerThread::letGo);
      }
      evaluations.forEach(SamplerThread::letGo);
    }
  }

  private static void letGo(Order order) {
    switch (order) {
      case Order.Use(var policy) -> policy.close();
      case Order.Evaluate(var policy, _) -> policy.close();
      case Order.Submit _, Order.Stop _ -> {}
    }
  }

  private void obeyAll(SamplerEngine training, SamplerEngine evaluation)
      throws InterruptedException {
    boolean busy =
        !training.idle()
            || !evaluation.idle()
            || (hasPolicy && !waiting.isEmpty())
            || !evaluating.isEmpty()
            || !evaluations.isEmpty();
    Order order = busy ? orders.poll() : await();
    while (order != null) {
      obey(order, training);
      order = stopped ? null : orders.poll();
    }
  }

  private Order await() throws InterruptedException {
    Order ready = orders.poll();
    if (ready != null) {
      return ready;
    }
    long began = nanos.getAsLong();
    waitingSince = began;
    Order order = orders.take();
    idleNanos += nanos.getAsLong() - began;
    waitingSince = NOT_WAITING;
    idleNanosSeen = idleNanos;
    return order;
  }

  private void obey(Order order, SamplerEngine training) {
    switch (order) {
      case Order.Use(var policy) -> {
        training.use(policy);
        policy.close();
        hasPolicy = true;
      }
      case Order.Submit(var samples) -> waiting.addAll(samples);
      case Order.Evaluate evaluate -> evaluations.add(evaluate);
      case Order.Stop _ -> stopped = true;
    }
  }

  private void sample(SamplerEngine training) {
    if (hasPolicy) {
      fill(training, waiting);
    }
    if (!training.idle()) {
      List<Finished> finished = training.advance();
      tokens = training.tokens();
      if (!finished.isEmpty()) {
        listener.sampled(finished);
      }
    }
  }

  /** One evaluation after the other: each has a policy of its own. */
  private void evaluate(SamplerEngine evaluation) {
    if (evaluating.isEmpty() && evaluation.idle() && !evaluations.isEmpty()) {
      Order.Evaluate next = evaluations.removeFirst();
      evaluation.use(next.policy());
      next.policy().close();
      evaluating.addAll(next.samples());
    }
    fill(evaluation, evaluating);
    if (!evaluation.idle()) {
      List<Finished> finished = evaluation.advance();
      evaluationTokens = evaluation.tokens();
      if (!finished.isEmpty()) {
        listener.evaluated(finished);
      }
    }
  }

  private static void fill(SamplerEngine engine, ArrayDeque<Sample> from) {
    for (int free = engine.freeLanes(); free > 0 && !from.isEmpty(); free--) {
      engine.submit(from.removeFirst());
    }
  }
}
