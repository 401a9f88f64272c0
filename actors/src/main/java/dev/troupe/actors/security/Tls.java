package dev.troupe.actors.security;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** TLS 1.3 with the keys in a folder, as they are when a connection is made. */
final class Tls {
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  /** Whoever doesn't finish a handshake in so many milliseconds is sent away. */
  private static final int HANDSHAKE_MILLIS_MAX = 10_000;

  private final RefusalLog refusals;
  private final CurrentKeys current;

  Tls(Path folder, InstantSource clock) {
    refusals = new RefusalLog(clock);
    current = new CurrentKeys(folder, clock, refusals);
  }

  NodeKeys keys() {
    return current.keys();
  }

  /** Always the newest keys; peers need no certificate. */
  SSLContext context() {
    return new ReloadingContext(current::context);
  }

  /** The accepting end: whoever dialled must show a certificate. */
  SSLEngine serverEngine(String host, int port) {
    SSLEngine engine = current.context().createSSLEngine(host, port);
    engine.setUseClientMode(false);
    engine.setSSLParameters(server(engine.getSSLParameters()));
    return engine;
  }

  /** The dialling end: {@code host} must show a certificate for itself. */
  SSLEngine clientEngine(String host, int port) {
    SSLEngine engine = current.context().createSSLEngine(host, port);
    engine.setUseClientMode(true);
    engine.setSSLParameters(client(engine.getSSLParameters()));
    return engine;
  }

  /**
   * Like {@link #serverEngine}, for a blocking socket; returns when both have shown who they are.
   */
  Socket accepted(Socket plain) throws IOException {
    SSLSocket socket =
        (SSLSocket) current.context().getSocketFactory().createSocket(plain, null, true);
    socket.setUseClientMode(false);
    socket.setSSLParameters(server(socket.getSSLParameters()));
    try {
      shakeHands(socket);
    } catch (IOException e) {
      tell(plain, e);
      throw e;
    }
    return socket;
  }

  /** Like {@link #clientEngine}, for a blocking socket that is connected. */
  Socket dialled(Socket plain, String host) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            current.context().getSocketFactory().createSocket(plain, host, plain.getPort(), true);
    socket.setUseClientMode(true);
    socket.setSSLParameters(client(socket.getSSLParameters()));
    shakeHands(socket);
    return socket;
  }

  /** What is wrong with a certificate {@link Peers} has told. */
  private void tell(Socket plain, IOException e) {
    String text = String.valueOf(e.getMessage());
    if (text.contains("Received fatal alert")) {
      refusals.tell(
          "[%s] found our certificate unfit (%s): its log says why".formatted(host(plain), text));
    } else if (!isCertificates(e)) {
      refusals.tell(
          "refused a connection from [%s] to port [%d]: %s; nodes need the cluster's keys, --keys DIR"
              .formatted(host(plain), plain.getLocalPort(), text));
    }
  }

  private static void shakeHands(SSLSocket socket) throws IOException {
    int before = socket.getSoTimeout();
    try {
      socket.setSoTimeout(HANDSHAKE_MILLIS_MAX);
      socket.startHandshake();
      socket.setSoTimeout(before);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static SSLParameters server(SSLParameters parameters) {
    parameters.setProtocols(PROTOCOLS);
    parameters.setNeedClientAuth(true);
    return parameters;
  }

  private static SSLParameters client(SSLParameters parameters) {
    parameters.setProtocols(PROTOCOLS);
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return parameters;
  }

  /** Whether it was about a certificate, which {@link Peers} has logged. */
  private static boolean isCertificates(IOException thrown) {
    for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private static String host(Socket socket) {
    return socket.getRemoteSocketAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "an unknown address";
  }
}
