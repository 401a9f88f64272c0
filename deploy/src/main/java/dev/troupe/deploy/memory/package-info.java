/** What a process that runs for days does about its memory. */
@NullMarked
package dev.troupe.deploy.memory;

import org.jspecify.annotations.NullMarked;
