/** Tests of what several runs say together. */
@NullMarked
package dev.troupe.deploy.statistics;

import org.jspecify.annotations.NullMarked;
