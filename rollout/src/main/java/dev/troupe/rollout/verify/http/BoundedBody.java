package dev.troupe.rollout.verify.http;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Reads a response's text up to a bound; there the connection is closed. */
final class BoundedBody implements BodySubscriber<BoundedBody.Body> {
  /**
   * A response's text.
   *
   * @param isCut whether there was more
   */
  record Body(String text, boolean isCut) {}

  private final int bytesMax;
  private final ByteArrayOutputStream read = new ByteArrayOutputStream();
  private final CompletableFuture<Body> body = new CompletableFuture<>();
  private @Nullable Subscription source;

  BoundedBody(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Override
  public CompletionStage<Body> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    source = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[Math.min(buffer.remaining(), bytesMax - read.size())];
      boolean isCut = bytes.length < buffer.remaining();
      buffer.get(bytes);
      read.writeBytes(bytes);
      if (isCut) {
        complete(true);
        if (source != null) {
          source.cancel();
        }
        return;
      }
    }
  }

  @Override
  public void onError(Throwable error) {
    body.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    complete(false);
  }

  private void complete(boolean isCut) {
    body.complete(new Body(read.toString(StandardCharsets.UTF_8), isCut));
  }
}
