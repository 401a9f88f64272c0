/** A run as its followers see it: its events folded into one picture. */
@NullMarked
package dev.troupe.deploy.watch;

import org.jspecify.annotations.NullMarked;
