package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.DropCount;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.GroupRange;
import dev.troupe.protocol.ledger.LedgerEvent.Summarised;
import java.util.ArrayList;
import java.util.List;

/** What came of the groups that nothing can happen to any more: numbers and ranges. */
final class ClosedGroups {
  private final GroupRanges ranges = new GroupRanges();
  private final Drops drops = new Drops();
  private long granted;
  private long consumed;

  void close(GroupAccount account) {
    ranges.add(account.group().number());
    for (int member = 0; member < account.group().size(); member++) {
      TrajectoryState state = account.state(member);
      DropReason reason = account.dropReason(member);
      if (state != null) {
        granted++;
        consumed += state == TrajectoryState.CONSUMED ? 1 : 0;
      }
      if (reason != null) {
        drops.add(reason, account.group().task().difficulty(), account.length(member));
      }
    }
  }

  void restore(Summarised summary) {
    summary.closed().forEach(range -> ranges.addRange(range.first(), range.last()));
    drops.addRows(summary.drops());
    granted = summary.granted();
    consumed = summary.consumed();
  }

  boolean contains(long group) {
    return ranges.contains(group);
  }

  int rangeCount() {
    return ranges.rangeCount();
  }

  List<GroupRange> ranges() {
    List<GroupRange> list = new ArrayList<>();
    ranges.ranges().forEach((first, last) -> list.add(new GroupRange(first, last)));
    return list;
  }

  List<DropCount> drops() {
    return drops.rows();
  }

  long granted() {
    return granted;
  }

  long consumed() {
    return consumed;
  }
}
