/** A cluster of processes that lose each other, as people run it. */
@NullMarked
package dev.troupe.tests.cluster;

import org.jspecify.annotations.NullMarked;
