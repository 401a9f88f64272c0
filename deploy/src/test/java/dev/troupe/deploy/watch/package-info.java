/** Tests of the picture that followers have of a run. */
@NullMarked
package dev.troupe.deploy.watch;

import org.jspecify.annotations.NullMarked;
