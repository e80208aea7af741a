package dev.gatehouse.connectors.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void everythingComesBackAsItCame() throws MalformedMessageException {
    String text =
        "{\"z\":1.10,\"a\":[null,true,false,\"é\\u0001\",12345678901234567890,-0.5E+10,{}],\"m\":null}";
    assertThat(new String(Json.bytes(read(text)), StandardCharsets.UTF_8))
        .isEqualTo(text.replace("-0.5E+10", "-5E+9"));
  }

  @Test
  void whatIsNoSingleObjectIsRefusedWithoutQuotingIt() {
    for (String text :
        List.of(
            "",
            "[]",
            "1",
            "{",
            "{\"secret\"",
            "{\"a\":1,\"a\":2}",
            "{} {}",
            "{\"secret\":tru}",
            "null")) {
      assertThatThrownBy(() -> read(text))
          .as(text)
          .isInstanceOf(MalformedMessageException.class)
          .message()
          .doesNotContain("secret");
    }
  }

  @Test
  void nestingIsReadToItsLimit() throws MalformedMessageException {
    assertThat(read(nested(Json.DEPTH_MAX))).isNotEmpty();
    assertThatThrownBy(() -> read(nested(Json.DEPTH_MAX + 1)))
        .isInstanceOf(MalformedMessageException.class);
  }

  private static String nested(int depth) {
    return "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
  }

  private static java.util.Map<String, Object> read(String text) throws MalformedMessageException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Json.object(bytes, 0, bytes.length);
  }
}
