package dev.gatehouse.failover;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * The way of one process to a server on loopback, which can be cut: what is sent then waits, as on
 * a network that is parted, and nobody is told. It can also be made long.
 */
final class Cable implements AutoCloseable {

  private final ServerSocket here;
  private final IntSupplier port;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition mended = lock.newCondition();
  private boolean cut;
  private volatile long delayNanos;

  private record Sent(ByteBuffer bytes, long arrivesAtNanos) {}

  /**
   * @param port where the server listens, asked for each connection
   */
  Cable(IntSupplier port) {
    this.port = port;
    try {
      here = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return here.getLocalPort();
  }

  void cut() {
    lock.lock();
    try {
      cut = true;
    } finally {
      lock.unlock();
    }
  }

  void mend() {
    lock.lock();
    try {
      cut = false;
      mended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What is sent from now on takes so long each way; the order stays. */
  void delay(Duration each) {
    delayNanos = each.toNanos();
  }

  private void accept() {
    while (!here.isClosed()) {
      try {
        Socket client = here.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void connect(Socket client) {
    try {
      whenWhole();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), port.getAsInt());
      Thread.ofVirtual().start(() -> carry(client, server));
      carry(server, client);
    } catch (IOException | InterruptedException e) {
      quietly(client);
    }
  }

  private void carry(Socket from, Socket to) {
    BlockingQueue<Sent> underWay = new LinkedBlockingQueue<>();
    Thread arriving = Thread.ofVirtual().start(() -> arrive(underWay, from, to));
    byte[] bytes = new byte[8 << 10];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        underWay.add(
            new Sent(ByteBuffer.wrap(Arrays.copyOf(bytes, read)), System.nanoTime() + delayNanos));
      }
    } catch (IOException e) {
      // one end has gone; so goes the other
    } finally {
      arriving.interrupt();
      quietly(from);
      quietly(to);
    }
  }

  private void arrive(BlockingQueue<Sent> underWay, Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      while (!to.isClosed()) {
        Sent next = underWay.take();
        TimeUnit.NANOSECONDS.sleep(next.arrivesAtNanos() - System.nanoTime());
        whenWhole();
        out.write(next.bytes().array());
      }
    } catch (IOException | InterruptedException e) {
      quietly(from);
      quietly(to);
    }
  }

  private void whenWhole() throws InterruptedException {
    lock.lock();
    try {
      while (cut) {
        mended.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // closed is closed
    }
  }

  @Override
  public void close() {
    mend();
    try {
      here.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
