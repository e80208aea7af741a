package dev.gatehouse.connectors.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.connectors.config.McpServerConfig;
import dev.gatehouse.connectors.config.UpstreamTransport.Http;
import dev.gatehouse.connectors.offer.ListKind;
import dev.gatehouse.connectors.offer.Offer;
import dev.gatehouse.connectors.offer.UpstreamEntry;
import dev.gatehouse.connectors.pins.PinBook;
import dev.gatehouse.core.context.ContextKind;
import dev.gatehouse.core.tool.ToolDescriptor;
import dev.gatehouse.testkit.ManualClock;
import dev.gatehouse.testkit.MemoryAuditLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of definitions on which the scan itself breaks. */
final class DefinitionScanTest {

  private static final McpServerConfig CONFIG =
      McpServerConfig.of("h", new Http(URI.create("http://127.0.0.1:1/mcp"), Map.of()));

  /** Breaks whatever looks into it, as a defect of the scan would. */
  private static final Map<String, Object> BROKEN =
      new AbstractMap<>() {
        @Override
        public Set<Map.Entry<String, Object>> entrySet() {
          throw new StackOverflowError("broken");
        }
      };

  private static final Offer OFFER =
      Offer.NONE.with(
          Map.of(
              ListKind.TOOLS,
              List.of(entry("fine", Map.of()), entry("odd", BROKEN)),
              ListKind.RESOURCES,
              List.of(entry("a://fine", Map.of()), entry("a://odd", BROKEN))));

  @TempDir private Path dir;
  private final MemoryAuditLog audit = new MemoryAuditLog();
  private PinBook book;

  @BeforeEach
  void open() throws IOException {
    book = PinBook.open(dir.resolve("pins.json"), audit, new ManualClock());
  }

  @Test
  void aToolWhoseScanBreaksIsInQuarantineAndNamed() {
    Catalog catalog = new Catalog(Optional.of(book));
    catalog.put(CONFIG, OFFER);

    assertThat(catalog.tools().all())
        .filteredOn(ToolDescriptor::quarantined)
        .extracting(ToolDescriptor::upstreamName)
        .containsExactly("odd");
    assertThat(book.difference("h", "odd").orElseThrow().alarms()).containsExactly("scan_failed:");
    assertThat(audit.rows())
        .filteredOn(row -> "tool.quarantined".equals(row.get("event")))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("tool", "odd")
                    .containsEntry("scan", List.of("scan_failed:")));
  }

  @Test
  void aToolWhoseScanBreaksIsInQuarantineWhereNothingIsPinned() {
    Catalog catalog = new Catalog(Optional.empty());
    catalog.put(CONFIG, OFFER);

    assertThat(catalog.tools().all())
        .filteredOn(ToolDescriptor::quarantined)
        .extracting(ToolDescriptor::upstreamName)
        .containsExactly("odd");
  }

  @Test
  void aResourceWhoseScanBreaksIsNotListedAndNamed() {
    Catalog catalog = new Catalog(Optional.of(book));
    catalog.put(CONFIG, OFFER);

    assertThat(catalog.contexts().list(ContextKind.RESOURCE))
        .extracting(resource -> resource.upstreamName())
        .containsExactly("a://fine");
    assertThat(audit.rows())
        .filteredOn(row -> String.valueOf(row).contains("a://odd"))
        .singleElement()
        .satisfies(row -> assertThat(String.valueOf(row)).contains("scan_failed:"));
  }

  private static UpstreamEntry entry(String name, Map<String, Object> meta) {
    return new UpstreamEntry(name, Map.of("name", name, "_meta", meta));
  }
}
