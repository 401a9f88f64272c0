/** Verdicts of reward servers that are asked over HTTP. */
@NullMarked
package dev.troupe.rollout.verify.http;

import org.jspecify.annotations.NullMarked;
