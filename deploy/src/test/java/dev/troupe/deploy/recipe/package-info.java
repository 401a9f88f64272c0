/** Tests of recipes: defaults, everything set, and what is refused. */
@NullMarked
package dev.troupe.deploy.recipe;

import org.jspecify.annotations.NullMarked;
