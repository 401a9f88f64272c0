package dev.troupe.actors.journal;

import java.nio.file.Path;

/** The journal is damaged where it was accepted: nothing is cut off, a person has to look. */
public final class DamagedJournalException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String file;
  private final long offset;

  DamagedJournalException(Path file, long offset, String why) {
    super(
        "journal segment ["
            + file
            + "] is damaged at byte ["
            + offset
            + "]: "
            + why
            + "; restore this file from a copy, or start a new run from the last checkpoint with"
            + " init-from");
    this.file = file.toString();
    this.offset = offset;
  }

  public String file() {
    return file;
  }

  public long offset() {
    return offset;
  }
}
