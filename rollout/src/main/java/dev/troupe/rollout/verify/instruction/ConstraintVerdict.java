package dev.troupe.rollout.verify.instruction;

/**
 * Whether a constraint is met.
 *
 * @param id as IFEval's prompt file has it
 */
public record ConstraintVerdict(String id, boolean strict, boolean loose) {}
