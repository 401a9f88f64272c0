/** Tests of clients, against servers of clusters that never were. */
@NullMarked
package dev.troupe.deploy.client;

import org.jspecify.annotations.NullMarked;
