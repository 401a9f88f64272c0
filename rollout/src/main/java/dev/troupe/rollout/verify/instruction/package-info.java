/** Whether answers follow instructions that can be checked: the constraints of IFEval. */
@NullMarked
package dev.troupe.rollout.verify.instruction;

import org.jspecify.annotations.NullMarked;
