package dev.troupe.actors.security;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and private keys as PEM text (RFC 7468). */
final class Pem {
  private static final String DASHES = "-----";
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  private Pem() {}

  static String text(X509Certificate certificate) {
    try {
      return block(CERTIFICATE, certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that can't be written", e);
    }
  }

  static String text(PrivateKey key) {
    return block(PRIVATE_KEY, key.getEncoded());
  }

  /**
   * All certificates in a file's text, in their order.
   *
   * @param file where {@code text} comes from, for messages
   */
  static List<X509Certificate> certificates(String text, Path file) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(text)) {
      if (block.label().equals(CERTIFICATE)) {
        certificates.add(certificate(block, file));
      }
    }
    if (certificates.isEmpty()) {
      throw new KeysException(
          "[%s]: got [%s], expected PEM text with -----BEGIN CERTIFICATE-----"
              .formatted(file, summary(text)));
    }
    return certificates;
  }

  /**
   * The private key in a file's text.
   *
   * @param publicKey its other half, which says of what kind it is
   */
  static PrivateKey privateKey(String text, PublicKey publicKey, Path file) {
    for (Block block : blocks(text)) {
      if (block.label().equals(PRIVATE_KEY)) {
        try {
          return KeyFactory.getInstance(publicKey.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(block.bytes(file)));
        } catch (GeneralSecurityException e) {
          throw new KeysException(
              "[%s]: got a private key that can't be read (%s), expected one of kind [%s], as the certificate's: they don't belong together, or the file is damaged; make both again"
                  .formatted(file, e.getMessage(), publicKey.getAlgorithm()),
              e);
        }
      }
    }
    throw new KeysException(
        "[%s]: got [%s], expected an unencrypted PKCS#8 key, -----BEGIN PRIVATE KEY-----; turn another form into it with: openssl pkcs8 -topk8 -nocrypt -in OLD.key -out %s"
            .formatted(file, summary(text), file.getFileName()));
  }

  private static X509Certificate certificate(Block block, Path file) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.bytes(file)));
    } catch (CertificateException e) {
      throw new KeysException(
          "[%s]: got a damaged certificate (%s), expected X.509; copy it again"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private record Block(String label, String base64) {
    byte[] bytes(Path file) {
      try {
        return Base64.getMimeDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        throw new KeysException(
            "[%s]: got a damaged block of [%s] (%s), expected base64; copy it again"
                .formatted(file, label, e.getMessage()),
            e);
      }
    }
  }

  private static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    String label = "";
    for (String line : (Iterable<String>) text.lines().map(String::strip)::iterator) {
      if (line.startsWith(DASHES + "BEGIN ") && line.endsWith(DASHES)) {
        label = line.substring(DASHES.length() + 6, line.length() - DASHES.length());
        body.setLength(0);
      } else if (line.equals(DASHES + "END " + label + DASHES)) {
        blocks.add(new Block(label, body.toString()));
        label = "";
      } else if (!label.isEmpty()) {
        body.append(line);
      }
    }
    return blocks;
  }

  /** What a file seems to be; never its content, which may be secret. */
  private static String summary(String text) {
    List<String> labels = blocks(text).stream().map(Block::label).toList();
    if (!labels.isEmpty()) {
      return String.join(", ", labels);
    }
    return text.isBlank() ? "an empty file" : "something that is no PEM text";
  }

  private static String block(String label, byte[] bytes) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }
}
