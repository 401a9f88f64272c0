package dev.troupe.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class TorchProgramTest {
  private static final String TRAIN =
      """
      class Program(Module):
          def step(self, x: Tensor, y: Tensor, w: List[Tensor]) -> float:
              torch.set_grad_enabled(True)
              p = annotate(List[Tensor], [])
              for t in w:
                  p.append(t.detach().requires_grad_(True))
              loss = error(forward(x, p), y)
              g = torch.grad([loss], p)
              for i in range(len(w)):
                  d = g[i]
                  if d is not None:
                      torch.sub_(w[i], d, alpha=0.1)
              return float(loss.detach())
      """;
  private static final String NETWORK =
      """
      # A network of two layers.
      def forward(x: Tensor, w: List[Tensor]) -> Tensor:
          return torch.linear(torch.tanh(torch.linear(x, w[0], w[1])), w[2], w[3])
      """;
  private static final String LOSS =
      """
      def error(x: Tensor, y: Tensor) -> Tensor:
          return torch.mean((x - y) ** 2)
      """;

  @Test
  void composesSourcesAndPassesArgumentsOfEveryKind() {
    String text =
        """
        \"""Docstrings may stand anywhere.\"""

        class Program(Module):
            \"""With attributes.\"""
            layers: int
            rate: float
            on: bool
            title: str
            sizes: List[int]
            pair: Tuple[int, float]

            def all(
                self, x: Tensor, xs: List[Tensor], n: int, f: float, b: bool, s: str, ns: List[int]
            ) -> Tuple[Tensor, List[Tensor], int, float, bool, str, List[int], List[float]]:
                # helper(is not called in a comment)
                y = helper(x) * WIDTH
                return (y, [xs[1], xs[0]], n + self.layers, f * self.rate, not b, s + self.title + " helper(", ns, [f])

            def attributes(self) -> Tuple[int, float, bool]:
                return (self.sizes[1], self.pair[1], self.on)
        """;
    try (TorchProgram program =
            TorchProgram.compile(
                "kinds",
                List.of(
                    new ProgramSource("main.py", text),
                    new ProgramSource(
                        "helper.py",
                        """
                        def helper(x: Tensor) -> Tensor:
                          return x + 1
                        """)),
                Map.of(
                    "layers",
                    3,
                    "rate",
                    0.5,
                    "on",
                    true,
                    "title",
                    "!",
                    "sizes",
                    List.of(4, 5),
                    "pair",
                    new Object[] {1, 2.5},
                    "WIDTH",
                    10L));
        Tensor x = Tensor.of(new float[] {1, 2});
        Tensor z = Tensor.of(new long[] {7});
        Result result =
            program.run("all", x, List.of(x, z), 4L, 3.0, true, "hi", new long[] {8, 9});
        Result attributes = program.run("attributes")) {
      try (Tensor y = result.tensor(0)) {
        assertThat(y.toFloats()).containsExactly(20, 30);
      }
      List<Tensor> list = result.tensors(1);
      assertThat(list.get(0).toLongs()).containsExactly(7);
      list.forEach(Tensor::close);
      assertThat(result.integer(2)).isEqualTo(7);
      assertThat(result.number(3)).isEqualTo(1.5);
      assertThat(result.truth(4)).isFalse();
      assertThat(result.text(5)).isEqualTo("hi! helper(");
      assertThat(result.integers(6)).containsExactly(8, 9);
      assertThat(result.numbers(7)).containsExactly(3.0);
      assertThat(attributes.integer(0)).isEqualTo(5);
      assertThat(attributes.number(1)).isEqualTo(2.5);
      assertThat(attributes.truth(2)).isTrue();
      assertThatThrownBy(() -> result.integer(0)).hasMessageContaining("is not a int but a Tensor");
    }
  }

  @Test
  void handsBackValuesThatOnlyProgramsUnderstand() {
    String text =
        """
        class Program(Module):
            def open(self, w: Tensor) -> Tuple[int, List[Prepacked]]:
                return (1, [ops.prepacked.linear_clamp_prepack(w, None, None, None)])

            def apply(self, x: Tensor, packed: List[Prepacked]) -> Tensor:
                return ops.prepacked.linear_clamp_run(x, packed[0])
        """;
    try (TorchProgram program =
            TorchProgram.compile("opaque", List.of(new ProgramSource("o.py", text)), Map.of());
        Tensor w = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        Tensor x = Tensor.of(new float[] {1, 10}, 1, 2)) {
      Opaque packed;
      try (Result result = program.run("open", w)) {
        packed = result.opaque(1);
        assertThatThrownBy(() -> result.opaque(1)).hasMessageContaining("was taken out");
      }
      try (packed;
          Result result = program.run("apply", x, packed);
          Tensor y = result.tensor()) {
        assertThat(y.toFloats()).containsExactly(21, 43);
      }
      assertThatThrownBy(() -> program.run("apply", x, packed)).hasMessageContaining("closed");
    }
  }

  @Test
  void compileErrorsNameProgramSourceAndLine() {
    ProgramCompileException refused =
        catchThrowableOfType(
            ProgramCompileException.class,
            () ->
                TorchProgram.compile(
                    "update",
                    List.of(
                        new ProgramSource("network.py", NETWORK),
                        new ProgramSource("train.py", TRAIN),
                        new ProgramSource(
                            "my_loss.py",
                            """
                            # mine

                            def error(x: Tensor, y: Tensor) -> Tensor:
                                return tach(x)
                            """)),
                    Map.of()));
    assertThat(refused.program()).isEqualTo("update");
    assertThat(refused.source()).isEqualTo("my_loss.py");
    assertThat(refused.line()).isEqualTo(4);
    assertThat(refused)
        .hasMessageStartingWith("program [update] does not compile: my_loss.py, line 4: ")
        .hasMessageContaining("undefined value tach");
  }

  @Test
  void namesTheLineThatEndsTooEarlyNotTheNextOne() {
    for (String rest : List.of("", "\n        # a word\n        y = x\n")) {
      ProgramCompileException refused =
          catchThrowableOfType(
              ProgramCompileException.class,
              () ->
                  TorchProgram.compile(
                      "update",
                      List.of(
                          new ProgramSource("network.py", NETWORK),
                          new ProgramSource(
                              "my_loss.py",
                              """
                              class Program(Module):
                                  def mine(self, x: Tensor) -> Tensor:
                                      return x +
                              """
                                  + rest)),
                      Map.of()));
      assertThat(refused)
          .hasMessageStartingWith("program [update] does not compile: my_loss.py, line 3: ");
    }
  }

  @Test
  void refusesWhatComposingFinds() {
    assertThatThrownBy(() -> compile("x = 3\n"))
        .hasMessageContaining("a.py, line 1: expected `def` or `class`");
    assertThatThrownBy(() -> compile(LOSS + LOSS))
        .hasMessageContaining(
            "a.py, line 3: [error] is defined a second time; first in a.py, line 1");
    assertThatThrownBy(
            () ->
                compile(
                    """
                    class Program(Module):
                      n: int
                      def f(self) -> int:
                        return 1
                    """))
        .hasMessageContaining("attribute [n] is declared but was not given");
    assertThatThrownBy(
            () ->
                compile(
                    """
                    class Program(Module):
                      def f(self) -> int:
                        return (1
                    """))
        .isInstanceOf(ProgramCompileException.class)
        .hasMessageContaining("a.py, line");
  }

  @Test
  void runtimeErrorsNameMethodAndLine() {
    try (TorchProgram program =
            compile(
                """
                class Program(Module):
                  def f(self, x: Tensor) -> Tensor:
                    return g(x)

                def g(x: Tensor) -> Tensor:
                  return x.view([3])
                """);
        Tensor x = Tensor.of(new float[] {1, 2})) {
      assertThatThrownBy(() -> program.run("f", x))
          .isInstanceOf(ProgramRunException.class)
          .hasMessageContaining("program [test], method [f] failed")
          .hasMessageContaining(
              "failed: a.py, line 6 [return x.view([3])]: shape '[3]' is invalid");
      assertThatThrownBy(() -> program.run("f", new Object()))
          .hasMessageContaining("argument [0] of program [test], method [f] must be a tensor");
      assertThatThrownBy(() -> program.run("nowhere", x)).isInstanceOf(ProgramRunException.class);
    }
  }

  @Test
  void everyParameterMovesInEveryCallOnEveryThread() throws Exception {
    try (TorchProgram program = trainer();
        ExecutorService threads = Executors.newFixedThreadPool(4, TorchRuntime.threads("train"))) {
      List<Future<?>> futures = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        futures.add(threads.submit(() -> trainAndCheck(program)));
      }
      for (int thread = 0; thread < 2; thread++) {
        Thread plain = new Thread(() -> trainAndCheck(program));
        plain.start();
        plain.join();
      }
      Thread.startVirtualThread(() -> trainAndCheck(program)).join();
      for (Future<?> future : futures) {
        future.get();
      }
    }
  }

  private static void trainAndCheck(TorchProgram program) {
    List<Tensor> weights = weights();
    try (Tensor x = Tensor.of(new float[] {.1f, .2f, .3f, -.4f}, 2, 2);
        Tensor y = Tensor.of(new float[] {1, -1}, 2, 1)) {
      double loss = Double.MAX_VALUE;
      for (int call = 0; call < 6; call++) {
        List<float[]> before = weights.stream().map(Tensor::toFloats).toList();
        try (Result result = program.run("step", x, y, weights)) {
          assertThat(result.number(0)).isLessThan(loss);
          loss = result.number(0);
        }
        for (int i = 0; i < before.size(); i++) {
          assertThat(weights.get(i).toFloats())
              .as("parameter " + i + ", call " + call)
              .isNotEqualTo(before.get(i));
        }
      }
    }
    weights.forEach(Tensor::close);
  }

  @Test
  void callsLeaveNoMemoryBehindAndAreCheap() throws IOException {
    try (TorchProgram program = trainer();
        Tensor x = Tensor.of(new float[4096 * 2], 4096, 2);
        Tensor y = Tensor.of(new float[4096], 4096, 1)) {
      List<Tensor> weights = weights();
      float[] values = new float[4096];
      Runnable call =
          () -> {
            try (Result result = program.run("step", x, y, weights);
                Tensor input = Tensor.of(values)) {
              assertThat(result.number(0)).isNotNaN();
              assertThat(input.shape()).containsExactly(4096);
            }
          };
      for (int i = 0; i < 1_000; i++) {
        call.run();
      }
      long before = residentKilobytes();
      for (int i = 0; i < 10_000; i++) {
        call.run();
      }
      // One leaked tensor a call would be 160 MB.
      assertThat(residentKilobytes() - before).isLessThan(80_000);
      weights.forEach(Tensor::close);
    }
  }

  @Test
  void aCallCostsLittle() {
    try (TorchProgram program =
            compile(
                """
                class Program(Module):
                  def f(self, x: Tensor, xs: List[Tensor]) -> Tensor:
                    return x
                """);
        Tensor x = Tensor.of(new float[] {1})) {
      List<Tensor> many = java.util.Collections.nCopies(60, x);
      ThreadMXBean clock = ManagementFactory.getThreadMXBean();
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long start = clock.getCurrentThreadCpuTime();
        for (int i = 0; i < 1_000; i++) {
          try (Result result = program.run("f", x, many);
              Tensor y = result.tensor()) {
            assertThat(y).isNotNull();
          }
        }
        best = Math.min(best, (clock.getCurrentThreadCpuTime() - start) / 1_000);
      }
      assertThat(best).isLessThan(30_000);
    }
  }

  private static TorchProgram compile(String text) {
    return TorchProgram.compile("test", List.of(new ProgramSource("a.py", text)), Map.of());
  }

  private static TorchProgram trainer() {
    return TorchProgram.compile(
        "trainer",
        List.of(
            new ProgramSource("train.py", TRAIN),
            new ProgramSource("network.py", NETWORK),
            new ProgramSource("loss.py", LOSS)),
        Map.of());
  }

  private static List<Tensor> weights() {
    return List.of(
        Tensor.of(new float[] {.5f, -.3f, .2f, .1f, .4f, -.6f}, 3, 2),
        Tensor.of(new float[] {.1f, .1f, .1f}, 3),
        Tensor.of(new float[] {.3f, .2f, -.5f}, 1, 3),
        Tensor.of(new float[] {.05f}, 1));
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
