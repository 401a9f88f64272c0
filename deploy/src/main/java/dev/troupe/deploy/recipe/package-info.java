/** Recipes: HOCON files, bound strictly to a run's specification. */
@NullMarked
package dev.troupe.deploy.recipe;

import org.jspecify.annotations.NullMarked;
