package dev.troupe.deploy.api;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the cluster, on the virtual thread of a request. */
final class Awaited {
  private Awaited() {}

  /** The result; {@link HttpProblem} where it doesn't come. */
  static <T> T of(CompletionStage<T> stage, Duration limit) {
    try {
      return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new HttpProblem(
          HttpProblem.UNAVAILABLE,
          "the cluster's head didn't answer within [" + limit.toSeconds() + "] s; ask again");
    } catch (ExecutionException e) {
      throw new HttpProblem(
          HttpProblem.UNAVAILABLE, "the cluster's head can't answer: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpProblem(HttpProblem.UNAVAILABLE, "this node is closing");
    }
  }
}
