/** What is attempted. */
@NullMarked
package dev.troupe.protocol.task;

import org.jspecify.annotations.NullMarked;
