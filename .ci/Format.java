import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Checks or applies google-java-format on every Java source of the tree.
 *
 * <p>Run by the build: {@code java -cp google-java-format.jar Format.java check|write ROOT}.
 */
public final class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    Path root = Path.of(args[1]);
    List<Path> sources;
    try (var walk = Files.walk(root)) {
      sources =
          walk.filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !root.relativize(path).toString().matches("(.*/)?(target|runs)/.*"))
              .toList();
    }
    var wrong = new ConcurrentLinkedQueue<Path>();
    sources.parallelStream()
        .forEach(
            path -> {
              try {
                String before = Files.readString(path);
                var options = JavaFormatterOptions.builder().reorderModifiers(true).build();
                String after = new Formatter(options).formatSourceAndFixImports(before);
                if (!before.equals(after)) {
                  wrong.add(root.relativize(path));
                  if (write) {
                    Files.writeString(path, after);
                  }
                }
              } catch (Exception e) {
                throw new IllegalStateException("cannot format " + path + ": " + e.getMessage(), e);
              }
            });
    if (!write && !wrong.isEmpty()) {
      wrong.stream().sorted().forEach(path -> System.err.println("not formatted: " + path));
      System.err.println("Mend with: mvn -N verify -Dformat=write");
      System.exit(1);
    }
  }
}
