package dev.troupe.actors.security;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest good keys in a folder. Whoever opens a connection asks for {@link #context()}, which
 * looks at the files at most every {@link #LOOK_EVERY}. Files that changed and are fit replace what
 * was there, with a context of their own, so that no earlier session can be resumed; files that
 * aren't fit are reported once, and the last good ones stay.
 */
final class CurrentKeys {
  static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration WARN_BEFORE_END = Duration.ofDays(14);
  private static final Duration WARN_AGAIN = Duration.ofDays(1);

  /** A peer whose certificate ended may resume a session for so long, in seconds. */
  private static final int SESSION_SECONDS_MAX = 300;

  private static final Logger LOG = LoggerFactory.getLogger(CurrentKeys.class);

  private record Good(NodeKeys keys, SSLContext context) {}

  private final Path folder;
  private final InstantSource clock;
  private final RefusalLog refusals;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Good good;
  private volatile Instant looked;
  private volatile Instant warned = Instant.MIN;
  private KeyFiles seen;
  private String complaint = "";

  /**
   * Reads the keys in {@code folder}.
   *
   * @throws KeysException if they aren't fit
   */
  CurrentKeys(Path folder, InstantSource clock, RefusalLog refusals) {
    this.folder = folder;
    this.clock = clock;
    this.refusals = refusals;
    looked = clock.instant();
    seen = KeyFiles.read(folder);
    good = good(NodeKeys.of(seen, looked));
    LOG.info("keys of [{}]: {}", folder, good.keys());
    warnOfTheEnd();
  }

  NodeKeys keys() {
    look();
    return good.keys();
  }

  SSLContext context() {
    look();
    return good.context();
  }

  private void look() {
    Instant now = clock.instant();
    if (now.isBefore(looked.plus(LOOK_EVERY)) || !looking.tryLock()) {
      return;
    }
    try {
      looked = now;
      KeyFiles files = KeyFiles.read(folder);
      if (!files.equals(seen)) {
        good = good(NodeKeys.of(files, now));
        seen = files;
        warned = Instant.MIN;
        LOG.info("keys of [{}] were renewed: {}", folder, good.keys());
      }
      complaint = "";
    } catch (KeysException e) {
      complain(e.getMessage());
    } finally {
      looking.unlock();
    }
    warnOfTheEnd();
  }

  private void complain(@Nullable String message) {
    String text = String.valueOf(message);
    if (!text.equals(complaint)) {
      complaint = text;
      LOG.warn("keys of [{}] changed and aren't fit, the last good ones stay: {}", folder, text);
    }
  }

  private void warnOfTheEnd() {
    Instant end = good.keys().expires();
    if (looked.isAfter(end.minus(WARN_BEFORE_END)) && looked.isAfter(after(warned))) {
      warned = looked;
      LOG.warn(
          "the certificate in [{}] {} at [{}]: other nodes refuse it then; renew it on the machine"
              + " that has the authority, ./troupe keys node NAME --force, and copy the files here",
          folder,
          looked.isAfter(end) ? "expired" : "expires",
          end);
    }
  }

  private static Instant after(Instant warned) {
    return warned.equals(Instant.MIN) ? warned : warned.plus(WARN_AGAIN);
  }

  private Good good(NodeKeys keys) {
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      own.setKeyEntry(
          "node", keys.key(), new char[0], keys.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(own, new char[0]);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          managers.getKeyManagers(),
          new TrustManager[] {Peers.of(keys.authorities(), refusals)},
          new SecureRandom());
      context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS_MAX);
      context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS_MAX);
      return new Good(keys, context);
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new KeysException("keys of [%s] can't be used: %s".formatted(folder, e), e);
    }
  }

  /** A context that trusts {@code authorities} and shows no certificate of its own. */
  static SSLContext trusting(List<X509Certificate> authorities, RefusalLog refusals) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, new TrustManager[] {Peers.of(authorities, refusals)}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new KeysException("TLS can't be set up: " + e, e);
    }
  }
}
