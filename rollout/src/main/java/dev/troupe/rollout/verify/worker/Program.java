package dev.troupe.rollout.verify.worker;

import dev.troupe.protocol.proto.VerifierWorkerRequest;
import dev.troupe.rollout.process.WorkerLostException;
import dev.troupe.rollout.process.WorkerProcess;

/** A program that judges answers, in the messages of verifier_worker.proto. */
public interface Program {
  /** Starts it. */
  WorkerProcess start() throws WorkerLostException, RefusedException;

  /** What it is asked first of all. */
  VerifierWorkerRequest open() throws RefusedException;
}
