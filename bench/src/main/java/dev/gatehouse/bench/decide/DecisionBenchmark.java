package dev.gatehouse.bench.decide;

import dev.gatehouse.core.gate.Admission;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The average cost of a decision, in nanoseconds and in bytes allocated, as JMH measures it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class DecisionBenchmark {

  private static final String EMPTY = "empty";
  private static final String LARGE = "large";

  /** Which scene. */
  @Param({EMPTY, "realistic", LARGE})
  public String scene = "";

  private @Nullable Scene current;
  private @Nullable RealisticScene realistic;

  /** Builds the scene. */
  @Setup
  public void setUp() {
    Size size = scene.equals(LARGE) ? Size.LARGE : Size.SOME;
    realistic = scene.equals(EMPTY) ? null : new RealisticScene(size);
    current = realistic == null ? EmptyScene.create(size) : realistic.scene();
  }

  /** Ends the scene. */
  @TearDown
  public void tearDown() {
    if (realistic != null) {
      realistic.close();
    }
  }

  /** One decision. */
  @Benchmark
  public @Nullable Admission admit() {
    return current == null ? null : current.admit();
  }

  /** Runs all scenes in JVMs of their own, about twenty seconds; one line of text for each. */
  public static String measure() {
    try {
      Collection<RunResult> results =
          new Runner(
                  new OptionsBuilder()
                      .include(DecisionBenchmark.class.getName())
                      .addProfiler(GCProfiler.class)
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run();
      StringBuilder text = new StringBuilder();
      results.forEach(result -> text.append(line(result)));
      return text.toString();
    } catch (RunnerException e) {
      throw new IllegalStateException("JMH did not run", e);
    }
  }

  private static String line(RunResult result) {
    var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return "jmh, %s: %.0f ns and %.0f bytes allocated a decision%n"
        .formatted(
            result.getParams().getParam("scene"),
            result.getPrimaryResult().getScore(),
            allocated == null ? Double.NaN : allocated.getScore());
  }
}
