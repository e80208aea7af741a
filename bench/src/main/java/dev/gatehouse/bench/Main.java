package dev.gatehouse.bench;

import dev.gatehouse.bench.audit.AuditBench;
import dev.gatehouse.bench.audit.VerifyBench;
import dev.gatehouse.bench.decide.DecideBench;
import dev.gatehouse.bench.decide.DecisionBenchmark;
import dev.gatehouse.bench.hop.HopBench;
import dev.gatehouse.bench.hop.HopPlan;
import dev.gatehouse.bench.hop.IdleBench;
import dev.gatehouse.bench.hop.SoakBench;
import dev.gatehouse.bench.hop.WarmUp;
import dev.gatehouse.bench.load.LoadFailure;
import dev.gatehouse.bench.report.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The command behind {@code bench/run}. Exit 0: measured; 1: could not measure; 2: bad usage. */
public final class Main {

  private static final WarmUp WARM_UP = new WarmUp(32, 400_000, Duration.ofSeconds(60));

  /** Paced streams take as long as they take; many at a time are the only way to have many. */
  private static final WarmUp PACED_WARM_UP = new WarmUp(512, 8_000, Duration.ofSeconds(30));

  private Main() {}

  @SuppressWarnings("MissingJavadoc") // an entry point
  public static void main(String[] args) throws InterruptedException {
    List<String> words = List.of(args);
    if (words.contains("--help")) {
      System.out.print(Options.USAGE);
      System.exit(0);
    }
    System.exit(run(words));
  }

  private static int run(List<String> words) throws InterruptedException {
    try {
      Options options = Options.parse(words);
      switch (options.bench()) {
        case IDLE, SOAK, VERIFY -> alone(options);
        case LLM, MCP, AUDIT, DECIDE -> print(options, measured(options));
      }
      return 0;
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      return 2;
    } catch (IOException | UncheckedIOException | LoadFailure e) {
      System.err.println("bench: " + e.getMessage());
      return 1;
    }
  }

  private static List<Report> measured(Options options) throws IOException, InterruptedException {
    Path directory = runDirectory();
    List<Report> reports =
        switch (options.bench()) {
          case LLM, MCP -> new HopBench(hopPlan(options), directory, Main::progress).run();
          case AUDIT ->
              new AuditBench(options.length(), options.runs(), directory, Main::progress)
                  .run(options.connections());
          case DECIDE -> new DecideBench(options.length(), options.runs(), Main::progress).run();
          case IDLE, SOAK, VERIFY ->
              throw new IllegalArgumentException("there is nothing to compare");
        };
    delete(directory); // kept after a failure: the logs of the processes are in it
    return reports;
  }

  /** Those that look at the gateway only. */
  private static void alone(Options options) throws IOException, InterruptedException {
    for (int connections : options.connections()) {
      Path directory = runDirectory();
      System.out.println(
          switch (options.bench()) {
            case IDLE -> new IdleBench(directory, Main::progress).run(connections);
            case SOAK ->
                new SoakBench(hopPlan(options), directory, Main::progress).run(connections);
            case VERIFY ->
                new VerifyBench(connections, options.runs(), directory, Main::progress).run();
            case LLM, MCP, AUDIT, DECIDE ->
                throw new IllegalArgumentException("this one has something to compare with");
          });
      delete(directory);
    }
  }

  private static HopPlan hopPlan(Options options) {
    return new HopPlan(
        options.protocol(),
        options.answers(),
        options.noise(),
        options.bodies(),
        options.answers().pace().isZero() ? WARM_UP : PACED_WARM_UP,
        options.connections(),
        options.length(),
        options.runs(),
        options.recordings());
  }

  private static void print(Options options, List<Report> reports) {
    if (!options.jsonOnly()) {
      if (options.bench() == Options.Bench.DECIDE) {
        progress("measuring averages with JMH");
        System.out.print(DecisionBenchmark.measure());
      }
      reports.forEach(Main::print);
    }
    reports.forEach(report -> System.out.println(report.json()));
  }

  private static void print(Report report) {
    System.out.println(report.bench() + ", connections: " + report.connections());
    report.figures().forEach((name, value) -> System.out.printf("  %-14s %s%n", name, value));
  }

  private static void progress(String line) {
    System.err.println(line);
  }

  /** On the disk whose fsync is to be measured, so not where a system keeps temporary files. */
  private static Path runDirectory() throws IOException {
    Path work = Path.of(System.getProperty("gatehouse.bench.work", "target")).toAbsolutePath();
    Files.createDirectories(work);
    return Files.createTempDirectory(work, "run-");
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
