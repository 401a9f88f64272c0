package dev.troupe.rollout.verify.plugin;

import com.google.protobuf.ByteString;
import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.settings.OwnCode;
import dev.troupe.rollout.verify.settings.SettingProblem;
import dev.troupe.rollout.verify.worker.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What can be set. The jar is read once: from then on its content goes wherever the settings go,
 * and what its verifier says of itself stands here.
 */
public record PluginSettings(
    @Setting(means = "The jar, relative to the recipe's file; also its name in messages.")
        String jar,
    @Setting(
            means = "Name of the verifier, or its class; empty = the jar's only one.",
            standard = "")
        String verifier,
    @Setting(means = "Version that the verifier must have; empty = any.", standard = "")
        String release,
    @Setting(means = "The verifier's own settings.", standard = "{}") JsonText settings,
    @Setting(
            means = "Where it judges: in JVMs of its own, or in this process if you trust it.",
            standard = "worker")
        Isolation isolation,
    @Setting(means = "JVMs; reward.workers should be as many or more.", standard = "2") int workers,
    @Setting(means = "Answers that a JVM is handed at a time.", standard = "64") int batch,
    @Setting(means = "MB of heap that a JVM may have.", standard = "256") int memory,
    @Setting(
            means = "Content of the jar, in base 64; empty = it is read, and kept with the run.",
            standard = "")
        String content,
    @Setting(means = "SHA-256 of the jar, once it was read and its verifier opened.", standard = "")
        String sha256)
    implements OwnCode {
  /** Of a jar: it travels with the settings. */
  public static final int BYTES_MAX = 96 << 10;

  /** Where a plug-in's code runs. */
  public enum Isolation {
    WORKER,
    IN_PROCESS
  }

  public PluginSettings {
    Check.notBlank("jar", jar);
    Check.that(settings.value().isJsonObject(), "settings", "a section { name = value }", settings);
    Check.within("workers", 1, 1024, workers);
    Check.within("batch", 1, 4096, batch);
    Check.within("memory", 16, 1 << 20, memory);
    if (content.isEmpty()) {
      content = Base64.getEncoder().encodeToString(read(Path.of(jar)));
    }
    String name = String.valueOf(Path.of(jar).getFileName());
    ByteString bytes = bytes(content);
    Check.that(
        sha256.isEmpty() || sha256.equals(hash(bytes)), "sha256", "that of the content", sha256);
    if (sha256.isEmpty()) {
      var described = opened(bytes, name, verifier, settings, memory);
      Check.that(
          release.isEmpty() || release.equals(described.getVersion()),
          "release",
          "[%s], which [%s] has of [%s]"
              .formatted(described.getVersion(), name, described.getName()),
          release);
      jar = name;
      verifier = verifier.contains(".") ? verifier : described.getName();
      release = described.getVersion();
      settings = JsonText.of(JsonText.parse(described.getResolved()));
      sha256 = hash(bytes);
    }
  }

  private static byte[] read(Path file) {
    try {
      byte[] read = Files.readAllBytes(file);
      Check.that(
          read.length <= BYTES_MAX, "jar", "of at most [" + BYTES_MAX + "] bytes", read.length);
      return read;
    } catch (IOException e) {
      throw new InvalidValueException("jar", "a jar that can be read", file.toString());
    }
  }

  private static String hash(ByteString bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static ByteString bytes(String content) {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(content));
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(
          "content", "a jar in base 64", String.valueOf(e.getMessage()));
    }
  }

  /** The jar itself. */
  ByteString bytes() {
    return bytes(content);
  }

  private static dev.troupe.protocol.proto.PluginDescription opened(
      ByteString jar, String name, String verifier, JsonText settings, int memory) {
    try {
      return new PluginProgram(jar, name, verifier, Optional.of(settings.text()), memory).opened();
    } catch (RefusedException e) {
      throw new BadSettingsException(
          new SettingProblem("jar", name, "a jar with a verifier", String.valueOf(e.getMessage())));
    } catch (BadSettingsException e) {
      throw e.in("settings");
    }
  }
}
