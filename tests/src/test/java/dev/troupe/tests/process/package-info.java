/** Whole runs of the product as processes of their own: killed, damaged, resumed, audited. */
@NullMarked
package dev.troupe.tests.process;

import org.jspecify.annotations.NullMarked;
