package dev.troupe.actors.security;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Says who belongs to a cluster, by signing its nodes' certificates. Keys are of the elliptic curve
 * P-256: a handshake costs a tenth of what it does with RSA.
 */
record Authority(X509Certificate certificate, PrivateKey key) {
  private static final Duration LIFE = Duration.ofDays(3_650);

  /** Clocks of machines differ. */
  private static final Duration VALID_BEFORE = Duration.ofMinutes(10);

  private static final int SERIAL_BITS = 120;

  /** A certificate and its private key. */
  record Issued(X509Certificate certificate, PrivateKey key) {}

  static Authority create(Instant now, SecureRandom random) {
    KeyPair pair = pair(random);
    byte[] mark = new byte[4];
    random.nextBytes(mark);
    X500Principal name = new X500Principal("CN=Troupe authority " + HexFormat.of().formatHex(mark));
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            serial(random),
            Date.from(now.minus(VALID_BEFORE)),
            Date.from(now.plus(LIFE)),
            name,
            pair.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return new Authority(sign(builder, pair.getPrivate(), random), pair.getPrivate());
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException("making an authority", e);
    }
  }

  /**
   * A node's certificate, for both ends of connections, from {@code from} to {@code until} or to
   * the authority's own end.
   *
   * @param hosts names and addresses; a name may begin with a wildcard, {@code *.example.org}
   */
  Issued issue(String name, List<String> hosts, Instant from, Instant until, SecureRandom random) {
    KeyPair pair = pair(random);
    Instant end = certificate.getNotAfter().toInstant();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate.getSubjectX500Principal(),
            serial(random),
            Date.from(from.minus(VALID_BEFORE)),
            Date.from(until.isBefore(end) ? until : end),
            new X500Principal("CN=" + name),
            pair.getPublic());
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              hosts.stream().distinct().map(Authority::name).toArray(GeneralName[]::new)));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          identifiers.createAuthorityKeyIdentifier(certificate));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          identifiers.createSubjectKeyIdentifier(pair.getPublic()));
      return new Issued(sign(builder, key, random), pair.getPrivate());
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException("making a certificate for [" + name + "]", e);
    }
  }

  private static GeneralName name(String host) {
    return Names.address(host)
        .map(address -> new GeneralName(GeneralName.iPAddress, address.getHostAddress()))
        .orElseGet(() -> new GeneralName(GeneralName.dNSName, host));
  }

  private static X509Certificate sign(
      JcaX509v3CertificateBuilder builder, PrivateKey key, SecureRandom random)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .setSecureRandom(random)
                      .build(key)));
    } catch (OperatorCreationException e) {
      throw new KeysException(
          "the authority's key can't sign (%s): expected one of kind [EC]; got [%s]"
              .formatted(e.getMessage(), key.getAlgorithm()),
          e);
    }
  }

  private static KeyPair pair(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no keys on the curve P-256", e);
    }
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS);
  }

  /** Without its secrets. */
  @Override
  public String toString() {
    return "Authority[" + certificate.getSubjectX500Principal().getName() + "]";
  }
}
