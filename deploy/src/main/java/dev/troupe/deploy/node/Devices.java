package dev.troupe.deploy.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Devices that a node offers. */
public final class Devices {
  private Devices() {}

  /**
   * Reads a list such as {@code cpu,cuda:0}.
   *
   * @param present devices of this machine; asked only where one beside the CPU is named
   * @throws NodeRefusedException naming a device that isn't there
   */
  public static List<String> parse(String text, Supplier<List<String>> present) {
    List<String> devices = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String device = part.strip().equals("cuda") ? "cuda:0" : part.strip();
      if (!device.matches("cpu|cuda:[0-9]{1,3}")) {
        throw new NodeRefusedException(
            "--devices: got [" + part.strip() + "], expected cpu or cuda:0, cuda:1 and so on");
      }
      if (!device.equals("cpu") && !present.get().contains(device)) {
        throw new NodeRefusedException(
            "--devices: there is no ["
                + device
                + "]; this machine has "
                + String.join(", ", present.get())
                + ". ./troupe doctor says what is missing");
      }
      if (devices.contains(device)) {
        throw new NodeRefusedException("--devices: [" + device + "] is named twice");
      }
      devices.add(device);
    }
    return List.copyOf(devices);
  }

  /** Rollout actors that there is room for where nobody says. */
  public static int slots(List<String> devices, int processors, boolean learns) {
    long cards = devices.stream().filter(device -> device.startsWith("cuda")).count();
    return cards > 0 ? (int) cards : Math.max(1, learns ? processors - 1 : processors);
  }
}
