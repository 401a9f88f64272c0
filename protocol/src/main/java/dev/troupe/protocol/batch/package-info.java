/** What the learner trains on. */
@NullMarked
package dev.troupe.protocol.batch;

import org.jspecify.annotations.NullMarked;
