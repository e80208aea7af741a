package dev.gatehouse.connectors.process;

import dev.gatehouse.connectors.waits.Blocking;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child and everything that it started, found by parentage and, on Linux, by its {@link
 * ChildMark}. {@code npx} starts a shell that starts node: ending the child alone would leave the
 * rest running.
 */
public final class ProcessTree {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessTree.class);
  private static final int KILL_ROUNDS_MAX = 5;

  private final ProcessHandle root;
  private final ChildMark mark;

  ProcessTree(ProcessHandle root, ChildMark mark) {
    this.root = root;
    this.mark = mark;
  }

  /**
   * Ends the tree in three stages, each given {@code stage}: closing the input, SIGTERM, SIGKILL.
   * Blocks.
   *
   * @return whether nothing of it is left
   */
  boolean end(Runnable closeInput, Duration stage) {
    Set<ProcessHandle> seen = new LinkedHashSet<>();
    collect(seen); // first of all: parentage is lost when the child ends
    closeInput.run();
    if (gone(seen, stage) || ended(seen, ProcessHandle::destroy, stage)) {
      return true;
    }
    for (int round = 0; round < KILL_ROUNDS_MAX; round++) {
      if (ended(seen, ProcessHandle::destroyForcibly, stage)) {
        return true;
      }
    }
    LOG.warn("{} processes of an MCP server survive SIGKILL", living(seen).size());
    return false;
  }

  /**
   * Kills what children of gateways that were themselves killed have left behind. A well-behaved
   * child ends when its input does; this is for the others.
   *
   * @return how many processes it killed
   */
  public static int sweepOrphans() {
    byte[] beginning = (ChildMark.VARIABLE + '=').getBytes(StandardCharsets.ISO_8859_1);
    int killed = 0;
    for (long pid : Procfs.withEntry(beginning)) {
      Optional<ProcessHandle> process = ProcessHandle.of(pid);
      boolean orphan =
          Procfs.entry(pid, beginning)
              .flatMap(entry -> ChildMark.parse(entry.substring(beginning.length)))
              .filter(ChildMark::orphaned)
              .isPresent();
      if (orphan && process.isPresent() && process.get().destroyForcibly()) {
        killed++;
      }
    }
    if (killed > 0) {
      LOG.info("killed {} processes that MCP servers of an earlier gateway left behind", killed);
    }
    return killed;
  }

  private boolean ended(Set<ProcessHandle> seen, Consumer<ProcessHandle> measure, Duration stage) {
    collect(seen);
    living(seen).forEach(measure);
    return gone(seen, stage);
  }

  private void collect(Set<ProcessHandle> seen) {
    seen.add(root);
    root.descendants().forEach(seen::add);
    seen.addAll(marked());
  }

  private boolean gone(Set<ProcessHandle> seen, Duration stage) {
    return Blocking.until(() -> living(seen).isEmpty(), stage)
        && marked().stream().noneMatch(ProcessTree::lives);
  }

  private List<ProcessHandle> marked() {
    return Procfs.withEntry(mark.entry()).stream()
        .map(ProcessHandle::of)
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<ProcessHandle> living(Set<ProcessHandle> processes) {
    return processes.stream().filter(ProcessTree::lives).toList();
  }

  private static boolean lives(ProcessHandle process) {
    return process.isAlive() && !Procfs.zombie(process.pid());
  }
}
