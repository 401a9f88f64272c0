/** Tests of a node's HTTP server, with a cluster that never was. */
@NullMarked
package dev.troupe.deploy.api;

import org.jspecify.annotations.NullMarked;
