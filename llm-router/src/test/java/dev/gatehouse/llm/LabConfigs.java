package dev.gatehouse.llm;

import dev.gatehouse.core.call.TargetTier;
import dev.gatehouse.core.registry.Glob;
import dev.gatehouse.llm.config.BreakerLimits;
import dev.gatehouse.llm.config.LlmConfig;
import dev.gatehouse.llm.config.LlmLimits;
import dev.gatehouse.llm.config.ModelRoute;
import dev.gatehouse.llm.config.RouteTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Configs that some tests need. */
final class LabConfigs {

  private LabConfigs() {}

  /** All providers in order, each declaring that context. */
  static LlmConfig contexts(Lab lab, List<Long> contextTokensMax) {
    List<RouteTarget> targets = new ArrayList<>();
    for (int i = 0; i < lab.providers.size(); i++) {
      String name = lab.providers.get(i).name();
      targets.add(new RouteTarget(name, name + "-model", contextTokensMax.get(i), 0));
    }
    return new LlmConfig(
        lab.providers.stream().map(Provider::config).toList(),
        List.of(new ModelRoute(new Glob("fast"), "", TargetTier.PROD, targets)),
        Lab.limits(Duration.ofSeconds(8)),
        BreakerLimits.DEFAULT);
  }

  /** Patient limits that hold back so much of a stream. */
  static LlmLimits recovering(int bytes) {
    return recovering(bytes, Duration.ofSeconds(8));
  }

  /** The same with that patience. */
  static LlmLimits recovering(int bytes, Duration silence) {
    return limits(Lab.limits(silence), Duration.ofSeconds(20), bytes);
  }

  /** Patient limits with this deadline. */
  static LlmLimits deadline(Duration deadline) {
    return limits(Lab.limits(Duration.ofSeconds(8)), deadline, 0);
  }

  private static LlmLimits limits(LlmLimits patient, Duration deadline, int recoverBytesMax) {
    return new LlmLimits(
        patient.requestBytesMax(),
        patient.requestTimeout(),
        patient.responseBytesMax(),
        patient.eventBytesMax(),
        patient.connectTimeout(),
        patient.firstEventTimeout(),
        patient.replyTimeout(),
        patient.idleTimeout(),
        deadline,
        patient.hopsMax(),
        patient.retriesMax(),
        patient.retryDelay(),
        patient.retryAfterMax(),
        patient.concurrentMax(),
        patient.connectionsMax(),
        patient.connectionQueueMax(),
        recoverBytesMax);
  }
}
