package dev.gatehouse.core.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Where an IP address leads (RFC 6890). */
public enum AddressKind {
  /** To the internet. */
  PUBLIC,
  /** To this organisation's own network. */
  PRIVATE,
  /** To this machine. */
  LOOPBACK,
  /**
   * To nothing that anybody means to ask: link-local, where clouds keep their metadata services;
   * multicast; reserved.
   */
  NEVER;

  /** Where that address leads; an IPv4 address inside an IPv6 one counts as what it is. */
  public static AddressKind of(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return LOOPBACK;
    }
    if (address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()) {
      return NEVER;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? ofFour(bytes) : ofSixteen(bytes);
  }

  private static AddressKind ofFour(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    int third = bytes[2] & 0xff;
    if (first == 10
        || (first == 172 && second >= 16 && second < 32)
        || (first == 192 && second == 168)
        || (first == 100 && second >= 64 && second < 128)) {
      return PRIVATE;
    }
    boolean reserved =
        first == 0
            || first >= 240
            || (first == 192 && second == 0 && (third == 0 || third == 2))
            || (first == 198 && (second == 18 || second == 19))
            || (first == 198 && second == 51 && third == 100)
            || (first == 203 && second == 0 && third == 113);
    return reserved ? NEVER : PUBLIC;
  }

  private static AddressKind ofSixteen(byte[] bytes) {
    if ((bytes[0] & 0xfe) == 0xfc) {
      return PRIVATE; // fc00::/7
    }
    if (starts(bytes, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
      return embedded(bytes, 12); // NAT64
    }
    if (starts(bytes, 0x20, 0x02)) {
      return embedded(bytes, 2); // 6to4
    }
    boolean global = (bytes[0] & 0xe0) == 0x20; // 2000::/3
    boolean special = starts(bytes, 0x20, 0x01, 0x0d, 0xb8) || starts(bytes, 0x20, 0x01, 0, 0);
    return global && !special ? PUBLIC : NEVER;
  }

  /** An address that carries an IPv4 address leads where that one does, or nowhere. */
  private static AddressKind embedded(byte[] bytes, int at) {
    try {
      AddressKind inner = of(InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4)));
      return inner == PUBLIC ? PUBLIC : NEVER;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static boolean starts(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
