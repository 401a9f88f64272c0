/** What people run Troupe's nodes with: manifests, units, scripts, alerts. */
@NullMarked
package dev.troupe.tests.ops;

import org.jspecify.annotations.NullMarked;
