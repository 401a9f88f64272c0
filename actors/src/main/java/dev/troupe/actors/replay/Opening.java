package dev.troupe.actors.replay;

import dev.troupe.actors.journal.Books;
import dev.troupe.actors.journal.JournalFailure;
import dev.troupe.actors.journal.JournalListener;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.run.RunSpecification;
import org.apache.pekko.actor.typed.ActorRef;

/** Opens a run's books for a life of the replay actor, on the thread for input and output. */
record Opening(ReplayActor.Surroundings with, ActorRef<ReplayActor.Command> self, long life) {
  ReplayActor.Opened open() {
    RunSpecification specification = with.specification();
    Replay opening =
        new Replay(
            specification.replay(),
            specification.reward(),
            LedgerRules.of(specification),
            with.tasks(),
            with.verifier());
    KeptStates states = KeptStates.of(specification.replay());
    Books.Opened opened =
        Books.open(
            with.directory().journal(),
            with.directory().epochs(),
            with.owner(),
            opening,
            specification.replay(),
            with.options().clock().millis(),
            with.machine(),
            with.options().nanos().getAsLong(),
            () -> with.directory().root().toFile().getUsableSpace(),
            with.options().threads(),
            listener(states));
    states.opened();
    return new ReplayActor.Opened(opened, opening, states);
  }

  private JournalListener listener(KeptStates states) {
    return new JournalListener() {
      @Override
      public void recovered(LedgerEvent event) {
        states.happened(event);
      }

      @Override
      public void synced(long position) {
        self.tell(new ReplayActor.FromLife(life, new ReplayActor.Synced(position)));
      }

      @Override
      public void failed(JournalFailure failure) {
        self.tell(new ReplayActor.FromLife(life, new ReplayActor.JournalFailed(failure)));
      }

      @Override
      public void diskLow(boolean low, long freeBytes) {
        self.tell(new ReplayActor.FromLife(life, new ReplayActor.DiskSeen(low, freeBytes)));
      }

      @Override
      public void beforeSync() {
        with.options().crashHook().accept(CrashPoint.BEFORE_SYNC);
      }
    };
  }
}
