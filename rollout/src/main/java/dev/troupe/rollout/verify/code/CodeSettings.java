package dev.troupe.rollout.verify.code;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.rollout.sandbox.Sandbox;
import dev.troupe.rollout.sandbox.SandboxLimits;
import java.time.Duration;

/** What can be set. */
public record CodeSettings(
    @Setting(
            means =
                "What of an answer is the code: last-block or first-block (between ``` fences,"
                    + " the whole answer if there are none), or whole.",
            standard = "last-block")
        Extract extract,
    @Setting(
            means = "The score: all (1 if every test passes, else 0), or share of the tests.",
            standard = "all")
        Score score,
    @Setting(
            means =
                "Where tests of functions run: apart (in a process that the code can't reach;"
                    + " arguments and results are plain data), or inside (the code's own, which"
                    + " could forge the verdict).",
            standard = "apart")
        Tests tests,
    @Setting(
            means =
                "How outputs are compared: exact, lines (white space at the ends of lines and of"
                    + " the text doesn't count), words (no white space counts), or numbers (as"
                    + " words, numbers within the tolerance).",
            standard = "lines")
        Compare compare,
    @Setting(means = "Difference that numbers may have, absolute or relative.", standard = "1e-6")
        double tolerance,
    @Setting(
            means =
                "What code over its time is: wrong (scored 0, and learned from), or timed-out (not"
                    + " scored).",
            standard = "wrong")
        OverTime overTime,
    @Setting(means = "Time for all tests of an answer, by the clock.", standard = "4 s")
        Duration wallLimit,
    @Setting(
            means = "Processor time of each process, in whole seconds (rounded up).",
            standard = "2 s")
        Duration cpuLimit,
    @Setting(
            means = "Memory in MB: address space of each process, resident memory of all.",
            standard = "512")
        int memory,
    @Setting(means = "Processes and threads at a time.", standard = "16") int processes,
    @Setting(means = "KB that may be written to the standard output.", standard = "1024")
        int output,
    @Setting(means = "MB of files in the scratch folder.", standard = "32") int scratch,
    @Setting(
            means = "File of the Python that runs the code; empty = the first that does.",
            standard = "")
        String python,
    @Setting(
            means = "Whether code sees the packages that are installed beside Python.",
            standard = "false")
        boolean packages,
    @Setting(
            means =
                "Sandboxes at a time on a node, of all verifiers with the same Python; 0 = as many"
                    + " as it has cores.",
            standard = "0")
        int parallel) {
  private static final int WAITING_MAX = 10_000;

  public CodeSettings {
    Check.within("tolerance", 0, 1, tolerance);
    Check.positive("wallLimit", wallLimit);
    Check.positive("cpuLimit", cpuLimit);
    Check.within("memory", 64, 1 << 20, memory);
    Check.within("processes", 1, 10_000, processes);
    Check.within("output", 1, 64 << 10, output);
    Check.within("scratch", 1, 64 << 10, scratch);
    Check.within("parallel", 0, 10_000, parallel);
  }

  /** What of an answer is the code. */
  public enum Extract {
    LAST_BLOCK,
    FIRST_BLOCK,
    WHOLE
  }

  /** What is made of the tests that passed. */
  public enum Score {
    ALL,
    SHARE
  }

  /** Where tests of functions run. */
  public enum Tests {
    APART,
    INSIDE
  }

  /** How outputs are compared. */
  public enum Compare {
    EXACT,
    LINES,
    WORDS,
    NUMBERS
  }

  /** What code over its time is. */
  public enum OverTime {
    WRONG,
    TIMED_OUT
  }

  SandboxLimits limits() {
    SandboxLimits standard = SandboxLimits.STANDARD;
    long scratchBytes = (long) scratch << 20;
    return new SandboxLimits(
        wallLimit,
        cpuLimit,
        (long) memory << 20,
        processes,
        standard.openFiles(),
        scratchBytes,
        standard.files(),
        scratchBytes,
        output << 10);
  }

  Sandbox.Settings sandbox() {
    int most = parallel == 0 ? Runtime.getRuntime().availableProcessors() : parallel;
    return new Sandbox.Settings(python, packages, most, WAITING_MAX);
  }
}
