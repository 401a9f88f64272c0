package dev.troupe.actors.journal;

import java.nio.file.Path;

/** Why a journal writer stopped. Nothing that it hadn't reported as synced may be acknowledged. */
public sealed interface JournalFailure {

  /** For people: what happened and what to do. */
  String message();

  /** The disk is full. */
  record DiskFull(Path file, String error) implements JournalFailure {
    @Override
    public String message() {
      return "the disk is full: writing journal segment ["
          + file
          + "] failed with ["
          + error
          + "]; free some space and resume the run";
    }
  }

  /** Writing or syncing failed otherwise; after a failed sync nothing is known about the disk. */
  record Broken(Path file, String error) implements JournalFailure {
    @Override
    public String message() {
      return "writing journal segment ["
          + file
          + "] failed with ["
          + error
          + "]; check the storage and resume the run";
    }
  }

  /** A newer writer has claimed an epoch: this one is void from here on. */
  record Fenced(int epoch, int newerEpoch) implements JournalFailure {
    @Override
    public String message() {
      return "epoch ["
          + epoch
          + "] is over: a newer writer claimed epoch ["
          + newerEpoch
          + "]; this one acknowledges nothing any more";
    }
  }

  /** A record can't be encoded: a fault in this program. */
  record Unwritable(String error) implements JournalFailure {
    @Override
    public String message() {
      return "a record can't be encoded: " + error;
    }
  }
}
