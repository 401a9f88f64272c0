/**
 * Runs Python that nobody trusts: in namespaces of its own, within limits, with nothing left
 * behind.
 */
@NullMarked
package dev.troupe.rollout.sandbox;

import org.jspecify.annotations.NullMarked;
