package dev.gatehouse.gateway.notify;

import dev.gatehouse.core.json.CanonicalJson;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a notice is written. */
public enum BodyStyle {
  /** {@code {type, timestamp, data}}, as Standard Webhooks recommends. */
  JSON {
    @Override
    byte[] body(Notice notice, Links links) {
      Map<String, Object> data = new LinkedHashMap<>(notice.details());
      data.put("row", notice.row());
      notice.approval().ifPresent(id -> data.put("link", links.approval(id)));
      return CanonicalJson.bytes(
          Map.of("type", notice.kind().word(), "timestamp", notice.at().toString(), "data", data));
    }
  },
  /** A message for Slack's incoming webhooks and what takes the same. */
  SLACK {
    @Override
    byte[] body(Notice notice, Links links) {
      return CanonicalJson.bytes(SlackMessage.of(notice, links));
    }
  };

  abstract byte[] body(Notice notice, Links links);
}
