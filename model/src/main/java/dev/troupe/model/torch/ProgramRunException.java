package dev.troupe.model.torch;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A program that failed while it ran. The message has the innermost of its lines and one reason.
 */
public final class ProgramRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What may go well the next time: memory and devices, not the program. */
  private static final List<String> PASSING =
      List.of("out of memory", "allocate memory", "cuda error", "cudnn", "cublas", "cuda driver");

  private final transient Complaint complaint;

  ProgramRunException(String program, String method, Complaint complaint, Throwable cause) {
    super(
        "program ["
            + program
            + "], method ["
            + method
            + "] failed: "
            + (complaint.frames().isEmpty() ? "" : complaint.frames().getLast().words() + ": ")
            + complaint.sentence(),
        cause);
    this.complaint = complaint;
  }

  /** What was wrong, without where. */
  public String words() {
    return complaint.sentence();
  }

  /** The innermost line of {@code source} that it came through, with its text, for messages. */
  public Optional<String> lineIn(String source) {
    return complaint.frames().reversed().stream()
        .filter(frame -> frame.source().equals(source))
        .findFirst()
        .map(Complaint.Frame::words);
  }

  /** Whether the same call would fail in the same way again. */
  public boolean isLasting() {
    String sentence = complaint.sentence().toLowerCase(Locale.ROOT);
    return PASSING.stream().noneMatch(sentence::contains);
  }
}
