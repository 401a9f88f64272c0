package dev.troupe.rollout.verify.python;

import dev.troupe.protocol.proto.PythonVerifierOpen;
import dev.troupe.protocol.proto.VerifierWorkerRequest;
import dev.troupe.rollout.environment.python.Python;
import dev.troupe.rollout.environment.python.PythonPrograms;
import dev.troupe.rollout.process.WorkerLostException;
import dev.troupe.rollout.process.WorkerProcess;
import dev.troupe.rollout.verify.worker.Program;
import dev.troupe.rollout.verify.worker.RefusedException;
import java.util.Map;

/**
 * The Python that a file's function runs in.
 *
 * @param variables of this process, which lead to Python and go to it
 */
record PythonProgram(PythonSettings settings, Map<String, String> variables) implements Program {
  private static final String FILE = "verifier_worker.py";

  PythonProgram {
    variables = Map.copyOf(variables);
  }

  @Override
  public WorkerProcess start() throws WorkerLostException, RefusedException {
    return PythonPrograms.start(python(), PythonProgram.class, FILE, variables);
  }

  private Python python() throws RefusedException {
    return settings.python().isBlank()
        ? Python.find(variables)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "there is no python3 on the path: name one in "
                            + Python.VARIABLE
                            + " or in the setting [python]"))
        : Python.named(settings.python(), "setting python");
  }

  @Override
  public VerifierWorkerRequest open() {
    return VerifierWorkerRequest.newBuilder()
        .setOpen(
            PythonVerifierOpen.newBuilder()
                .setFile(settings.name())
                .setSource(settings.source())
                .setFunction(settings.function())
                .setMemoryBytes((long) settings.memory() << 20))
        .build();
  }
}
