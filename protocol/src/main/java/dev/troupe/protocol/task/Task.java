package dev.troupe.protocol.task;

import dev.troupe.protocol.check.Check;

/**
 * Something to attempt.
 *
 * @param number position in its source; the same number of the same source is always the same task
 * @param source name of the source, for example {@code sums} or a file's content hash
 * @param difficulty label by which drops and accuracy are reported, for example {@code 2 digits, 1
 *     carry}
 * @param content prompt or environment
 */
public record Task(long number, String source, String difficulty, TaskContent content) {
  public Task {
    Check.atLeast("number", 0, number);
  }
}
