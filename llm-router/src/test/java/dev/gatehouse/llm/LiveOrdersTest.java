package dev.gatehouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.core.audit.AuditUnavailableException;
import dev.gatehouse.core.route.ProviderOrders;
import dev.gatehouse.core.route.ProviderOrders.Changed;
import dev.gatehouse.core.route.ProviderOrders.ProviderOrder;
import dev.gatehouse.llm.config.ProviderType;
import dev.gatehouse.llm.failover.LaneStatus;
import dev.gatehouse.llm.wire.Protocol;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operator turns the order of providers around while they serve. */
class LiveOrdersTest {

  private final Lab lab = new Lab();

  @BeforeEach
  void open() throws Exception {
    lab.provider("first", ProviderType.OPENAI).then(Words.good(ProviderType.OPENAI, false));
    lab.provider("second", ProviderType.OPENAI).then(Words.good(ProviderType.OPENAI, false));
    lab.start();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private ProviderOrders orders() {
    return lab.gateway().orders(lab.fixture.audit);
  }

  private static Changed put(ProviderOrders orders, String... providers) {
    return orders
        .change("fast", List.of(providers), "ann", "first is slow")
        .toCompletableFuture()
        .join();
  }

  private String servedBy() throws Exception {
    return lab.ask(Protocol.CHAT, false).headers().firstValue("x-gatehouse-provider").orElseThrow();
  }

  @Test
  void changeIsInForceAtOnceAndOnRecord() throws Exception {
    ProviderOrders orders = orders();
    assertThat(servedBy()).isEqualTo("first");

    assertThat(put(orders, "second"))
        .isEqualTo(
            new Changed.Done(
                new ProviderOrder("fast", List.of("second", "first"), List.of("first", "second"))));

    assertThat(servedBy()).isEqualTo("second");
    assertThat(orders.orders().getFirst().isOverridden()).isTrue();
    assertThat(lab.fixture.audit.rows("event"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("event", "provider.order_changed")
                    .containsEntry("model", "fast")
                    .containsEntry("before", List.of("first", "second"))
                    .containsEntry("order", List.of("second", "first"))
                    .containsEntry("operator", "ann")
                    .containsEntry("reason", "first is slow"));
  }

  @Test
  void healthSurvivesTheChange() throws Exception {
    ProviderOrders orders = orders();
    lab.providers.getFirst().only(Provider.json(503, "{}"));
    for (int i = 0; i < 5; i++) {
      assertThat(servedBy()).isEqualTo("second");
    }

    put(orders, "second");
    put(orders, "first", "second");

    assertThat(servedBy()).isEqualTo("second");
    assertThat(lab.providers.getFirst().asked()).isEqualTo(5);
    assertThat(lab.gateway().health().getFirst().state()).isEqualTo(LaneStatus.State.UNHEALTHY);
  }

  @Test
  void changeOutlivesAReloadThatKeepsTheProviders() throws Exception {
    ProviderOrders orders = orders();
    put(orders, "second");

    lab.gateway().replace(lab.config(lab.providers));
    assertThat(servedBy()).isEqualTo("second");

    lab.gateway().replace(lab.config(List.of(lab.providers.getFirst())));
    assertThat(servedBy()).isEqualTo("first");
    assertThat(orders.orders().getFirst().isOverridden()).isFalse();
  }

  @Test
  void resetReturnsToTheConfig() throws Exception {
    ProviderOrders orders = orders();
    put(orders, "second");

    orders.reset("fast", "ann", "done").toCompletableFuture().join();

    assertThat(servedBy()).isEqualTo("first");
    assertThat(orders.orders().getFirst().isOverridden()).isFalse();
  }

  @Test
  void whatCannotBeIsRefused() {
    ProviderOrders orders = orders();

    assertThat(put(orders, "third"))
        .isEqualTo(new Changed.Refused("model fast has no provider 'third', only first, second"));
    assertThat(put(orders)).isInstanceOf(Changed.Refused.class);
    assertThat(put(orders, "second", "second")).isInstanceOf(Changed.Refused.class);
    assertThat(orders.change("slow", List.of("first"), "ann", "why").toCompletableFuture().join())
        .isInstanceOf(Changed.Unknown.class);
    assertThat(lab.fixture.audit.rows("event")).isEmpty();
  }

  @Test
  void changeThatCannotBeRecordedIsNotMade() throws Exception {
    ProviderOrders orders =
        lab.gateway()
            .orders(
                _ -> {
                  throw new AuditUnavailableException("full");
                });

    assertThat(
            orders
                .change("fast", List.of("second"), "ann", "why")
                .toCompletableFuture()
                .isCompletedExceptionally())
        .isTrue();
    assertThat(servedBy()).isEqualTo("first");
    assertThat(orders.orders().getFirst().isOverridden()).isFalse();
  }
}
