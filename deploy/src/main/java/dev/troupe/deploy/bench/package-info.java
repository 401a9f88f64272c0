/** How fast this machine samples, trains and writes, beside what others reach on it. */
@NullMarked
package dev.troupe.deploy.bench;

import org.jspecify.annotations.NullMarked;
