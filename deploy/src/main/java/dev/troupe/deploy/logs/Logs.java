package dev.troupe.deploy.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets logging up in code, found by logback as a service: reading an XML file would cost a tenth of
 * a second at every start.
 */
public final class Logs extends ContextAwareBase implements Configurator {
  private static final int FILES_KEPT = 3;
  private static final long FILE_BYTES_MAX = 32L << 20;

  private static final long READY_WITHIN_MILLIS = 10_000;
  private static final long LOOK_EVERY_MILLIS = 5;

  private static volatile Consumer<String> warnings = System.err::println;

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    quiet(context);
    WarningAppender appender = new WarningAppender();
    appender.setContext(context);
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void quiet(LoggerContext context) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
    context
        .getLogger("dev.troupe")
        .setLevel(Level.toLevel(System.getenv("TROUPE_LOG"), Level.INFO));
    // It warns on every machine without a GPU.
    context.getLogger("ai.djl.util.cuda").setLevel(Level.ERROR);
    context.getLogger("ai.djl").setLevel(Level.WARN);
    context.getLogger("org.jline").setLevel(Level.ERROR);
  }

  /** Sends warnings to {@code target} from now on, one line each. */
  public static void warnTo(Consumer<String> target) {
    warnings = target;
  }

  /** While another thread sets logging up, there is a stand-in for it. */
  private static LoggerContext context() {
    for (long waited = 0; waited < READY_WITHIN_MILLIS; waited += LOOK_EVERY_MILLIS) {
      if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
        return context;
      }
      try {
        Thread.sleep(LOOK_EVERY_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new IllegalStateException(
        "logging isn't logback's but " + LoggerFactory.getILoggerFactory().getClass());
  }

  /** Writes everything to {@code file}, too, from now on. */
  public static void alsoTo(Path file) {
    LoggerContext context = context();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level %logger{24} [%thread] %msg%n");
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setAppend(true);
    appender.setEncoder(encoder);
    appender.start();
    Appender<ILoggingEvent> started = appender;
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(started);
  }

  /**
   * Writes everything to {@code file}, too, from now on, as JSON; older files are kept beside it,
   * up to a bound.
   */
  public static void alsoAsJsonTo(Path file, String node) {
    LoggerContext context = context();
    JsonLayout layout = new JsonLayout(node);
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    FixedWindowRollingPolicy older = new FixedWindowRollingPolicy();
    older.setContext(context);
    older.setParent(appender);
    older.setFileNamePattern(file + ".%i");
    older.setMinIndex(1);
    older.setMaxIndex(FILES_KEPT);
    older.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(FILE_BYTES_MAX));
    size.start();
    appender.setRollingPolicy(older);
    appender.setTriggeringPolicy(size);
    appender.start();
    Appender<ILoggingEvent> started = appender;
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(started);
  }

  private static final class WarningAppender extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      String name = event.getLoggerName();
      // Pekko warns of what passes by itself, such as a late heartbeat; that is for the file.
      Level least = name.startsWith("org.apache.pekko") ? Level.ERROR : Level.WARN;
      if (event.getLevel().isGreaterOrEqual(least)) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        warnings.accept(event.getLevel() + " " + last + ": " + event.getFormattedMessage());
      }
    }
  }
}
