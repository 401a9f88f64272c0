package dev.troupe.actors.runs;

/**
 * What a run gets of a node.
 *
 * @param node its name
 * @param ref where it is reached
 * @param rollouts rollout actors
 * @param rewards whether it verifies
 * @param learner whether the learner lives there
 */
record Allotment<N>(String node, N ref, int rollouts, boolean rewards, boolean learner) {}
