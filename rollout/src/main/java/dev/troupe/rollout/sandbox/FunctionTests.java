package dev.troupe.rollout.sandbox;

/**
 * A Python program and tests that call its functions. A test fails by raising.
 *
 * @param program defines the functions
 * @param context what the tests may use beside them: run before the tests, and left out if it isn't
 *     Python by itself
 * @param entry name of the function that is the program's even if {@code context} has one of that
 *     name; may be empty
 * @param tests Python
 * @param isCounted whether every assert counts as a test of its own and the next is tried when one
 *     fails; else all of it is one test
 * @param isApart whether the tests run in a process of their own, which the program can't reach and
 *     to which only plain data comes
 */
public record FunctionTests(
    String program,
    String context,
    String entry,
    String tests,
    boolean isCounted,
    boolean isApart) {}
