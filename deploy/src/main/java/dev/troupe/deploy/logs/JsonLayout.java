package dev.troupe.deploy.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.google.gson.JsonObject;
import java.util.TreeMap;
import org.slf4j.event.KeyValuePair;

/**
 * A line of JSON for each event: time, level, logger, thread, message; what the event is about
 * (run, lease, policy version, as its logger gave it); the node; and the error with its stack
 * trace.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
  private final String node;

  JsonLayout(String node) {
    this.node = node;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    JsonObject json = new JsonObject();
    json.addProperty(LogLines.TIME, event.getInstant().toString());
    json.addProperty(LogLines.LEVEL, event.getLevel().toString());
    json.addProperty(LogLines.LOGGER, event.getLoggerName());
    json.addProperty(LogLines.THREAD, event.getThreadName());
    json.addProperty(LogLines.MESSAGE, event.getFormattedMessage());
    json.addProperty("node", node);
    new TreeMap<>(event.getMDCPropertyMap()).forEach(json::addProperty);
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        json.addProperty(pair.key, String.valueOf(pair.value));
      }
    }
    if (event.getThrowableProxy() != null) {
      json.addProperty(LogLines.ERROR, ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return json + "\n";
  }
}
