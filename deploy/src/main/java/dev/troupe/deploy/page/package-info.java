/** The live page of a run, on loopback. */
@NullMarked
package dev.troupe.deploy.page;

import org.jspecify.annotations.NullMarked;
