/** Judges code by running it: tests of functions, and programs with inputs and outputs. */
@NullMarked
package dev.troupe.rollout.verify.code;

import org.jspecify.annotations.NullMarked;
