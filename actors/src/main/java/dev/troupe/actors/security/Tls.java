package dev.troupe.actors.security;

import java.nio.file.Path;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** TLS 1.3 with the keys in a folder, as they are when a connection is made. */
final class Tls {
  private static final String[] PROTOCOLS = {"TLSv1.3"};

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
    return new TellingEngine(engine, "a connection to the cluster's port", refusals);
  }

  /** The dialling end: {@code host} must show a certificate for itself. */
  SSLEngine clientEngine(String host, int port) {
    SSLEngine engine = current.context().createSSLEngine(host, port);
    engine.setUseClientMode(true);
    engine.setSSLParameters(client(engine.getSSLParameters()));
    return engine;
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
}
