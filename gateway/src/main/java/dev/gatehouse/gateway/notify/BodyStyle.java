package dev.gatehouse.gateway.notify;

import dev.gatehouse.core.json.CanonicalJson;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a notice is written. */
public enum BodyStyle {
  /** {@code {type, timestamp, data}}, as Standard Webhooks recommends. */
  JSON {
    @Override
    byte[] body(Notice notice, Links links, boolean callback) {
      Map<String, Object> data = new LinkedHashMap<>(notice.details());
      data.put("row", notice.row());
      notice.approval().ifPresent(id -> data.put("link", links.approval(id)));
      if (callback && notice.kind() == NoticeKind.APPROVAL_REQUESTED) {
        notice.approval().ifPresent(id -> data.put("callback", links.callback(id)));
      }
      return CanonicalJson.bytes(
          Map.of("type", notice.kind().word(), "timestamp", notice.at().toString(), "data", data));
    }
  },
  /** A message for Slack's incoming webhooks and what takes the same. */
  SLACK {
    @Override
    byte[] body(Notice notice, Links links, boolean callback) {
      return CanonicalJson.bytes(SlackMessage.of(notice, links));
    }
  };

  /**
   * The notice as it is sent.
   *
   * @param callback whether the receiver may hand in answers
   */
  abstract byte[] body(Notice notice, Links links, boolean callback);
}
