/** Verifiers in jars of other people. */
@NullMarked
package dev.troupe.rollout.verify.plugin;

import org.jspecify.annotations.NullMarked;
