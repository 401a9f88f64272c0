package dev.troupe.protocol.codec;

import com.google.protobuf.ProtocolMessageEnum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A record's enum {@code J} on the wire as {@code P}. The mapping is written out as an exhaustive
 * switch, so that neither order nor names decide it; the way back is derived, and numbers that
 * nothing maps to, 0 among them, are refused.
 */
final class EnumMapping<J extends Enum<J>, P extends ProtocolMessageEnum> {
  private final Function<J, P> toWire;
  private final Map<Integer, J> byNumber = new HashMap<>();
  private final List<String> known = new ArrayList<>();

  private EnumMapping(J[] values, Function<J, P> toWire) {
    this.toWire = toWire;
    for (J value : values) {
      int number = toWire.apply(value).getNumber();
      J other = byNumber.put(number, value);
      if (number <= 0 || other != null) {
        throw new IllegalStateException(
            "number ["
                + number
                + "] of "
                + value
                + " must be above 0 and its own, got taken by ["
                + other
                + "]");
      }
      known.add(number + " = " + value);
    }
  }

  static <J extends Enum<J>, P extends ProtocolMessageEnum> EnumMapping<J, P> of(
      J[] values, Function<J, P> toWire) {
    return new EnumMapping<>(Arrays.copyOf(values, values.length), toWire);
  }

  P wire(J value) {
    return toWire.apply(value);
  }

  J read(Where where, String field, int number) {
    J value = byNumber.get(number);
    if (value == null) {
      throw where.in(field).refuse("one of " + known, Integer.toString(number));
    }
    return value;
  }
}
