/** What a recipe will need and do, before it is run. */
@NullMarked
package dev.troupe.deploy.explain;

import org.jspecify.annotations.NullMarked;
