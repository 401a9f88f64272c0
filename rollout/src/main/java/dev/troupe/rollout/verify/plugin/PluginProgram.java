package dev.troupe.rollout.verify.plugin;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.proto.PluginOpen;
import dev.troupe.protocol.proto.VerifierWorkerReply;
import dev.troupe.protocol.proto.VerifierWorkerRequest;
import dev.troupe.rollout.process.WorkerLostException;
import dev.troupe.rollout.process.WorkerProcess;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.SettingProblem;
import dev.troupe.rollout.verify.worker.Program;
import dev.troupe.rollout.verify.worker.RefusedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JVM of its own for a jar.
 *
 * @param jar its content
 * @param name what messages call the jar
 * @param verifier of the jar: name or class; empty = the only one
 * @param settings of the verifier, JSON; none = all verifiers are to be described
 * @param memory MB of heap
 */
record PluginProgram(
    ByteString jar, String name, String verifier, Optional<String> settings, int memory)
    implements Program {
  private static final int DESCRIBING_MEMORY = 64;

  /** All verifiers of a jar, asked in a process of its own. */
  static List<PluginDescription> describe(ByteString jar, String name) throws RefusedException {
    return new PluginProgram(jar, name, "", Optional.empty(), DESCRIBING_MEMORY)
        .reply().getPluginsList().stream().map(PluginMessages::description).toList();
  }

  /**
   * What its verifier says when it is opened, in a process of its own.
   *
   * @throws BadSettingsException with what is wrong with its settings
   */
  dev.troupe.protocol.proto.PluginDescription opened() throws RefusedException {
    return reply().getPlugins(0);
  }

  private VerifierWorkerReply reply() throws RefusedException {
    try (WorkerProcess process = start()) {
      VerifierWorkerReply reply =
          process.ask(open(), VerifierWorkerReply.parser(), WorkerProcess.START_MAX);
      List<SettingProblem> problems = PluginMessages.problems(reply);
      if (!problems.isEmpty()) {
        throw new BadSettingsException(problems);
      }
      if (!reply.getRefusal().isEmpty()) {
        throw new RefusedException(reply.getRefusal() + process.said());
      }
      return reply;
    } catch (WorkerLostException e) {
      throw new RefusedException("[" + name + "]: " + e.getMessage());
    }
  }

  @Override
  public WorkerProcess start() throws WorkerLostException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return WorkerProcess.start(
        new WorkerProcess.Launch(
            "its JVM",
            "JVM [" + java + "]",
            _ ->
                List.of(
                    java,
                    "-Xmx" + memory + "m",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:-UsePerfData",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dstdout.encoding=UTF-8",
                    "-Dstderr.encoding=UTF-8",
                    "-cp",
                    System.getProperty("java.class.path"),
                    PluginWorker.class.getName()),
            Map.of()));
  }

  @Override
  public VerifierWorkerRequest open() {
    var open = PluginOpen.newBuilder().setJar(jar).setName(name).setVerifier(verifier);
    settings.ifPresent(open::setSettings);
    return VerifierWorkerRequest.newBuilder().setPlugin(open).build();
  }
}
