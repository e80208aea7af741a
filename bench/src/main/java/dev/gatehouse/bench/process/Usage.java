package dev.gatehouse.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process has used of the machine.
 *
 * @param cpu user and system time of all its threads, dead ones included ({@code utime + stime} of
 *     {@code /proc/PID/stat}, in steps of ten milliseconds)
 * @param residentMb resident memory in MiB ({@code VmRSS} of {@code /proc/PID/status}); 0 where
 *     there is no {@code /proc}
 */
public record Usage(Duration cpu, double residentMb) {

  private static final String RESIDENT = "VmRSS:";

  /** Reads what the process has used until now. */
  public static Usage of(ProcessHandle process) throws IOException {
    Duration cpu =
        process
            .info()
            .totalCpuDuration()
            .orElseThrow(() -> new IOException("process " + process.pid() + " is gone"));
    return new Usage(cpu, residentMb(process.pid()));
  }

  private static double residentMb(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(RESIDENT)) {
        String kib = line.substring(RESIDENT.length()).replace("kB", "").trim();
        return Long.parseLong(kib) / 1024.0;
      }
    }
    return 0;
  }
}
