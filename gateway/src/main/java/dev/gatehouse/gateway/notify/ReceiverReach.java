package dev.gatehouse.gateway.notify;

import dev.gatehouse.core.address.AddressKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * At which addresses a receiver is asked: public ones, private ones where the config says so, this
 * machine where the URL names it. Link-local and reserved addresses never, where clouds keep their
 * metadata services. Blocks.
 */
final class ReceiverReach {

  private final Resolver resolver;

  ReceiverReach(Resolver resolver) {
    this.resolver = resolver;
  }

  /** Finds the addresses of a host. Blocks. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] all(String host) throws UnknownHostException;
  }

  /**
   * The addresses; the connection must go to one of them, since resolving again could give others.
   *
   * @throws IOException when one of them is not to be asked; says nothing of the URL
   */
  List<InetAddress> addresses(Receiver receiver) throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (InetAddress address : resolve(receiver)) {
      AddressKind kind = AddressKind.of(address);
      boolean allowed =
          switch (kind) {
            case PUBLIC -> "https".equalsIgnoreCase(receiver.url().getScheme());
            case PRIVATE -> receiver.allowPrivate();
            case LOOPBACK -> receiver.allowPrivate() || Receiver.namesThisMachine(receiver.url());
            case NEVER -> false;
          };
      if (!allowed) {
        throw new IOException("its host is at an address where it is not asked: " + word(kind));
      }
      addresses.add(address);
    }
    return addresses;
  }

  private InetAddress[] resolve(Receiver receiver) throws IOException {
    String host = receiver.url().getHost();
    try {
      InetAddress[] all =
          resolver.all(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
      if (all.length == 0) {
        throw new UnknownHostException();
      }
      return all;
    } catch (UnknownHostException e) {
      throw new IOException("its host name is unknown", e);
    }
  }

  private static String word(AddressKind kind) {
    return switch (kind) {
      case PUBLIC -> "a public one without TLS";
      case PRIVATE -> "a private one without allow_private";
      case LOOPBACK -> "loopback under another name without allow_private";
      case NEVER -> "a reserved one";
    };
  }
}
