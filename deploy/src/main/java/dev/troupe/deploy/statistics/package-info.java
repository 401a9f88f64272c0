/** What several runs of one experiment say together. */
@NullMarked
package dev.troupe.deploy.statistics;

import org.jspecify.annotations.NullMarked;
