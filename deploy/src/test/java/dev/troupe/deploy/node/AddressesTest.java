package dev.troupe.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.cluster.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressesTest {
  @Test
  void portZeroTakesThreeFreePortsInARow() {
    Addresses addresses = Addresses.free(new HostPort("127.0.0.1", 0));

    int port = addresses.cluster().port();
    assertThat(port).isPositive();
    assertThat(addresses.api()).isEqualTo(new HostPort("127.0.0.1", port + 1));
    assertThat(addresses.data()).isEqualTo(new HostPort("127.0.0.1", port + 2));
  }

  @Test
  void aPortInUseIsRefusedWithWhatToDo() throws IOException {
    Addresses free = Addresses.free(new HostPort("127.0.0.1", 0));
    try (ServerSocket _ =
        new ServerSocket(free.data().port(), 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Addresses.free(free.cluster()))
          .isInstanceOf(NodeRefusedException.class)
          .hasMessageContaining("port [" + free.data().port() + "] on [127.0.0.1] is in use")
          .hasMessageContaining("--bind HOST:PORT");
    }
  }

  @Test
  void addressesThatOthersCantUseAreRefused() {
    assertThatThrownBy(() -> Addresses.free(new HostPort("0.0.0.0", 7355)))
        .hasMessageContaining("other nodes need one address");
    assertThatThrownBy(() -> Addresses.free(new HostPort("192.0.2.1", 7355)))
        .hasMessageContaining("can't listen on port [7355]");
    assertThatThrownBy(() -> Addresses.free(new HostPort("127.0.0.1", 65_535)))
        .hasMessageContaining("at most 65533");
  }

  @Test
  void aDeviceThatIsNotThereIsRefusedWithThoseThatAre() {
    assertThat(Devices.parse("cpu", List::of)).containsExactly("cpu");
    assertThat(Devices.parse("cuda, cuda:1", () -> List.of("cpu", "cuda:0", "cuda:1")))
        .containsExactly("cuda:0", "cuda:1");
    assertThatThrownBy(() -> Devices.parse("cuda:2", () -> List.of("cpu", "cuda:0")))
        .isInstanceOf(NodeRefusedException.class)
        .hasMessageContaining("there is no [cuda:2]; this machine has cpu, cuda:0");
    assertThatThrownBy(() -> Devices.parse("gpu", List::of)).hasMessageContaining("got [gpu]");
    assertThatThrownBy(() -> Devices.parse("cpu,cpu", List::of)).hasMessageContaining("twice");
  }

  @Test
  void slotsAreOneAGpuOrOneACoreThatNoLearnerNeeds() {
    assertThat(Devices.slots(List.of("cuda:0", "cuda:1"), 64, true)).isEqualTo(2);
    assertThat(Devices.slots(List.of("cpu"), 8, false)).isEqualTo(8);
    assertThat(Devices.slots(List.of("cpu"), 8, true)).isEqualTo(7);
    assertThat(Devices.slots(List.of("cpu"), 1, true)).isEqualTo(1);
  }
}
