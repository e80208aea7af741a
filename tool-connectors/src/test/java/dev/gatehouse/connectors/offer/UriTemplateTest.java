package dev.gatehouse.connectors.offer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UriTemplateTest {

  @ParameterizedTest
  @CsvSource({
    "test://static, test://static, true",
    "test://static, test://static/x, false",
    "test://{id}/data, test://7/data, true",
    "test://{id}/data, test:///data, false",
    "test://{id}/data, test://7/8/data, false",
    "file:///{+path}, file:///a/b/c.txt, true",
    "file:///{+path}, file:///, false",
    "a://{x}-{y}, a://1-2-3, true",
    "a://{x}{+y}z, a://bcz, true",
    "a://{x}{+y}z, a://bc, false",
    "doc://page{#part}, doc://page#top, true",
    "doc://page{#part}, doc://page, false",
    "doc://page{.format}, doc://page.pdf, true",
    "doc://page{.format}, doc://pagepdf, false",
    "doc://root{/folder}, doc://root/x, true",
    "doc://root{/folder}, doc://root/x/y, false",
    "doc://root{/folder*}, doc://root/x/y, true",
    "'doc://root{/a,b}', doc://root/x/y, true",
    "'doc://find{?q,page}', doc://find?q=1&page=2, true",
    "'doc://find{?q,page}', doc://find, true",
    "'doc://find{?q,page}', doc://findings, false",
    "doc://find?fixed=1{&q}, doc://find?fixed=1&q=2, true",
    "doc://item{;id}, doc://item;id=1, true",
  })
  void matchesWhatServersMatch(String template, String uri, boolean matches) {
    assertThat(UriTemplate.parse(template).orElseThrow().matches(uri)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "{+uri}",
    "''",
    "file",
    "://x",
    "a://{",
    "a://{}",
    "a://{|x}",
    "a://{x y}",
    "a://b c"
  })
  void whatIsNoTemplateOrWouldMatchEverythingIsRefused(String text) {
    assertThat(UriTemplate.parse(text)).isEmpty();
  }

  @Test
  void expressionsAreTakenUpToTheirLimit() {
    String most = "a://" + "{x}-".repeat(UriTemplate.EXPRESSIONS_MAX);
    assertThat(UriTemplate.parse(most)).isPresent();
    assertThat(UriTemplate.parse(most + "{x}")).isEmpty();
  }

  @Test
  void matchingNeverGoesBack() {
    String template = "a://" + "{+x}a".repeat(UriTemplate.EXPRESSIONS_MAX);
    UriTemplate worst = UriTemplate.parse(template + "b").orElseThrow();
    String uri = "a://" + "a".repeat(2_000);
    worst.matches(uri);
    long began = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThat(worst.matches(uri)).isFalse();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
  }
}
