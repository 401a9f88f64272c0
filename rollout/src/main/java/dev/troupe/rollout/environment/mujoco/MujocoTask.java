package dev.troupe.rollout.environment.mujoco;

/**
 * A task of Gymnasium's.
 *
 * @param id by which Gymnasium names it
 * @param model file name among Gymnasium's models
 * @param sha256 of that file
 * @param frameSkip steps of the physics in a step of the task
 * @param camera from where it is looked at
 */
record MujocoTask(String id, String model, String sha256, int frameSkip, Camera camera) {}
