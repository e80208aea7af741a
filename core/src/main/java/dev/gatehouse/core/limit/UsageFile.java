package dev.gatehouse.core.limit;

import dev.gatehouse.core.file.WholeFile;
import dev.gatehouse.core.limit.Limits.Kept;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What was used up of days and months, in a small file, so that a restart does not begin budgets
 * anew. It is written whole, beside the old one and then in its place, a moment after something was
 * used; a process that is killed forgets at most that moment.
 */
public final class UsageFile implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(UsageFile.class.getName());
  private static final String FIRST = "gatehouse usage 1";
  private static final String LAST = "end ";
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final long BYTES_MAX = 1L << 30;

  private final Path file;
  private final Limits limits;
  private final ScheduledExecutorService writer =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().name("usage").daemon().unstarted(task));
  private long written = -1;
  private boolean failing;

  private UsageFile(Path file, Limits limits) {
    this.file = file;
    this.limits = limits;
  }

  /**
   * Reads the file into the limits and keeps it up to date from now on. Blocks.
   *
   * @throws IOException when there is a file and it cannot be read whole: budgets that nobody knows
   *     cannot be kept
   */
  public static UsageFile open(Path file, Limits limits) throws IOException {
    limits.restore(read(file));
    UsageFile open = new UsageFile(file, limits);
    var _ =
        open.writer.scheduleWithFixedDelay(
            open::save, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return open;
  }

  private static List<Kept> read(Path file) throws IOException {
    if (Files.notExists(file)) {
      return List.of();
    }
    if (Files.size(file) > BYTES_MAX) {
      throw unreadable(file, "is larger than " + BYTES_MAX + " bytes");
    }
    List<String> lines = Files.readAllLines(file);
    int last = lines.size() - 1;
    if (last < 1 || !lines.getFirst().equals(FIRST) || !lines.get(last).equals(LAST + (last - 1))) {
      throw unreadable(file, "is not whole");
    }
    List<Kept> all = new ArrayList<>();
    for (int i = 1; i < last; i++) {
      all.add(kept(file, i + 1, lines.get(i)));
    }
    return all;
  }

  private static Kept kept(Path file, int line, String text) throws IOException {
    String[] words = text.split(" ", -1);
    if (words.length != 3
        || !words[1].matches("-?[0-9]{1,15}")
        || !words[2].matches("[0-9]{1,18}")
        || CountKey.parse(words[0]).isEmpty()) {
      throw unreadable(file, "holds no count in line " + line);
    }
    return new Kept(
        CountKey.parse(words[0]).orElseThrow(), Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  private static IOException unreadable(Path file, String why) {
    return new IOException(
        file
            + " "
            + why
            + ", so nobody knows what was used up of budgets; restore it, or remove it to begin all"
            + " budgets anew");
  }

  private synchronized void save() {
    long changes = limits.changes();
    if (changes == written) {
      return;
    }
    try {
      write();
      written = changes;
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        LOG.log(
            System.Logger.Level.ERROR,
            "what was used up of budgets cannot be written to " + file + "; tried again",
            e);
      }
      failing = true;
    }
  }

  private void write() throws IOException {
    List<Kept> all = limits.kept();
    StringBuilder text = new StringBuilder(FIRST).append('\n');
    for (Kept one : all) {
      text.append(one.key().text()).append(' ').append(one.slot()).append(' ');
      text.append(one.used()).append('\n');
    }
    text.append(LAST).append(all.size()).append('\n');
    WholeFile.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Writes what is not written yet. */
  @Override
  public void close() {
    writer.shutdown();
    save();
  }
}
