/** Tests of what a terminal shows. */
@NullMarked
package dev.troupe.deploy.terminal;

import org.jspecify.annotations.NullMarked;
