/** What spans modules: architecture rules, whole runs, faults. */
@NullMarked
package dev.troupe.tests;

import org.jspecify.annotations.NullMarked;
