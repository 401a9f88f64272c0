package dev.troupe.actors.security;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody else's authority, with RSA keys and one between it and the nodes, as companies have. */
final class ForeignAuthority {
  static final List<KeyPurposeId> BOTH =
      List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);

  private record Signer(X500Principal name, KeyPair pair) {}

  private final Signer top = new Signer(new X500Principal("CN=top"), pair());
  private final Signer middle = new Signer(new X500Principal("CN=middle"), pair());
  private final X509Certificate topCertificate = authority(top, top);
  private final X509Certificate middleCertificate = authority(middle, top);

  /** A node's folder. */
  void issue(Path folder, List<KeyPurposeId> uses, List<String> hosts) throws Exception {
    Signer node = new Signer(new X500Principal("CN=node"), pair());
    JcaX509v3CertificateBuilder builder = builder(node, middle);
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(uses.toArray(KeyPurposeId[]::new)));
    if (!hosts.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              hosts.stream()
                  .map(host -> new GeneralName(GeneralName.dNSName, host))
                  .toArray(GeneralName[]::new)));
    }
    TestKeys.put(folder, "ca.crt", Pem.text(topCertificate));
    TestKeys.put(
        folder, "node.crt", Pem.text(signed(builder, middle)) + Pem.text(middleCertificate));
    TestKeys.put(folder, "node.key", Pem.text(node.pair().getPrivate()));
  }

  private static X509Certificate authority(Signer subject, Signer issuer) {
    try {
      JcaX509v3CertificateBuilder builder = builder(subject, issuer);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      return signed(builder, issuer);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static JcaX509v3CertificateBuilder builder(Signer subject, Signer issuer) {
    Instant now = TestKeys.CLOCK.instant();
    return new JcaX509v3CertificateBuilder(
        issuer.name(),
        BigInteger.TWO,
        Date.from(now.minusSeconds(60)),
        Date.from(now.plusSeconds(86_400)),
        subject.name(),
        subject.pair().getPublic());
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, Signer issuer)
      throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withRSA").build(issuer.pair().getPrivate())));
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2_048);
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
