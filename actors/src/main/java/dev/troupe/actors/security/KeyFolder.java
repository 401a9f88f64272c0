package dev.troupe.actors.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder in which a cluster's keys are made.
 *
 * <pre>
 *   ca.crt, ca.key                      the authority; its key stays here
 *   nodes/NAME/{ca.crt,node.crt,node.key}   what each node gets a copy of
 * </pre>
 *
 * Files are for their owner only, and never overwritten unasked.
 */
public final class KeyFolder {
  private static final String AUTHORITY_KEY = "ca.key";
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)*\\.?");

  private final Path root;
  private final InstantSource clock;
  private final SecureRandom random;

  public KeyFolder(Path root, InstantSource clock, SecureRandom random) {
    this.root = root;
    this.clock = clock;
    this.random = random;
  }

  public Path root() {
    return root;
  }

  /** The folder of the node {@code name}. */
  public Path node(String name) {
    return root.resolve("nodes").resolve(name);
  }

  /**
   * Makes an authority.
   *
   * @throws KeysException if there is one already and {@code force} isn't given
   */
  public X509Certificate makeAuthority(boolean force) {
    Path certificate = root.resolve(KeyFiles.AUTHORITY);
    Path key = root.resolve(AUTHORITY_KEY);
    if (!force && (Files.exists(certificate) || Files.exists(key))) {
      throw new KeysException(
          "[%s]: there is an authority already; --force replaces it, and all nodes need keys of the new one then"
              .formatted(root));
    }
    Authority authority = Authority.create(clock.instant(), random);
    write(
        root,
        Map.of(
            KeyFiles.AUTHORITY,
            Pem.text(authority.certificate()),
            AUTHORITY_KEY,
            Pem.text(authority.key())));
    return authority.certificate();
  }

  /**
   * Makes the keys of a node, or renews them.
   *
   * @param hosts names and addresses by which other nodes reach it, beside {@code name}; none = for
   *     a node that has keys those of before
   * @throws KeysException if it has keys already and {@code force} isn't given
   */
  public NodeKeys makeNode(String name, List<String> hosts, int days, boolean force) {
    if (!NAME.matcher(name).matches()) {
      throw new KeysException(
          "got the node name [%s], expected lower-case letters, digits, dots and dashes"
              .formatted(name));
    }
    Authority authority = authority();
    Path folder = node(name);
    List<String> names = names(name, hosts, folder);
    if (!force && Files.exists(folder.resolve(KeyFiles.CERTIFICATE))) {
      throw new KeysException(
          "[%s]: node [%s] has keys already; --force renews them, for the same hosts unless --host is given"
              .formatted(folder, name));
    }
    Authority.Issued issued =
        authority.issue(
            name, names, clock.instant(), clock.instant().plus(Duration.ofDays(days)), random);
    write(
        folder,
        Map.of(
            KeyFiles.AUTHORITY,
            Pem.text(authority.certificate()),
            KeyFiles.CERTIFICATE,
            Pem.text(issued.certificate()),
            KeyFiles.KEY,
            Pem.text(issued.key())));
    return NodeKeys.read(folder, clock.instant());
  }

  /** The authority's certificate. */
  public X509Certificate authorityCertificate() {
    Path file = root.resolve(KeyFiles.AUTHORITY);
    if (!Files.exists(file)) {
      throw new KeysException(
          "[%s]: got no authority, expected [%s] and [%s]; make it with: ./troupe keys init --dir %s"
              .formatted(root, KeyFiles.AUTHORITY, AUTHORITY_KEY, root));
    }
    return Pem.certificates(KeyFiles.text(root, KeyFiles.AUTHORITY), file).getFirst();
  }

  /** Certificates by name of the node. */
  public Map<String, X509Certificate> nodes() {
    Map<String, X509Certificate> nodes = new TreeMap<>();
    if (Files.isDirectory(root.resolve("nodes"))) {
      try (Stream<Path> folders = Files.list(root.resolve("nodes"))) {
        for (Path folder : (Iterable<Path>) folders::iterator) {
          Path file = folder.resolve(KeyFiles.CERTIFICATE);
          if (Files.exists(file)) {
            nodes.put(
                String.valueOf(folder.getFileName()),
                Pem.certificates(KeyFiles.text(folder, KeyFiles.CERTIFICATE), file).getFirst());
          }
        }
      } catch (IOException e) {
        throw new KeysException("[%s]: can't be listed (%s)".formatted(root, e), e);
      }
    }
    return nodes;
  }

  /** Host names and addresses in a certificate. */
  public static List<String> hosts(X509Certificate certificate) {
    return Names.of(certificate);
  }

  private Authority authority() {
    X509Certificate certificate = authorityCertificate();
    PrivateKey key =
        Pem.privateKey(
            KeyFiles.text(root, AUTHORITY_KEY),
            certificate.getPublicKey(),
            root.resolve(AUTHORITY_KEY));
    return new Authority(certificate, key);
  }

  private static List<String> names(String name, List<String> hosts, Path folder) {
    List<String> names = new ArrayList<>(List.of(name));
    Path earlier = folder.resolve(KeyFiles.CERTIFICATE);
    if (hosts.isEmpty() && Files.exists(earlier)) {
      names.addAll(
          Names.of(
              Pem.certificates(KeyFiles.text(folder, KeyFiles.CERTIFICATE), earlier).getFirst()));
    }
    for (String host : hosts) {
      if (Names.address(host).isEmpty() && !HOST.matcher(host).matches()) {
        throw new KeysException(
            "got the host [%s], expected a name or an address without a port".formatted(host));
      }
      names.add(host);
    }
    return names.stream().distinct().toList();
  }

  /** Each file is there whole or not at all; a node that reads between two waits for the second. */
  private static void write(Path folder, Map<String, String> texts) {
    try {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(DIRECTORY));
      for (Map.Entry<String, String> entry : new TreeMap<>(texts).entrySet()) {
        Path file = folder.resolve(entry.getKey());
        Path aside = folder.resolve(entry.getKey() + ".tmp");
        Files.deleteIfExists(aside);
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(FILE));
        Files.writeString(aside, entry.getValue(), StandardCharsets.US_ASCII);
        Files.move(
            aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new KeysException("[%s]: keys can't be written (%s)".formatted(folder, e), e);
    }
  }
}
