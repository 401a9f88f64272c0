package dev.troupe.deploy.node;

import dev.troupe.actors.cluster.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * A node's three addresses, on ports in a row, so that who knows the first knows all.
 *
 * @param cluster the node's address: messages come here
 * @param api its HTTP server
 * @param data its weights
 */
public record Addresses(HostPort cluster, HostPort api, HostPort data) {
  private static final int PORTS = 3;
  private static final int TRIES_MAX = 50;
  private static final int PORT_MAX = 65_535 - PORTS + 1;

  /**
   * Finds out whether the ports can be listened on; port 0 takes any three free ones in a row.
   *
   * @throws NodeRefusedException saying which can't, and why
   */
  public static Addresses free(HostPort bind) {
    InetAddress host = host(bind.host());
    if (bind.port() > PORT_MAX) {
      throw new NodeRefusedException(
          "--bind " + bind + ": the port and the next two are used, so it is at most " + PORT_MAX);
    }
    if (bind.port() != 0) {
      for (int i = 0; i < PORTS; i++) {
        probe(host, bind, bind.port() + i);
      }
      return of(bind.host(), bind.port());
    }
    for (int i = 0; i < TRIES_MAX; i++) {
      int port = any(host);
      if (port <= PORT_MAX && isFree(host, port + 1) && isFree(host, port + 2)) {
        return of(bind.host(), port);
      }
    }
    throw new NodeRefusedException("--bind " + bind + ": found no three free ports in a row");
  }

  /** Of a node at that port. */
  private static Addresses of(String host, int port) {
    return new Addresses(
        new HostPort(host, port), new HostPort(host, port + 1), new HostPort(host, port + 2));
  }

  private static InetAddress host(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (address.isAnyLocalAddress()) {
        throw new NodeRefusedException(
            "--bind ["
                + host
                + "]: other nodes need one address to reach this one by; name an address or host"
                + " name of this machine");
      }
      return address;
    } catch (UnknownHostException e) {
      throw new NodeRefusedException(
          "--bind [" + host + "]: the host is unknown; name an address of this machine");
    }
  }

  private static void probe(InetAddress host, HostPort bind, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(host, port));
    } catch (BindException e) {
      String why = String.valueOf(e.getMessage());
      throw new NodeRefusedException(
          why.contains("in use")
              ? "port ["
                  + port
                  + "] on ["
                  + bind.host()
                  + "] is in use, perhaps by another node. A node takes its port and the next two:"
                  + " --bind HOST:PORT names others, port 0 takes free ones"
              : "--bind " + bind + ": can't listen on port [" + port + "]: " + why);
    } catch (IOException e) {
      throw new NodeRefusedException(
          "--bind " + bind + ": can't listen on port [" + port + "]: " + e.getMessage());
    }
  }

  private static int any(InetAddress host) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(host, 0));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new NodeRefusedException(
          "can't listen on [" + host.getHostAddress() + "]: " + e.getMessage());
    }
  }

  private static boolean isFree(InetAddress host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
