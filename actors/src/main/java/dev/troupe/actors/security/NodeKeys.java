package dev.troupe.actors.security;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Who a node is and whom it trusts: three PEM files in a folder, read and found fit.
 *
 * <pre>
 *   ca.crt    the authorities whose nodes belong to the cluster
 *   node.crt  this node's certificate, for server and client use, naming its hosts
 *   node.key  its private key, PKCS#8, unencrypted, for its owner's eyes only
 * </pre>
 */
public final class NodeKeys {
  private final Path folder;
  private final List<X509Certificate> authorities;
  private final List<X509Certificate> chain;
  private final PrivateKey key;

  private NodeKeys(
      Path folder, List<X509Certificate> authorities, List<X509Certificate> chain, PrivateKey key) {
    this.folder = folder;
    this.authorities = authorities;
    this.chain = chain;
    this.key = key;
  }

  /**
   * Reads and checks the files in {@code folder}.
   *
   * @param now by which certificates must be valid
   * @throws KeysException naming the file, what is wrong with it, and what to do
   */
  public static NodeKeys read(Path folder, Instant now) {
    return of(KeyFiles.read(folder), now);
  }

  static NodeKeys of(KeyFiles files, Instant now) {
    List<X509Certificate> authorities = Pem.certificates(files.authority(), files.authorityFile());
    List<X509Certificate> chain = Pem.certificates(files.certificate(), files.certificateFile());
    PrivateKey key = Pem.privateKey(files.key(), chain.getFirst().getPublicKey(), files.keyFile());
    new KeyChecks(files, now).check(authorities, chain, key);
    return new NodeKeys(files.folder(), List.copyOf(authorities), List.copyOf(chain), key);
  }

  public Path folder() {
    return folder;
  }

  /** When this node's certificate, or one that it rests upon, ends to be valid. */
  public Instant expires() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Host names and addresses that this node may be reached by. */
  public List<String> names() {
    return Names.of(certificate());
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  List<X509Certificate> authorities() {
    return authorities;
  }

  List<X509Certificate> chain() {
    return chain;
  }

  PrivateKey key() {
    return key;
  }

  @Override
  public String toString() {
    return "NodeKeys[%s, for %s, until %s]".formatted(folder, names(), expires());
  }
}
