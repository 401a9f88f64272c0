package dev.troupe.deploy.command;

import dev.troupe.deploy.doctor.Doctor;
import dev.troupe.deploy.doctor.Finding;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Examines this machine. */
@Command(
    name = "doctor",
    header = "Tells whether this machine can train, what is missing and how to mend it.",
    footer = {"%nExample:", "  ./troupe doctor"})
final class DoctorCommand implements Callable<Integer> {
  private final Console console;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Doctor doctor = new Doctor(System.getenv(), Home.path(), Path.of("").toAbsolutePath());
    List<Finding> findings = doctor.examine();
    for (Finding finding : findings) {
      String mark =
          switch (finding.verdict()) {
            case GOOD -> console.good("ok  ");
            case MEDIOCRE -> console.warning("note");
            case BAD -> console.bad("BAD ");
          };
      console.format("%s  %-18s %s", mark, finding.subject(), finding.found());
      if (!finding.remedy().isEmpty()) {
        console.format("      %-18s %s", "", console.bold(finding.remedy()));
      }
    }
    boolean bad = findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.BAD);
    console.line("");
    console.line(
        bad ? "Training can't work before what is BAD is mended." : "This machine can train.");
    return bad ? ExitCode.FAILED : ExitCode.DONE;
  }
}
