/** A run in this JVM: how it is started, followed, stopped and resumed. */
@NullMarked
package dev.troupe.actors.run;

import org.jspecify.annotations.NullMarked;
