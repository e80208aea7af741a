package dev.gatehouse.audit.chain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The layout of a row on disk, big-endian: {@code len u32 | crc32c u32 | batch u64 | idx u16 |
 * count u16 | seq u64 | ts u64 | link 32 | payloadHash 32 | payload}.
 *
 * <p>{@code len} counts the whole frame, so that 0 means "nothing here yet" in a preallocated file.
 * The checksum covers {@code len} and everything after the checksum.
 */
public final class Frame {

  public static final int LEN = 0;
  public static final int CRC = 4;
  public static final int BATCH = 8;
  public static final int IDX = 16;
  public static final int COUNT = 18;
  public static final int SEQ = 20;
  public static final int TS = 28;
  public static final int LINK = 36;
  public static final int PAYLOAD_HASH = 68;
  public static final int HEADER_BYTES = 100;
  public static final int HASH_BYTES = 32;

  /** The shortest payload is an empty object. */
  public static final int FRAME_BYTES_MIN = HEADER_BYTES + 2;

  /** No batch is longer, so that whoever reads one needs no more memory than this. */
  public static final int BATCH_BYTES_MAX = 16 << 20;

  /** A batch's count is an unsigned 16-bit number. */
  public static final int BATCH_ROWS_MAX = 0xFFFF;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private Frame() {}

  public static int intAt(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  public static long longAt(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  public static int shortAt(byte[] bytes, int at) {
    return Short.toUnsignedInt((short) SHORTS.get(bytes, at));
  }

  static void putLong(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }

  /** Whether {@code len} could be the length of a frame. */
  public static boolean plausible(int len) {
    return FRAME_BYTES_MIN <= len && len <= BATCH_BYTES_MAX;
  }

  /** Whether the checksum of the frame at that place is right; its bytes must all be there. */
  public static boolean intact(byte[] bytes, int at, int len) {
    return intAt(bytes, at + CRC) == crc(bytes, at, len);
  }

  /** The checksum over {@code len} and what follows the checksum. */
  public static int crc(byte[] bytes, int at, int len) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at, CRC);
    crc.update(bytes, at + BATCH, len - BATCH);
    return (int) crc.getValue();
  }
}
