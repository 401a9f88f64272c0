package dev.troupe.actors.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether a node's key files are fit for use; what isn't is named, with the remedy. */
record KeyChecks(KeyFiles files, Instant now) {
  private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USE = "2.5.29.37.0";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int CERTIFICATE_SIGNING = 5;
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  void check(List<X509Certificate> authorities, List<X509Certificate> chain, PrivateKey key) {
    authorities.forEach(authority -> checkAuthority(authority, files.authorityFile()));
    checkDates(chain, files.certificateFile());
    checkPair(chain.getFirst(), key);
    checkUse(chain.getFirst());
    if (Names.of(chain.getFirst()).isEmpty()) {
      throw new KeysException(
          "[%s]: got a certificate of [%s] without subject alternative names, expected the host names and addresses of the node there; make it again, naming them: ./troupe keys node NAME --host HOST"
              .formatted(files.certificateFile(), subject(chain.getFirst())));
    }
    checkPath(authorities, chain);
  }

  private void checkAuthority(X509Certificate authority, Path file) {
    boolean[] usage = authority.getKeyUsage();
    if (authority.getBasicConstraints() < 0 || (usage != null && !usage[CERTIFICATE_SIGNING])) {
      throw new KeysException(
          "[%s]: got the certificate of [%s], expected one of an authority, that may sign others; copy ca.crt from the machine that has the authority"
              .formatted(file, subject(authority)));
    }
    checkDates(List.of(authority), file);
  }

  private void checkDates(List<X509Certificate> certificates, Path file) {
    for (X509Certificate certificate : certificates) {
      Instant from = certificate.getNotBefore().toInstant();
      Instant until = certificate.getNotAfter().toInstant();
      if (now.isAfter(until)) {
        throw new KeysException(
            "[%s]: got a certificate of [%s] that expired at [%s], expected one that is valid now, at [%s]; %s"
                .formatted(file, subject(certificate), until, now, renewal(certificate)));
      }
      if (now.isBefore(from)) {
        throw new KeysException(
            "[%s]: got a certificate of [%s] that is not valid before [%s], expected one that is valid now, at [%s]; is this machine's clock right?"
                .formatted(file, subject(certificate), from, now));
      }
    }
  }

  private static String renewal(X509Certificate certificate) {
    return certificate.getBasicConstraints() < 0
        ? "renew it on the machine that has the authority: ./troupe keys node NAME --force"
        : "begin with a new authority: ./troupe keys init --force, then keys node for every node";
  }

  private void checkPair(X509Certificate certificate, PrivateKey key) {
    String algorithm = certificate.getPublicKey().getAlgorithm();
    String signing = SIGNATURES.get(algorithm);
    if (signing == null) {
      throw new KeysException(
          "[%s]: got a key of kind [%s], expected one of %s"
              .formatted(
                  files.certificateFile(),
                  algorithm,
                  SIGNATURES.keySet().stream().sorted().toList()));
    }
    try {
      byte[] text = "whose key is this?".getBytes(StandardCharsets.US_ASCII);
      Signature signature = Signature.getInstance(signing);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw mismatch(certificate, e.toString());
    }
    throw mismatch(certificate, "its signatures don't fit the certificate");
  }

  private KeysException mismatch(X509Certificate certificate, String why) {
    return new KeysException(
        "[%s]: got another certificate's key (%s), expected that of [%s] in [%s]; copy both files from one call of: ./troupe keys node NAME"
            .formatted(files.keyFile(), why, subject(certificate), files.certificateFile()));
  }

  private void checkUse(X509Certificate certificate) {
    if (certificate.getBasicConstraints() >= 0) {
      throw wrongUse(certificate, "an authority's own rights");
    }
    boolean[] usage = certificate.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE]) {
      throw wrongUse(certificate, "a key usage without digitalSignature");
    }
    try {
      List<String> uses = certificate.getExtendedKeyUsage();
      if (uses != null
          && !uses.contains(ANY_USE)
          && !(uses.contains(SERVER_USE) && uses.contains(CLIENT_USE))) {
        throw wrongUse(certificate, "the extended key usage " + uses);
      }
    } catch (CertificateParsingException e) {
      throw wrongUse(certificate, "an extended key usage that can't be read");
    }
  }

  private KeysException wrongUse(X509Certificate certificate, String got) {
    return new KeysException(
        "[%s]: got a certificate of [%s] with %s, expected one for both ends of a connection (digitalSignature, serverAuth and clientAuth); make it again: ./troupe keys node NAME --force, or ask your authority for both uses"
            .formatted(files.certificateFile(), subject(certificate), got));
  }

  private void checkPath(List<X509Certificate> authorities, List<X509Certificate> chain) {
    try {
      PKIXParameters parameters =
          new PKIXParameters(
              authorities.stream()
                  .map(authority -> new TrustAnchor(authority, null))
                  .collect(Collectors.toSet()));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      List<X509Certificate> path =
          chain.stream().filter(certificate -> !authorities.contains(certificate)).toList();
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (GeneralSecurityException e) {
      throw new KeysException(
          "[%s]: got a certificate of [%s] that [%s] signed, expected one signed by %s of [%s] (%s); copy all three files from one call of: ./troupe keys node NAME, or add the authority's certificate to ca.crt"
              .formatted(
                  files.certificateFile(),
                  subject(chain.getFirst()),
                  chain.getLast().getIssuerX500Principal(),
                  authorities.stream().map(a -> "[" + subject(a) + "]").toList(),
                  files.authorityFile(),
                  e.getMessage()),
          e);
    }
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
