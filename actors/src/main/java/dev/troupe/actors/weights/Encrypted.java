package dev.troupe.actors.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** TLS on a connection between nodes, both of which show certificates. */
final class Encrypted implements WeightLink.Bytes {
  /** Several records of TLS. */
  private static final int COPY_BYTES = 1 << 16;

  private final InputStream in;
  private final OutputStream out;
  private final byte[] reading = new byte[COPY_BYTES];
  private final byte[] writing = new byte[COPY_BYTES];

  private Encrypted(SSLSocket socket) throws IOException {
    socket.startHandshake();
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /** The dialling end, when {@code server} has shown a certificate that bears its name. */
  static Encrypted client(Socket plain, SSLContext context, WeightSource server)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, server.host(), server.port(), true);
    socket.setUseClientMode(true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return new Encrypted(socket);
  }

  /** The accepting end, when whoever dialled has shown a certificate. */
  static Encrypted server(Socket plain, SSLContext context) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
    socket.setUseClientMode(false);
    socket.setNeedClientAuth(true);
    return new Encrypted(socket);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int count = in.read(reading, 0, Math.min(reading.length, target.remaining()));
    if (count > 0) {
      target.put(reading, 0, count);
    }
    return count;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      int count = Math.min(writing.length, source.remaining());
      source.get(writing, 0, count);
      out.write(writing, 0, count);
    }
  }
}
