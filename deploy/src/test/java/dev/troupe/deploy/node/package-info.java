/** Tests of how a node finds its addresses, devices and peers. */
@NullMarked
package dev.troupe.deploy.node;

import org.jspecify.annotations.NullMarked;
