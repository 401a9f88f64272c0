package dev.troupe.rollout.verify.plugin;

import dev.troupe.plugin.Verifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The classes of a jar, from memory. Beside them there are the JDK's and {@link Verifier}'s, and no
 * others.
 */
final class PluginClasses extends ClassLoader {
  /** Unpacked; what says that it is larger is no jar of a verifier. */
  private static final int BYTES_MAX = 16 << 20;

  private final Map<String, byte[]> entries = new HashMap<>();

  PluginClasses(String name, byte[] jar) throws IOException {
    super("plug-in " + name, new Interface());
    long left = BYTES_MAX;
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = in.readNBytes((int) left + 1);
        left -= content.length;
        if (left < 0) {
          throw new IOException("unpacked it has more than [" + BYTES_MAX + "] bytes");
        }
        entries.put(entry.getName(), content);
      }
    }
    if (entries.isEmpty()) {
      throw new IOException("there is nothing in it");
    }
  }

  /** The JDK, and what a plug-in sees of Troupe. */
  private static final class Interface extends ClassLoader {
    private static final String NAME = Verifier.class.getName();

    Interface() {
      super("plug-in interface", getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.equals(NAME) || name.startsWith(NAME + "$")) {
        return Verifier.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] content = entries.get(name.replace('.', '/') + ".class");
    if (content == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, content, 0, content.length);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    byte[] content = entries.get(name);
    if (content == null) {
      return null;
    }
    try {
      return URL.of(new URI("plug-in", "/" + name, null), new InMemory(content));
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("resource " + name, e);
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL found = findResource(name);
    return Collections.enumeration(found == null ? List.of() : List.of(found));
  }

  /** Reads a resource. */
  private static final class InMemory extends URLStreamHandler {
    private final byte[] content;

    InMemory(byte[] content) {
      this.content = content;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(content);
        }
      };
    }
  }
}
