package dev.troupe.actors.security;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a peer's certificate is accepted, as the JDK does: path to an authority, dates,
 * use, and for who was dialled the name as well. Says who was refused and why.
 */
final class Peers extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager judge;
  private final RefusalLog refusals;

  private Peers(X509ExtendedTrustManager judge, RefusalLog refusals) {
    this.judge = judge;
    this.refusals = refusals;
  }

  static Peers of(List<X509Certificate> authorities, RefusalLog refusals) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return new Peers((X509ExtendedTrustManager) factory.getTrustManagers()[0], refusals);
    } catch (GeneralSecurityException | IOException e) {
      throw new KeysException("authorities can't be used: " + e, e);
    }
  }

  private interface Judgement {
    void judge() throws CertificateException;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    judge(chain, whoDialled(socket), "", () -> judge.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    String host = dialled(socket);
    judge(chain, "which answers as", host, () -> judge.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    judge(chain, "which connected", "", () -> judge.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    judge(
        chain,
        "which answers as",
        String.valueOf(engine.getPeerHost()),
        () -> judge.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    judge(chain, "which connected", "", () -> judge.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    judge(chain, "which answered", "", () -> judge.checkServerTrusted(chain, type));
  }

  /** None are asked for by name: a stranger shows its certificate, too, and is named in the log. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private void judge(X509Certificate[] chain, String how, String host, Judgement judgement)
      throws CertificateException {
    try {
      judgement.judge();
    } catch (CertificateException e) {
      X509Certificate certificate = chain[0];
      refusals.tell(
          "refused a node with the certificate of [%s], for %s, serial [%s], by [%s], %s%s: %s"
              .formatted(
                  certificate.getSubjectX500Principal().getName(),
                  Names.of(certificate),
                  certificate.getSerialNumber().toString(16),
                  certificate.getIssuerX500Principal().getName(),
                  how,
                  host.isEmpty() ? "" : " [" + host + "]",
                  why(e, certificate, host)));
      throw e;
    }
  }

  private static String why(CertificateException e, X509Certificate certificate, String host) {
    if (has(e, CertificateExpiredException.class)) {
      return "it expired at [%s]; renew it: ./troupe keys node NAME --force"
          .formatted(certificate.getNotAfter().toInstant());
    }
    if (has(e, CertificateNotYetValidException.class)) {
      return "it is not valid before [%s]; are the clocks of both machines right?"
          .formatted(certificate.getNotBefore().toInstant());
    }
    if (has(e, CertPathBuilderException.class)) {
      return "no authority in our ca.crt signed it: a stranger";
    }
    List<String> names = Names.of(certificate);
    if (!host.isEmpty() && !Names.match(names, host)) {
      return "wrong name: got a certificate for %s, expected one for [%s]; make it again, naming it: ./troupe keys node NAME --host %s --force"
          .formatted(names, host, host);
    }
    return String.valueOf(e.getMessage());
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> kind) {
    for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static String whoDialled(@Nullable Socket socket) {
    return socket == null
        ? "which connected"
        : "which connected from [" + socket.getInetAddress().getHostAddress() + "]";
  }

  private static String dialled(@Nullable Socket socket) {
    return Optional.ofNullable(socket)
        .filter(SSLSocket.class::isInstance)
        .map(SSLSocket.class::cast)
        .map(SSLSocket::getHandshakeSession)
        .map(session -> String.valueOf(session.getPeerHost()))
        .orElse("");
  }
}
