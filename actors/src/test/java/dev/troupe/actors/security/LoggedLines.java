package dev.troupe.actors.security;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What classes of this package log while it is open. */
final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger =
      (Logger) LoggerFactory.getLogger(LoggedLines.class.getPackageName());
  private final List<String> lines = new CopyOnWriteArrayList<>();

  LoggedLines() {
    start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(this);
  }

  List<String> lines() {
    return lines;
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getLevel() + " " + event.getFormattedMessage());
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setAdditive(true);
    logger.setLevel(null);
    stop();
  }
}
