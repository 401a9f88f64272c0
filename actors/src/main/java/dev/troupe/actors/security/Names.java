package dev.troupe.actors.security;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Host names and addresses in certificates: their subject alternative names. */
final class Names {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private Names() {}

  static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
      if (entries != null) {
        for (List<?> entry : entries) {
          int kind = ((Number) entry.getFirst()).intValue();
          if (kind == DNS || kind == ADDRESS) {
            names.add(String.valueOf(entry.get(1)));
          }
        }
      }
    } catch (CertificateParsingException _) {
      // A certificate whose names can't be read has none: nobody will accept it for a host.
    }
    return List.copyOf(names);
  }

  /** Whether a certificate that names {@code names} is good for {@code host}. */
  static boolean match(List<String> names, String host) {
    Optional<InetAddress> address = address(host);
    return names.stream()
        .anyMatch(
            name ->
                address.isPresent()
                    ? address(name).equals(address)
                    : matches(name.toLowerCase(Locale.ROOT), host.toLowerCase(Locale.ROOT)));
  }

  /** A wildcard stands for one label: {@code *.troupe.svc} for {@code head-0.troupe.svc}. */
  private static boolean matches(String name, String host) {
    if (name.startsWith("*.")) {
      int dot = host.indexOf('.');
      return dot > 0 && name.substring(1).equals(host.substring(dot));
    }
    return name.equals(host);
  }

  /** The address that {@code host} is written as; empty if it is a name. */
  static Optional<InetAddress> address(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
