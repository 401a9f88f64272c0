package dev.troupe.protocol.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Messages and enums with what each number in them means: a field's or constant's description, or
 * {@code reserved}. As text, a type to a line and its numbers indented below.
 */
record Schema(Map<String, Map<Integer, String>> types) {
  private static final String RESERVED = "reserved";

  static Schema of(Iterable<FileDescriptor> files) {
    var types = new TreeMap<String, Map<Integer, String>>();
    for (FileDescriptor file : files) {
      file.getMessageTypes().forEach(message -> add(types, message));
      file.getEnumTypes().forEach(constants -> add(types, constants));
    }
    return new Schema(types);
  }

  private static void add(Map<String, Map<Integer, String>> types, Descriptor message) {
    var numbers = new TreeMap<Integer, String>();
    for (FieldDescriptor field : message.getFields()) {
      numbers.put(field.getNumber(), describe(field));
    }
    for (DescriptorProto.ReservedRange range : message.toProto().getReservedRangeList()) {
      for (int number = range.getStart(); number < range.getEnd(); number++) {
        numbers.put(number, RESERVED);
      }
    }
    types.put("message " + message.getFullName(), numbers);
    message.getNestedTypes().forEach(nested -> add(types, nested));
    message.getEnumTypes().forEach(nested -> add(types, nested));
  }

  private static void add(Map<String, Map<Integer, String>> types, EnumDescriptor constants) {
    var numbers = new TreeMap<Integer, String>();
    for (EnumValueDescriptor constant : constants.getValues()) {
      numbers.put(constant.getNumber(), constant.getName());
    }
    for (EnumDescriptorProto.EnumReservedRange range : constants.toProto().getReservedRangeList()) {
      for (int number = range.getStart(); number <= range.getEnd(); number++) {
        numbers.put(number, RESERVED);
      }
    }
    types.put("enum " + constants.getFullName(), numbers);
  }

  private static String describe(FieldDescriptor field) {
    String type =
        switch (field.getJavaType()) {
          case MESSAGE -> field.getMessageType().getFullName();
          case ENUM -> field.getEnumType().getFullName();
          case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
              field.getType().name().toLowerCase(Locale.ROOT);
        };
    var oneof = field.getRealContainingOneof();
    String label = field.isRepeated() ? "repeated" : field.hasPresence() ? "present" : "single";
    return field.getName()
        + " "
        + type
        + " "
        + label
        + (oneof == null ? "" : " of " + oneof.getName());
  }

  static Schema parse(List<String> lines) {
    var types = new TreeMap<String, Map<Integer, String>>();
    Map<Integer, String> numbers = new TreeMap<>();
    for (String line : lines) {
      if (!line.startsWith(" ")) {
        numbers = new TreeMap<>();
        types.put(line, numbers);
      } else {
        String[] parts = line.strip().split(" ", 2);
        numbers.put(Integer.valueOf(parts[0]), parts[1]);
      }
    }
    return new Schema(types);
  }

  List<String> lines() {
    var lines = new ArrayList<String>();
    types.forEach(
        (type, numbers) -> {
          lines.add(type);
          numbers.forEach((number, meaning) -> lines.add("  " + number + " " + meaning));
        });
    return lines;
  }

  /** What bytes written by this schema would be misread as by {@code next}, or lose. */
  List<String> brokenBy(Schema next) {
    var broken = new ArrayList<String>();
    types.forEach(
        (type, numbers) -> {
          Map<Integer, String> now = next.types.get(type);
          if (now == null) {
            broken.add(type + " is gone");
            return;
          }
          numbers.forEach(
              (number, meaning) -> {
                String means = now.getOrDefault(number, "nothing");
                if (!means.equals(meaning) && !means.equals(RESERVED)) {
                  broken.add(
                      type
                          + ": number "
                          + number
                          + " meant ["
                          + meaning
                          + "], got ["
                          + means
                          + "]");
                }
              });
        });
    return broken;
  }
}
